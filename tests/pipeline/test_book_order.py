"""The chapters of a book: their order by a summary, and links from one to another."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

import pikepdf

from service.ast import pandoc_ast
from service.containers.packages import pack
from service.conversion import driver
from service.engines import Engines
from service.model.document import Document, Source
from service.pipeline import steps
from tests.readers import markups

BOOK = {
    "src/SUMMARY.md": b"# Summary\n\n[Preface](./preface.md)\n\n# Part\n\n- [Tides](tides/README.md)\n"
    b"  - [Ebb](tides/ebb.md)\n- [Draft]()\n- [Again](tides/ebb.md#low)\n",
    "src/preface.md": b"# Preface\n\n[A](tides/README.md) [B](tides/ebb.html#low) [C](tides/index.html) [D](gone.md)\n",
    "src/tides/README.md": b"# Tides\n\n[Back](../preface.md) and [ebb](./ebb.md#missing).\n",
    "src/tides/ebb.md": b"# Ebb\n\nText.\n\n## Low\n\nMore.\n",
    "src/unlisted.md": b"# Unlisted\n\nText.\n",
    "book.toml": b'[book]\ntitle = "The shore"\nauthors = ["Ada Vogt"]\nlanguage = "en"\n',
}


def read(files: Mapping[str, bytes], engines: Engines, recipe: markups.Recipe) -> Document:
    return steps.read(Source("a.zip", pack(files)), recipe("epub", combine=True), engines)


def titles(document: Document) -> list[str]:
    return [each["metadata"]["title"] for each in document.chapters]


def links(document: Document) -> list[str]:
    return [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})]


def test_a_summary_gives_order_title_and_links(engines: Engines, conversion: markups.Recipe) -> None:
    book = read(BOOK, engines, conversion)
    assert titles(book) == ["Preface", "Tides", "Ebb"]
    assert (book.metadata.title, book.metadata.authors[0].name, book.metadata.lang) == ("The shore", "Ada Vogt", "en")
    assert links(book) == ["#chapter-2", "#c3-low", "#chapter-2", "#chapter-1", "#chapter-3"]
    left_out = next(each for each in book.notices if each.code == "chapter-left-out")
    assert left_out.data["articles"] == ["src/unlisted.md"]


def test_the_heading_of_a_summary_is_the_title_where_nothing_else_is(engines: Engines, conversion: markups.Recipe) -> None:
    files = {name: data for name, data in BOOK.items() if name != "book.toml"}
    files["src/SUMMARY.md"] = files["src/SUMMARY.md"].replace(b"# Summary", b"# Low water")
    assert read(files, engines, conversion).metadata.title == "Low water"


def test_a_summary_without_links_is_a_chapter(engines: Engines, conversion: markups.Recipe) -> None:
    book = read({"SUMMARY.md": b"# In short\n\nText.", "b.md": b"# B\n\nText."}, engines, conversion)
    assert titles(book) == ["B", "In short"]


def test_links_hold_when_the_book_is_read_again(engines: Engines, conversion: markups.Recipe) -> None:
    recipe = conversion("epub", combine=True)
    artifact = steps.write(read(BOOK, engines, conversion), recipe, "epub", engines)
    again = steps.read(Source("b.epub", artifact.data), conversion("epub"), engines)
    assert (titles(again), links(again)) == (["Preface", "Tides", "Ebb"], links(read(BOOK, engines, conversion)))


def test_articles_sent_one_by_one_link_to_each_other(engines: Engines, conversion: markups.Recipe) -> None:
    sources = [Source("a.md", b"# A\n\n[B](b.md)"), Source("b.md", b"# B\n\n[A](a.md) [x](chapter:9)")]
    book = steps.read(driver.gather(sources), conversion("epub", combine=True), engines)
    assert links(book) == ["#chapter-2", "#chapter-1"]


MKDOCS = {
    "mkdocs.yml": b"site_name: 'The shore'  # by us\nsite_author: Ada Vogt\nplugins:\n  - search\nmarkdown_extensions:\n"
    b"  - x:\n      y: !!python/name:x.y\nnav:\n  - Home: index.md\n  - Tides:\n    - 'Ebb': \"tides/ebb.md\"\n"
    b"    - tides/1 flood.md\n  - Site: https://e.example/\nextra:\n  - other.md\n",
    "docs/index.md": b"# Home\n\n[Ebb](tides/ebb/) [Flood](tides/1%20flood.md#High_Water) [Ebb](tides/ebb.md)\n",
    "docs/tides/1 flood.md": b"# Flood\n\n[Home](../index.md) [Ebb](../ebb/)\n\n## High water\n\nText.\n",
    "docs/tides/ebb.md": b"# Ebb\n\n[Home](../../)\n",
    "docs/other.md": b"# Other\n\nText.\n",
}


def test_the_nav_of_a_site_gives_order_title_and_links(engines: Engines, conversion: markups.Recipe) -> None:
    book = read(MKDOCS, engines, conversion)
    assert titles(book) == ["Home", "Ebb", "Flood"]
    assert (book.metadata.title, book.metadata.authors[0].name) == ("The shore", "Ada Vogt")
    assert links(book)[:3] == ["#chapter-2", "#c3-high-water", "#chapter-2"]
    assert [each.data["articles"] for each in book.notices if each.code == "chapter-left-out"] == [["docs/other.md"]]


def test_a_summary_goes_before_the_nav(engines: Engines, conversion: markups.Recipe) -> None:
    summary = {"docs/SUMMARY.md": b"- [Other](other.md)\n- [Ebb](tides/ebb.md)\n"}
    assert titles(read(MKDOCS | summary, engines, conversion)) == ["Other", "Ebb"]


def test_a_site_without_nav_is_in_natural_order(engines: Engines, conversion: markups.Recipe) -> None:
    files = MKDOCS | {"mkdocs.yml": b"site_name: The shore\n"}
    assert titles(read(files, engines, conversion)) == ["Home", "Other", "Flood", "Ebb"]


def test_links_of_a_wiki_lead_to_chapters(engines: Engines, conversion: markups.Recipe) -> None:
    sources = [Source("One.md", b"# One\n\n[a]([[two]]) [b](<[[Two#High water|high]]>) [c]([[gone]])"),
               Source("Two.md", b"# Two\n\n## High water\n\nText.")]  # fmt: skip
    book = steps.read(driver.gather(sources), conversion("epub", combine=True), engines)
    assert links(book) == ["#chapter-2", "#c2-high-water"]


def test_all_links_hold_in_each_format(engines: Engines, conversion: markups.Recipe) -> None:
    """As other programs see them: the targets of the PDF, the files of the EPUB."""
    recipe = conversion("pdf", combine=True)
    book = read(BOOK, engines, conversion)
    with pikepdf.open(io.BytesIO(steps.write(book, recipe, "pdf", engines).data)) as pdf:
        names = [str(name) for name in list(pdf.Root.Names.Dests.Names)[::2]]
        used = [str(each.Dest) for page in pdf.pages for each in page.get("/Annots", []) if "/Dest" in each]
    assert set(used) <= set(names) and {"chapter-1", "chapter-2", "chapter-3", "c3-low"} <= set(used)
    epub = steps.write(book, conversion("epub", combine=True), "epub", engines).data
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")}
    preface = next(text for text in pages.values() if "gone.md" not in text and ">B</a>" in text)
    for address in re.findall(r'href="([^"#]+\.xhtml)#([^"]+)"', preface):
        assert any(name.endswith(address[0]) and f'id="{address[1]}"' in text for name, text in pages.items())
