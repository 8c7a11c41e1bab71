"""Parts of a book: a title on a page of its own before the first chapter of each."""

from __future__ import annotations

import pytest

from service import inspect
from service.ast import pandoc_ast
from service.containers.packages import pack
from service.engines import Engines
from service.model.document import Document, Source
from service.pipeline import steps
from tests.readers import markups

CHAPTERS = {f"{name}.md": f"# {name.upper()}\n\nText.\n".encode() for name in "abcd"}
SUMMARY = b"# Summary\n\n[A](a.md)\n\n# One *part*\n\n- [Gone](gone.md)\n- [B](b.md)\n  - [C](c.md)\n\n## Two\n\n- [D](d.md)\n"
QUARTO = b"""book:
  title: T
  chapters:
    - a.md
    - part: One part
      chapters: [b.md, c.md]
    - part: Two
      chapters: [d.md]
"""
JUPYTER = b"""root: a
parts:
  - caption: One part
    chapters:
      - file: b
      - file: c
  - caption: Two
    chapters: [{file: d}]
"""
MKDOCS = b"""site_name: T
docs_dir: .
nav:
  - A: a.md
  - One part:
      - b.md
      - Third: c.md
  - Code: https://code.example/
  - Two: [d.md]
"""
ABOUT = {
    "summary": {"SUMMARY.md": SUMMARY, "book.toml": b""}, "quarto": {"_quarto.yml": QUARTO}, "jupyter": {"_toc.yml": JUPYTER},
    "mkdocs": {"mkdocs.yml": MKDOCS},
}  # fmt: skip
FOUND = [("", "A"), ("part", "One part"), ("", "B"), ("", "C"), ("part", "Two"), ("", "D")]


def top(document: Document) -> list[tuple[str, str]]:
    """The headings of the first level: whether each is that of a part, and its text."""
    headings = [block for block in document.blocks if block["t"] == "Header" and block["c"][0] == 1]
    return [("part" if "part" in each["c"][1][1] else "", pandoc_ast.text(each["c"][2])) for each in headings]


@pytest.mark.parametrize("kind", ABOUT)
def test_parts_stand_before_their_first_chapter(kind: str, engines: Engines, conversion: markups.Recipe) -> None:
    recipe = conversion("epub", combine=True)
    book = steps.read(Source("all.zip", pack(CHAPTERS | ABOUT[kind])), recipe, engines)
    assert top(book) == FOUND
    artifact = steps.write(book, recipe, "epub", engines)
    again = steps.read(Source("all.epub", artifact.data), conversion("docx"), engines)
    assert top(again) == FOUND
    assert inspect.extract_source(artifact.data)


def test_a_chapter_without_a_heading_is_called_as_in_the_summary(engines: Engines, conversion: markups.Recipe) -> None:
    files = CHAPTERS | {
        "SUMMARY.md": b"# T\n\n- [First `one`](a.md)\n- [Second [2]](README.md)\n- [Third](c.md#x)\n- [Of D](d.md)\n"
    }
    files |= dict.fromkeys(("a.md", "README.md", "c.md"), b"Text.\n")
    book = steps.read(Source("all.zip", pack(files)), conversion("epub", combine=True), engines)
    assert top(book) == [("", "First one"), ("", "README"), ("", "Third"), ("", "D")]
    reported = next(each for each in book.notices if each.code == "title-missing")
    assert "the title in the contents of the collection" in reported.message


def test_a_summary_without_headings_has_no_parts(engines: Engines, conversion: markups.Recipe) -> None:
    files = CHAPTERS | {"SUMMARY.md": b"# The title\n\n- [A](a.md)\n- [B](b.md)\n"}
    book = steps.read(Source("all.zip", pack(files)), conversion("epub", combine=True), engines)
    assert top(book) == [("", "A"), ("", "B")]


def test_sections_of_mkdocs_before_a_page_of_its_own_are_no_parts(engines: Engines, conversion: markups.Recipe) -> None:
    files = CHAPTERS | {"mkdocs.yml": MKDOCS.replace(b"Two: [d.md]", b"Two: d.md")}
    book = steps.read(Source("all.zip", pack(files)), conversion("epub", combine=True), engines)
    assert top(book) == [("", each) for each in "ABCD"]
