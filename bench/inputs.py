"""The articles of the bench: the same bytes for Colophon and the peers.

Pictures and other resources that a browser would load are removed, because the network is not measured. The front matter is
written again as strict YAML, because pandoc refuses one real article in eleven as it is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.manual import manual
from service.input import encoding, frontmatter

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "article.md"
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LOADED = re.compile(r"</?(?:img|iframe|script|style|link|video|audio|source|embed|object)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inputs:
    """`seed` and `corpus` are files; `is_example` says that there is nothing but the example of this project."""

    seed: Path
    corpus: Sequence[Path]

    @property
    def seed_name(self) -> str:
        return "examples/article.md" if self.seed == EXAMPLE else "the model article"

    @property
    def corpus_name(self) -> str:
        return "copies of examples/article.md" if list(self.corpus) == [EXAMPLE] else "real articles"


def find(article: Path | None = None, corpus: Path | None = None) -> Inputs:
    """The given inputs, else those in the environment, else those next to the project, else the example."""
    seed = article or Path(os.environ.get("COLOPHON_SEED") or ROOT.parent / "shared" / "seed" / "article.md")
    folder = corpus or Path(os.environ.get("COLOPHON_CORPUS") or ROOT.parent / "shared" / "corpus")
    if article and not article.is_file():
        raise SystemExit(f"no article at {article}")
    if corpus and not list(corpus.glob("*.md")):
        raise SystemExit(f"no *.md in {corpus}")
    return Inputs(seed if seed.is_file() else EXAMPLE, sorted(folder.glob("*.md")) or [EXAMPLE])


def cleaned(data: bytes, mark: str = "") -> str:
    """The article without what would be loaded, with strict front matter; `mark` is added to its title."""
    front = frontmatter.split(encoding.decode(data)[0])
    known = {"title": "Untitled"} | front.data
    known["title"] = f"{known['title']}{mark}"
    lines = [f"{json.dumps(str(key), ensure_ascii=False)}: {_yaml(value)}" for key, value in known.items()]
    body = LOADED.sub("", IMAGE.sub("", front.body))
    return "\n".join(["---", *lines, "---", "", body.strip(), ""])


def _yaml(value: object) -> str:
    """JSON is YAML but for dates, which become text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def copies(article: Path, count: int, folder: Path) -> list[Path]:
    """`count` articles that differ in their title alone: so that no cache of the same bytes helps anyone."""
    data = article.read_bytes()
    return [_put(folder / f"{number:04}.md", cleaned(data, f" ({number})")) for number in range(1, count + 1)]


def articles(corpus: Sequence[Path], count: int, folder: Path) -> list[Path]:
    """`count` articles, evenly from all of the corpus; where it is smaller they repeat, with other titles."""
    chosen = [corpus[number * len(corpus) // count] for number in range(count)] if count <= len(corpus) else corpus
    files = []
    for number in range(count):
        turn, place = divmod(number, len(chosen))
        mark = f" ({turn + 1})" if turn else ""
        files.append(_put(folder / f"{number + 1:04}.md", cleaned(chosen[place].read_bytes(), mark)))
    return files


def manuals(chapters: int, count: int, folder: Path) -> list[Path]:
    """The same long document `count` times, each with a title of its own."""
    text = manual(chapters).encode()
    names = range(1, count + 1)
    return [_put(folder / f"manual-{chapters}-{number}.md", cleaned(text, f", copy {number}")) for number in names]


def _put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
