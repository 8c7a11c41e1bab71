"""The collections in `examples/` as books: read with another program's eyes, link by link."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree

from service.commands.local_files import zipped
from service.engines import Engines
from service.model.document import Source
from service.pipeline import steps
from tests.readers import markups

EXAMPLES = Path(__file__).parents[2] / "examples" / "collections"
XHTML = "{http://www.w3.org/1999/xhtml}"
MARKUP = re.compile(r"\{\{|\}\}|\{%|\[\[|\]\]|:::|\]\(|%%|==|^import |</?[A-Z]", re.M)
CHAPTERS = {
    "vault": "Harbour|Basins|Watch|Tide table",
    "mdbook": "Preface|Lighting|Trimming the wick|Cleaning the lens|What is written down|Index of words",
    "hugo": "Welcome|Walks|The first walk|The second walk|Birds",
    "docusaurus": "Introduction|Colours|Rhythms|Bells",
    "notion": "Boat shed|Tools|Winter|Oak",
    "mkdocs": "A bench|Saws and their teeth|The plane|Dry wood",
    "quarto": "Preface|Flour|Water|The oven|Tables",
    "jekyll": "About|Snow|Thaw",
    "gitbook": "What a kite needs|The frame|The cover",
    "sphinx": "The hand loom|The frame|Threads",
    "logseq": "Hive|Year/Spring|2024-05-06",
    "wiki": "Home|Tightening a bolt|Common Faults|Appendix",
}


def made(kind: str, engines: Engines, recipe: markups.Recipe) -> dict[str, etree._Element]:
    """The pages of the EPUB by their paths."""
    conversion = recipe("epub", combine=True)
    book = steps.read(Source(f"{kind}.zip", zipped(EXAMPLES / kind)), conversion, engines)
    assert "|".join(each["metadata"]["title"] for each in book.chapters) == CHAPTERS[kind]
    with zipfile.ZipFile(io.BytesIO(steps.write(book, conversion, "epub", engines).data)) as epub:
        return {name: etree.fromstring(epub.read(name)) for name in epub.namelist() if name.endswith(".xhtml")}


def dead(pages: dict[str, etree._Element]) -> Iterator[str]:
    """Links that lead to no page of the book, or to no place on it."""
    identifiers = {name: {each.get("id") for each in page.iter() if each.get("id")} for name, page in pages.items()}
    for name, page in pages.items():
        for link in page.iter(f"{XHTML}a"):
            path, _, part = (link.get("href") or "").partition("#")
            if ":" in path:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            if target not in pages or (part and unquote(part) not in identifiers[target]):
                yield f"{name}: {link.get('href')}"


def text(pages: dict[str, etree._Element]) -> str:
    """The visible text of the pages, without code."""
    words = []
    for name, page in pages.items():
        for code in [*page.iter(f"{XHTML}pre", f"{XHTML}code")]:
            etree.strip_elements(code, f"{XHTML}span", with_tail=False)
            code.text = ""
        if not name.endswith("nav.xhtml"):
            words += page.itertext()
    return "".join(words)


@pytest.mark.parametrize("kind", CHAPTERS)
def test_no_link_is_dead_and_no_markup_is_shown(kind: str, engines: Engines, conversion: markups.Recipe) -> None:
    pages = made(kind, engines, conversion)
    assert list(dead(pages)) == []
    assert MARKUP.findall(text(pages)) == []
    assert sum(1 for page in pages.values() for _ in page.iter(f"{XHTML}img", "{http://www.w3.org/2000/svg}svg")) >= 1


def test_code_is_included_and_hidden_lines_are_not_shown(engines: Engines, conversion: markups.Recipe) -> None:
    code = "".join(
        "".join(each.itertext()) for page in made("mdbook", engines, conversion).values() for each in page.iter(f"{XHTML}pre")
    )
    assert "fn height(wick: f32)" in code and "{oil} litres" in code
    assert "ANCHOR" not in code and "struct Night" not in code


def test_part_of_a_note_is_embedded(engines: Engines, conversion: markups.Recipe) -> None:
    assert text(made("vault", engines, conversion)).count("Open the gate at the hour") == 2
