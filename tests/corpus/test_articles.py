"""Real articles: every one comes out, with what its author wrote above and below the fence. See docs/decisions.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service import inspect
from service.conversion import driver
from service.input import mojibake
from service.model.document import Artifact, Asset, Conversion, Source
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.workers.pool import WorkerPool
from tests.corpus.artifacts import text_of
from tests.corpus.text import letters, missing, of_markdown

EXPECTED = {
    "control-characters-removed", "dead-internal-link", "empty-heading-removed", "empty-image-removed", "empty-link-removed",
    "encoding-converted", "encoding-restored", "front-matter-recovered",
    "heading-level-changed", "icon-removed", "identifier-changed", "image-missing", "image-unusable", "lang-detected",
    "link-removed", "link-resolved", "raw-html-dropped", "text-cut-off", "text-without-glyphs", "title-heading-removed",
    "title-missing",
}  # fmt: skip
# Letters that the rough oracle may ask for in vain in one article: leftovers of markup that it takes for text.
NOISE = 120
LINE = re.compile(r"^([A-Za-z_][\w-]*):[ \t]+(.+?)[ \t]*$")


def unreachable(urls: Sequence[str]) -> list[Asset]:
    return [Asset(url, problem="missing: there is no network in tests") for url in urls]


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerPool]:
    pool = WorkerPool(Settings(data_dir=str(tmp_path_factory.mktemp("corpus")), workers=2, queue_wait=600.0))
    yield pool
    pool.stop()


def faults(file: Path, artifact: Artifact) -> Iterator[str]:
    """The defects of the artifact of an article."""
    source, _ = mojibake.restored(file.read_bytes().decode("utf-8", "replace"))
    for each in artifact.notices:
        if each.code not in EXPECTED:
            yield f"{each.code}: {each.message}"
    said = inspect.inspect(artifact.data) if artifact.format != "ast" else None
    wanted, found = of_markdown(source, title_of(source)), letters(text_of(artifact.format, artifact.data))
    wanted = letters(said["metadata"]["title"]) + wanted if said else wanted
    lost = list(missing(wanted, found))
    if len(lost) > NOISE:
        yield f"{len(lost)} of {len(wanted)} letters are missing: {''.join(lost)[:80]}"
    for key, value in written(source) if said else ():
        if str(said["front_matter"].get(key)) != value:
            yield f"{key} is {said['front_matter'].get(key)!r}, the author wrote {value!r}"


def written(source: str) -> Iterator[tuple[str, str]]:
    """Key, colon, the rest of the line: the intention of the author, independent of YAML."""
    lines = source.removeprefix("\ufeff").splitlines()
    for line in lines[1 : lines.index("---", 1)] if lines[0] == "---" and "---" in lines[1:] else []:
        if match := LINE.match(line):
            value = match[2]
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value[0] not in value[1:-1]
            yield match[1], value[1:-1] if quoted else value


def title_of(source: str) -> str:
    return dict(written(source)).get("title", "")


@pytest.mark.parametrize(("target", "every"), [("ast", 1), ("epub", 1), ("docx", 1), ("pdf", 6)])
def test_article_comes_out_whole(
    corpus: list[Path], pool: WorkerPool, conversion: Callable[..., Conversion], target: str, every: int
) -> None:
    def check(file: Path) -> list[str]:
        try:
            source = Source(file.name, file.read_bytes())
            outcome = driver.convert(source, conversion(target, verify="full"), pool, unreachable)
        except ColophonError as error:
            return [f"{file.name}: {error.code}: {error.detail}"]
        return [f"{file.name}: {fault}" for fault in faults(file, outcome.artifacts[0])]

    with ThreadPoolExecutor(3) as threads:
        found = [fault for several in threads.map(check, corpus[::every]) for fault in several]
    assert not found, f"{len(found)} faults:\n" + "\n".join(found[:40])
