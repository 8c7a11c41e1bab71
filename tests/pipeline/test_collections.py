"""Collections of known programs as books: order, title, drafts, links from one chapter to another, pictures."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

import pikepdf
import pytest

from service.ast import pandoc_ast
from service.containers.packages import pack
from service.conversion import driver
from service.engines import Engines
from service.model.document import Document, Source
from service.model.errors import EmptyDocument
from service.pipeline import steps
from service.pipeline.collections import python_file
from service.pipeline.collections.members import Members
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


def test_the_summary_is_the_one_of_the_topmost_book(engines: Engines, conversion: markups.Recipe) -> None:
    """A repository has earlier editions, and a folder of redirects that sorts first."""
    files = {
        "book.toml": b"[book]\ntitle = 'New'\nsrc = 'text'\n", "text/SUMMARY.md": b"[One](one.md)\n", "text/one.md": b"# One\n",
        "first/book.toml": b"[book]\ntitle = 'Old'\n", "first/SUMMARY.md": b"[Gone](../README.md)\n", "README.md": b"# Read me\n",
    }  # fmt: skip
    book = read(files, engines, conversion)
    assert (book.metadata.title, titles(book)) == ("New", ["One"])


def test_a_folder_in_the_nav_of_mkdocs_is_all_its_pages(engines: Engines, conversion: markups.Recipe) -> None:
    files = {
        "mkdocs.yml": b"site_name: Shore\nnav:\n- index.md\n- Guide: guide/\n- More: more/*.md\n- Last: last.md\n",
        "docs/index.md": b"# Home\n", "docs/last.md": b"# Last\n",
        "docs/guide/README.md": b"# Guide\n\n- [Zebra](zebra.md)\n- [Ant](ant.md#x)\n",
        "docs/guide/ant.md": b"# Ant\n", "docs/guide/bee.md": b"# Bee\n", "docs/guide/zebra.md": b"# Zebra\n",
        "docs/more/b.md": b"# B\n", "docs/more/a.md": b"# A\n",
    }  # fmt: skip
    assert titles(read(files, engines, conversion)) == ["Home", "Guide", "Zebra", "Ant", "Bee", "A", "B", "Last"]


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


# The other programs: files → titles in their order, title of the book, links of the first chapter.

PICTURE = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

HUGO = {
    "hugo.toml": b"baseURL = 'https://shore.example/'\ntitle = 'The shore'\nlanguageCode = 'en-gb'\n[params]\n"
    b"author = 'Ada Vogt'\n",
    "content/_index.md": b"---\ntitle: Home\n---\n\n"
    b"[Ebb](/tides/ebb/) [Flood](tides/flood.md#high) [shop](/shop/) ![](/img/a.gif)\n",
    "content/tides/_index.md": b"---\ntitle: Tides\nweight: 2\n---\n\nText.\n",
    "content/tides/ebb.md": b"---\ntitle: Ebb\nweight: 20\n---\n\nText.\n",
    "content/tides/flood.md": b"---\ntitle: Flood\nweight: 10\n---\n\n## High\n\nText.\n",
    "content/tides/spring.md": b"---\ntitle: Spring\ndate: 2020-01-02\n---\n\nText.\n",
    "content/tides/neap.md": b"---\ntitle: Neap\ndate: 2019-01-02\n---\n\nText.\n",
    "content/tides/later.md": b"---\ntitle: Later\ndraft: true\n---\n\nText.\n",
    "content/boats/index.md": b"---\ntitle: Boats\nweight: 1\n---\n\nText.\n",
    "static/img/a.gif": PICTURE,
    "themes/README.md": b"# Theme\n",
}
JEKYLL = {
    "_config.yml": b"title: The shore\nauthor:\n  name: Ada Vogt\nurl: https://shore.example\nplugins: [x]\n",
    "index.md": b"---\ntitle: Home\n---\n\n[Ebb](/2021/03/04/ebb.html) [Flood](_posts/2020-05-06-flood.md) ![](/assets/a.gif)\n",
    "_posts/2021-03-04-ebb.md": b"---\ntitle: Ebb\n---\n\nText.\n",
    "_posts/2020-05-06-flood.md": b"---\ntitle: Flood\n---\n\nText.\n",
    "_posts/2020-05-07-hidden.md": b"---\ntitle: Hidden\npublished: false\n---\n\nText.\n",
    "_drafts/later.md": b"---\ntitle: Later\n---\n\nText.\n",
    "_includes/part.html": b"<p>Part</p>",
    "assets/a.gif": PICTURE,
}
DOCUSAURUS = {
    "docusaurus.config.js": b"// title: 'No'\n"
    b"module.exports = { title: 'The shore', tagline: \"Of tides\", url: 'https://shore.example' }\n",
    "docs/intro.md": b"---\nsidebar_position: 1\n---\n\n# Intro\n\n"
    b"[Ebb](./tides/ebb.md) [Flood](/docs/tides/flood) ![](/img/a.gif)\n",
    "docs/tides/_category_.json": b'{"label": "Tides", "position": 2}',
    "docs/tides/ebb.md": b"---\nsidebar_position: 2\n---\n\n# Ebb\n\nText.\n",
    "docs/tides/flood.md": b"---\nsidebar_position: 1\n---\n\n# Flood\n\nText.\n",
    "docs/last.mdx": b"# Last\n\nText.\n",
    "static/img/a.gif": PICTURE,
    "README.md": b"# How to build\n",
}
QUARTO = {
    "_quarto.yml": b"project:\n  type: book\nlang: en\nbook:\n  title: The shore\n  author: Ada Vogt\n  chapters:\n"
    b"    - index.qmd\n"
    b"    - part: Tides\n      chapters:\n        - flood.qmd\n        - ebb.qmd\n  appendices:\n    - boats.qmd\n",
    "index.qmd": b"# Preface\n\n[Ebb](ebb.qmd) [Flood](flood.html#high) ![](img/a.gif)\n",
    "flood.qmd": b"# Flood\n\n## High {#high}\n\nText.\n",
    "ebb.qmd": b"# Ebb\n\nText.\n",
    "boats.qmd": b"# Boats\n\nText.\n",
    "scratch.qmd": b"# Scratch\n",
    "img/a.gif": PICTURE,
}
JUPYTER = {
    "_toc.yml": b"format: jb-book\nroot: intro\nparts:\n- caption: Tides\n  chapters:\n  - file: flood\n"
    b"    sections:\n    - file: ebb\n",
    "_config.yml": b"title: The shore\nauthor: Ada Vogt\n",
    "intro.md": b"# Intro\n\n[Ebb](ebb.md) [Flood](flood) ![](a.gif)\n",
    "flood.md": b"# Flood\n\nText.\n",
    "ebb.md": b"# Ebb\n\nText.\n",
    "a.gif": PICTURE,
}
OBSIDIAN = {
    "The shore/.obsidian/app.json": b"{}",
    "The shore/1 Home.md": b"# Home\n\n[[Ebb]] [[tides/Flood#High|flood]] ![[a.gif]]\n",
    "The shore/tides/Flood.md": b"# Flood\n\n## High\n\nText.\n",
    "The shore/tides/Ebb.md": b"# Ebb\n\nText.\n",
    "The shore/files/a.gif": PICTURE,
}
IDENTIFIER = "0123456789abcdef0123456789abcdef"
NOTION = {
    f"The shore {IDENTIFIER}.md": f"# The shore\n\n[Ebb](The%20shore/Ebb%20{IDENTIFIER}.md) ![](The%20shore/a.gif)\n".encode(),
    f"The shore/Ebb {IDENTIFIER}.md": b"# Ebb\n\nText.\n",
    f"The shore/Flood {IDENTIFIER}.md": b"# Flood\n\nText.\n",
    "The shore/a.gif": PICTURE,
}
ANTORA = {
    "docs/antora.yml": b"name: shore\ntitle: The shore\nnav:\n- modules/ROOT/nav.adoc\n",
    "docs/modules/ROOT/nav.adoc": b".Tides\n* xref:index.adoc[Home]\n** xref:tides/flood.adoc[]\n* xref:boats:ebb.adoc[Ebb]\n",
    "docs/modules/ROOT/pages/index.adoc": b"= Home\n\nxref:boats:ebb.adoc[Ebb] xref:tides/flood.adoc#high[flood]\n\n"
    b"include::partial$more.adoc[]\n\nimage::a.gif[A]\n",
    "docs/modules/ROOT/pages/tides/flood.adoc": b"= Flood\n\n[#high]\n== High\n\nxref:index.adoc[Back]\n",
    "docs/modules/boats/pages/ebb.adoc": b"= Ebb\n\nText.\n",
    "docs/modules/ROOT/partials/more.adoc": b"Included.\n",
    "docs/modules/ROOT/images/a.gif": PICTURE,
}
BOOKDOWN = {
    "_bookdown.yml": b'book_filename: "shore"\nrmd_files: ["index.Rmd", "flood.Rmd", "ebb.Rmd"]\n',
    "index.Rmd": b"---\ntitle: The shore\nauthor: Ada Vogt\nsite: bookdown::bookdown_site\n---\n\n# Home {-}\n\n"
    b"[Ebb](#ebb) \\@ref(high) ![](a.gif)\n",
    "flood.Rmd": b"# (PART\\*) Tides {-}\n\n# Flood\n\n## High {#high}\n\nText.\n",
    "ebb.Rmd": b"# Ebb {#ebb}\n\nText.\n",
    "scratch.Rmd": b"# Scratch\n",
    "a.gif": PICTURE,
}
GITBOOK = {
    ".gitbook.yaml": b"root: ./shore/\nstructure:\n  summary: contents.md\n",
    "README.md": b"# How to build\n",
    "shore/contents.md": b"# The shore\n\n* [Home](README.md)\n  * [Ebb](ebb.md)\n* [Flood](flood.md)\n",
    "shore/README.md": b"# Home\n\n[Ebb](ebb.md) [Flood](flood.md#high) ![](.gitbook/assets/a.gif)\n",
    "shore/ebb.md": b"# Ebb\n", "shore/flood.md": b"# Flood\n\n## High\n", "shore/.gitbook/assets/a.gif": PICTURE,
}  # fmt: skip
PAGES = {
    "mkdocs.yml": b"site_name: The shore\nplugins: [awesome-pages]\n",
    "docs/.pages": b"nav:\n  - index.md\n  - tides\n  - ...\n  - boats.md\n",
    "docs/index.md": b"# Home\n\n[Ebb](tides/ebb.md) ![](a.gif)\n", "docs/boats.md": b"# Boats\n", "docs/last.md": b"# Last\n",
    "docs/tides/.pages": b"nav: [flood.md, ebb.md]\n", "docs/tides/ebb.md": b"# Ebb\n", "docs/tides/flood.md": b"# Flood\n",
    "docs/a.gif": PICTURE,
}  # fmt: skip
EXPECTED = {
    "antora": (ANTORA, "Home Flood Ebb", ["#chapter-3", "#c2-high"]),
    "bookdown": (BOOKDOWN, "The_shore Flood Ebb", ["#chapter-3", "#c2-high"]),
    "gitbook": (GITBOOK, "Home Ebb Flood", ["#chapter-2", "#c3-high"]),
    "mkdocs": (PAGES, "Home Flood Ebb Last Boats", ["#chapter-3"]),
    "hugo": (HUGO, "Home Boats Tides Flood Ebb Neap Spring", ["#chapter-5", "#c4-high", "https://shore.example/shop/"]),
    "jekyll": (JEKYLL, "Home Flood Ebb", ["#chapter-3", "#chapter-2"]),
    "docusaurus": (DOCUSAURUS, "Intro Flood Ebb Last", ["#chapter-3", "#chapter-2"]),
    "quarto": (QUARTO, "Preface Flood Ebb Boats", ["#chapter-3", "#c2-high"]),
    "jupyter-book": (JUPYTER, "Intro Flood Ebb", ["#chapter-3", "#chapter-2"]),
    "obsidian": (OBSIDIAN, "Home Ebb Flood", ["#chapter-2", "#c3-high"]),
    "notion": (NOTION, "The_shore Ebb Flood", ["#chapter-2"]),
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_collection_of_a_program(engines: Engines, conversion: markups.Recipe, kind: str) -> None:
    files, order, found_links = EXPECTED[kind]
    book = read(files, engines, conversion)
    assert [title.replace(" ", "_") for title in titles(book)] == order.split()
    assert book.metadata.title == "The shore"
    assert links(book)[: len(found_links)] == found_links
    assert [each.data["collection"] for each in book.notices if each.code == "collection-recognised"] == [kind]
    assert [asset.data for asset in book.assets.values()] == [PICTURE]
    assert not [each.message for each in book.notices if each.severity != "info"]


@pytest.mark.parametrize("kind", EXPECTED)
def test_in_a_folder_of_the_archive(engines: Engines, conversion: markups.Recipe, kind: str) -> None:
    """A zip of a folder has the folder's name before every path."""
    files, order, found_links = EXPECTED[kind]
    book = read({f"site-main/{name}": data for name, data in files.items()}, engines, conversion)
    assert len(book.chapters) == len(order.split())
    assert links(book)[: len(found_links)] == found_links
    assert [asset.data for asset in book.assets.values()] == [PICTURE]


def test_drafts_are_left_out_and_reported(engines: Engines, conversion: markups.Recipe) -> None:
    for files, draft in ((HUGO, "content/tides/later.md"), (JEKYLL, "_posts/2020-05-07-hidden.md")):
        book = read(files, engines, conversion)
        assert [each.data["articles"] for each in book.notices if each.code == "draft-left-out"] == [[draft]]


def test_empty_files_are_left_out_and_reported(engines: Engines, conversion: markups.Recipe) -> None:
    vault = {".obsidian/app.json": b"{}", "A.md": b"# A\n\nSee [[B]] and [[C]].\n", "B.md": b"", "C.md": b"# C\n\nText.\n"}
    site = {
        "SUMMARY.md": b"[A](A.md)\n\n# Later\n\n- [B](B.md)\n- [C](C.md)\n", "book.toml": b"[book]\nsrc = '.'\n",
        "A.md": b"# A\n\nText.\n", "B.md": b"\xef\xbb\xbf \r\n\n", "C.md": b"# C\n\nText.\n",
    }  # fmt: skip
    for files in (vault, site, {name: vault[name] for name in ("A.md", "B.md", "C.md")}):
        book = read(files, engines, conversion)
        assert titles(book) == ["A", "C"]
        assert [each.data for each in book.notices if each.code == "empty-left-out"] == [{"articles": ["B.md"], "count": 1}]
    book = read(site, engines, conversion)
    assert [pandoc_ast.text(node) for node in book.blocks if node["t"] == "Header" and "part" in node["c"][1][1]] == ["Later"]
    book = read(vault, engines, conversion)
    assert links(book) == ["#chapter-2"]
    assert "See B and C." in [pandoc_ast.text(node) for node in book.blocks]


def test_a_collection_of_empty_files_is_refused(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(EmptyDocument) as refused:
        read({".obsidian/app.json": b"{}", "A.md": b"", "B.md": b"\n"}, engines, conversion)
    assert refused.value.detail.startswith("Chapter 1, A.md: ")


def test_a_collection_of_drafts_is_whole(engines: Engines, conversion: markups.Recipe) -> None:
    files = {"hugo.toml": b"title = 'x'\n", "content/a.md": b"---\ndraft: true\n---\n\n# A\n\nText.\n"}
    files["content/b.md"] = files["content/a.md"].replace(b"# A", b"# B")
    assert titles(read(files, engines, conversion)) == ["A", "B"]


def test_the_sidebar_gives_the_order(engines: Engines, conversion: markups.Recipe) -> None:
    sidebar = b"module.exports = { docs: ['tides/ebb', { type: 'category', label: 'Tides', items: ['intro'] }] }"
    book = read(DOCUSAURUS | {"sidebars.js": sidebar}, engines, conversion)
    assert titles(book) == ["Ebb", "Intro"]


@pytest.mark.parametrize("name", ["hugo.toml", "mkdocs.yml", "_quarto.yml", "_toc.yml", "_config.yml", "docusaurus.config.js"])
@pytest.mark.parametrize(
    "data", [b"", b"[", b"a: [", b"\xff\xfe", b"- x\n", b"book: 3\nnav: 4\nroot: 5\n", b"&a [*a]", b"x" * 300_000]
)
def test_whatever_the_settings_are_the_articles_are_read(
    engines: Engines, conversion: markups.Recipe, name: str, data: bytes
) -> None:
    files = {name: data, "a.md": b"# A\n\nText.", "docs/b.md": b"# B\n\nText.", "content/c.md": b"# C\n\nText."}
    assert titles(read(files, engines, conversion))


VAULT = {
    ".obsidian/app.json": b"{}",
    "1 Home.md": b"# Home\n\n![[Ebb]]\n\n![[Flood#High water]]\n\n![[Ebb]]\n\nSee ![[Flood]] there, [[Gone]] and ![[Lost]].\n",
    "Ebb.md": b"# Ebb\n\nLow words. ![](a.gif)\n\n## Sand\n\n![[1 Home]]\n",
    "Flood.md": b"# Flood\n\nFirst words.\n\n## High water\n\nHigh words.\n\n## Moon\n\nMoon words.\n",
    "a.gif": PICTURE,
}


def test_notes_are_embedded_once(engines: Engines, conversion: markups.Recipe) -> None:
    book = read(VAULT, engines, conversion)
    home = list(book.blocks)[1:5]
    assert [block["t"] for block in home] == ["Div", "Div", "Para", "Para"]
    first, second = (pandoc_ast.text(list(pandoc_ast.query(block, {"Str", "Space"}))) for block in home[:2])
    assert ("Low words." in first, "High words." in second, "Moon words." in second) == (True, True, False)
    assert pandoc_ast.text(home[3]["c"]) == "See Flood there, Gone and Lost."
    assert not [node for block in home[:2] for node in pandoc_ast.query([block], {"Header"}) if node["c"][1][0]]
    assert len(set(ids(book))) == len(ids(book))
    codes = {each.code: each.data for each in book.notices}
    assert codes["note-not-in-book"]["notes"] == ["Gone", "Lost"]
    assert codes["embed-not-possible"]["notes"] == ["1 Home", "Ebb"]


def ids(document: Document) -> list[str]:
    at = pandoc_ast.ATTRIBUTES_AT
    found = (node["c"][at[node["t"]]][0] for node in pandoc_ast.query(document.blocks, at.keys()))
    return [each for each in found if each]


def test_embeds_do_not_multiply(engines: Engines, conversion: markups.Recipe) -> None:
    """Each note embeds the next one twice: thirty of them would be a billion copies."""
    files = {f"{n:02}.md": f"# N{n}\n\nword{n}\n\n![[{n + 1:02}]]\n\n![[{n + 1:02}]]\n".encode() for n in range(30)}
    book = read({".obsidian/x": b"", **files}, engines, conversion)
    words = pandoc_ast.text(list(pandoc_ast.query(book.blocks, {"Str", "Space"}))).count("word29")
    assert 1 < words < 40


def test_an_embed_alone_is_named(engines: Engines, conversion: markups.Recipe) -> None:
    """Outside a book there is nothing to embed."""
    document = steps.read(Source("a.md", b"# A\n\n![[Note]] and [[Note]]"), conversion("epub"), engines)
    assert "include-ignored" in {each.code for each in document.notices}


def test_notes_have_other_names(engines: Engines, conversion: markups.Recipe) -> None:
    files = {
        ".obsidian/app.json": b'{"attachmentFolderPath": "files"}',
        "Home.md": b"# Home\n\n[[Low water|low]] [[Ebb#^last|the end]]\n\n![[Ebb#^last]]\n",
        "Ebb.md": b"---\naliases: [Low water, Neap]\n---\n\n# Ebb\n\nFirst.\n\nLast words. ^last\n",
    }
    book = read(files, engines, conversion)
    assert links(book) == ["#chapter-1", "#c1-last"] and titles(book) == ["Ebb", "Home"]
    assert [pandoc_ast.text(each["c"]).strip() for each in pandoc_ast.query(book.blocks, {"Para"})].count("Last words.") == 2


def test_chapters_without_a_file_are_drafts(engines: Engines, conversion: markups.Recipe) -> None:
    (draft,) = [each for each in read(BOOK, engines, conversion).notices if each.code == "draft-left-out"]
    assert draft.data["articles"] == ["Draft"]


def test_blocks_of_logseq_are_named_where_others_refer_to_them(engines: Engines, conversion: markups.Recipe) -> None:
    block = "0a1b2c3d-0000-4000-8000-00000000000a"
    files = {
        "logseq/config.edn": b"{}",
        "pages/Ebb.md": f"- Low water\n  id:: {block}\n\t- At noon\n- #+BEGIN_SRC sh\n  ls\n  #+END_SRC\n".encode(),
        "pages/Home.md": (f"- (({block})) and [so]((({block})))\n- {{{{embed (({block}))}}}}\n- ((0{block[1:-1]}f))\n").encode(),
    }
    book = read(files, engines, conversion)
    shown = pandoc_ast.text(book.blocks)
    assert shown.count("Low water") == 3 and shown.count("At noon") == 2 and "((" not in shown and "id::" not in shown
    assert links(book) == ["#chapter-1", "#chapter-1"]
    assert [each["c"][1] for each in pandoc_ast.query(book.blocks, {"CodeBlock"})] == ["ls"]
    assert "site-code-removed" in [each.code for each in book.notices]


def test_articles_of_logseq_know_the_blocks_of_others() -> None:
    block = "0a1b2c3d-0000-4000-8000-00000000000a"
    members = Members({
        "logseq/config.edn": b"{}", "pages/Home.md": f"- (({block}))\n".encode(),
        "pages/Ebb.md": f"- Low water\n  id:: {block}\n".encode(),
    }, {".md"})  # fmt: skip
    assert members.prepared("pages/Home.md").data == b"- [Low water](<Ebb.md>)\n"


def test_contents_of_sphinx_in_both_markups(engines: Engines, conversion: markups.Recipe) -> None:
    files = {
        "docs/conf.py": b"import os\nproject = 'The shore'\nauthor: str = os.name\nmyst_substitutions = {'when': 'at noon'}\n",
        "docs/index.rst": b"Home\n====\n\n.. toctree::\n   :caption: Tides\n   :glob:\n\n   tides/*\n   Boats <boats>\n",
        "docs/tides/b.md": b"# B\n\n{{ when }}\n\n```{toctree}\n../deep\n```\n", "docs/tides/a.md": b"# A\n\n[](../boats.md)\n",
        "docs/deep.md": b"# Deep\n", "docs/boats.md": b"Text.\n", "docs/left.md": b"# Left\n",
    }  # fmt: skip
    book = read(files, engines, conversion)
    assert titles(book) == ["Home", "A", "B", "Deep", "Boats"] and "at noon" in pandoc_ast.text(book.blocks)
    assert [each["c"][1][0] for each in pandoc_ast.query(book.blocks, {"Header"})].count("part-2") == 1


def test_the_settings_of_sphinx_are_never_run() -> None:
    for code in ("import os; os.abort()\nproject = 'A'", "project = 'A'\nrelease = open('x').read()"):
        assert python_file.assigned(code) == {"project": "A"}
    for code in ("project = ", "(" * 5_000, "project = " + "-" * 50_000 + "1", "\0"):
        assert python_file.assigned(code) == {}


def test_an_export_of_notion_in_parts(engines: Engines, conversion: markups.Recipe) -> None:
    names = list(NOTION)
    parts = {f"Export-Part-{n}.zip": pack({name: NOTION[name] for name in some}) for n, some in ((1, names[:2]), (2, names[1:]))}
    book = read(parts, engines, conversion)
    assert titles(book) == ["The shore", "Ebb", "Flood"] and [asset.data for asset in book.assets.values()] == [PICTURE]
    assert "archive-ignored" not in [each.code for each in book.notices]


def test_a_database_of_notion_is_a_table(engines: Engines, conversion: markups.Recipe) -> None:
    table = f"The shore/Boats {IDENTIFIER}"
    files = NOTION | {f"{table}.csv": b"Name,Sails\nAda,2\n", f"{table}_all.csv": b"Name,Sails\nAda,2\nOld,1\n"}
    top = f"The shore {IDENTIFIER}.md"
    files[top] = files[top] + f"\n[Boats](The%20shore/Boats%20{IDENTIFIER}.csv)\n".encode()
    book = read(files, engines, conversion)
    assert titles(book) == ["The shore", "Boats", "Ebb", "Flood"] and links(book) == ["#chapter-3", "#chapter-2"]
    assert len(list(pandoc_ast.query(book.blocks, {"Table"}))) == 1


def test_what_mkdocstrings_would_document_is_named(engines: Engines, conversion: markups.Recipe) -> None:
    page = b"# Code\n\n::: shore.tides.Ebb\n    options:\n      members: false\n\nAfter.\n\n```\n::: shore.kept\n```\n"
    book = read({"mkdocs.yml": b"site_name: Shore\n", "docs/code.md": page, "docs/b.md": b"# B\n"}, engines, conversion)
    shown = pandoc_ast.text(book.blocks)
    assert "shore.tides.Ebb" in shown and "After." in shown and "members" not in shown and "::: shore.tides" not in shown
    assert [each["c"][1] for each in pandoc_ast.query(book.blocks, {"CodeBlock"})] == ["::: shore.kept"]
    (removed,) = [each.data for each in book.notices if each.code == "site-code-removed"]
    assert removed["removed"] == ["shore.tides.Ebb"]


@pytest.mark.parametrize(
    "sidebar",
    [
        b"module.exports = { docs: { Start: ['intro'], 'The tides': ['tides/flood', 'tides/ebb'] } }",
        b"export default { docs: [{type: 'category', label: 'Start', items: ['intro']},\n"
        b"  {type: 'category', label: 'The tides', link: {type: 'doc', id: 'tides/flood'},\n"
        b"   items: [{type: 'autogenerated', dirName: 'tides'}]}] }",
    ],
)
def test_categories_of_a_sidebar_are_parts(sidebar: bytes, engines: Engines, conversion: markups.Recipe) -> None:
    book = read(DOCUSAURUS | {"sidebars.js": sidebar}, engines, conversion)
    assert titles(book) == ["Intro", "Flood", "Ebb"]
    heads = [each["c"] for each in pandoc_ast.query(book.blocks, {"Header"})]
    assert [pandoc_ast.text(words) for _, looks, words in heads if "part" in looks[1]] == ["Start", "The tides"]


def test_a_page_of_jekyll_in_html(engines: Engines, conversion: markups.Recipe) -> None:
    """A site without a configuration; its layouts are not pages."""
    files = {
        "index.html": b"---\nlayout: default\ntitle: Home & shore\n---\n<p>Low {{ site.title }}water.</p>\n"
        b"{% for post in site.posts %}{{ post.title }}{% endfor %}\n",
        "_posts/2020-05-06-flood.md": b"---\ntitle: Flood\n---\n\nText.\n", "_layouts/default.html": b"<p>{{ content }}</p>",
    }  # fmt: skip
    book = read(files, engines, conversion)
    shown = pandoc_ast.text(book.blocks)
    assert titles(book) == ["Home & shore", "Flood"] and "Low water." in shown and "{" not in shown and "layout" not in shown
    assert [each.data["count"] for each in book.notices if each.code == "site-code-removed"] == [4]
