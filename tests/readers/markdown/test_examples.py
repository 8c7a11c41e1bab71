"""Examples of Markdown, each with the AST that it becomes: files in `examples/`, one for each kind of construct.

An example is Markdown, a line `=>`, the blocks in the notation of `notation`, and the notices as `! code line`; a line of
five equals signs stands between two of them. `python -m tests.readers.markdown.test_examples` writes what is read today
into the files: look at every line that `git diff` shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemas import options
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.model.document import Conversion, Source
from service.model.settings import Settings
from service.readers import READERS
from tests.readers.markdown import notation

FOLDER = Path(__file__).parent / "examples"
BETWEEN, BECOMES = "\n=====\n", "\n=>\n"


def examples() -> Iterator[tuple[str, str, str]]:
    """Name, Markdown and AST of each example. A name that ends in a dialect (`words.gfm.txt`) is read in that dialect."""
    for path in sorted(FOLDER.glob("*.txt")):
        for number, example in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split(BETWEEN), 1):
            source, _, expected = example.partition(BECOMES)
            yield f"{path.stem}:{number}", source, expected


EXAMPLES = list(examples())


def read(source: str, dialect: str, engines: Engines, conversion: Callable[..., Conversion]) -> str:
    document = READERS["markdown"].read(Source("a.md", source.encode()), conversion("pdf", dialect=dialect), engines)
    notices = [f"! {one.code} {one.line}" for one in document.notices]
    return "\n".join([notation.written(document.blocks), *notices]).strip("\n")


def dialect_of(name: str) -> str:
    return name.partition(":")[0].partition(".")[2] or "auto"


@pytest.mark.parametrize(("name", "source", "expected"), EXAMPLES, ids=[name for name, _, _ in EXAMPLES])
def test_example(name: str, source: str, expected: str, engines: Engines, conversion: Callable[..., Conversion]) -> None:
    assert read(source, dialect_of(name), engines, conversion) == expected


def test_there_are_enough_of_them() -> None:
    assert len(EXAMPLES) >= 300


def write() -> None:
    settings = Settings()
    pandoc = Pandoc(settings)
    engines = Engines(pandoc=pandoc, settings=settings)
    for path in sorted(FOLDER.glob("*.txt")):
        texts = [f"{one}\n".partition(BECOMES)[0] for one in path.read_text(encoding="utf-8").rstrip("\n").split(BETWEEN)]
        made = [f"{text}{BECOMES}{read(text, dialect_of(path.stem), engines, options.defaults)}" for text in texts]
        path.write_text(BETWEEN.join(made) + "\n", encoding="utf-8")
    pandoc.close()


if __name__ == "__main__":
    write()
