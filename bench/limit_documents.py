"""DOCUMENTS: each is just inside one limit of the service, and as costly as the limit allows.

The numbers come from the limits themselves, so that a limit that moves takes its document along.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench import limit_files
from service.ast import tables as table_limits
from service.ast.pandoc_ast import MAX_MARKED
from service.engines.images import formats, svg
from service.input.frontmatter import base as front_matter
from service.model.document import Asset, Source
from service.model.settings import Settings
from service.passes import formulas, limits
from service.pipeline import books
from service.readers import asciidoc, csv, ipynb
from service.readers.markdown import limits as markdown
from service.readers.office import odt_flow, xlsx
from service.readers.shared.note_calls import MAX_NOTES
from service.readers.shared.text import MAX_LINES

SETTINGS = Settings()
TEXT = SETTINGS.max_text
WORDS = "the quick brown fox jumps over the lazy dog and finds a lamp at sea "
# Each word and each space after it is a node: the number of bytes of prose for that number of nodes.
BYTES_A_NODE = len(WORDS) / (2 * len(WORDS.split()))
PROSE = min(TEXT, int(limits.MAX_NODES * BYTES_A_NODE * 0.95))
PRINTED = int(limits.MAX_PRINTED * BYTES_A_NODE * 0.98)
PARAGRAPH = int(limits.MAX_INLINES * BYTES_A_NODE * 0.98)
HAN = "灯塔的光在夜里照亮海面，水手们靠它找到回家的路。"


@dataclass(frozen=True, slots=True)
class Limited:
    """`limit` says which limit the document is just inside of; `options` are those of the conversion."""

    name: str
    limit: str
    make: Callable[[], Source]
    options: tuple[tuple[str, Any], ...] = ()
    split: bool = False  # an archive of articles: it is split, and not converted


def _article(body: str, *assets: Asset, name: str = "a.md") -> Source:
    return Source(name, body.encode(), assets=assets)


def _filled(piece: str, size: int = TEXT) -> str:
    """`piece` repeated up to `size` bytes."""
    return piece * (size // len(piece.encode()))


def _paragraphs(piece: str, size: int = TEXT, words: int = 500) -> str:
    return _filled(_filled(piece, words) + "\n\n", size)


def _keys() -> Source:
    lines = [f"key{number}: value of the key {number}" for number in range(5_000)]
    head = "\n".join(lines)[: front_matter.MAX_BYTES - 200].rpartition("\n")[0]
    return _article(f"---\n{head}\n---\n\nText.\n")


def _nested_keys() -> Source:
    deep = "".join("  " * level + f"k{level}:\n" for level in range(front_matter.MAX_DEPTH - 1))
    leaf = "  " * (front_matter.MAX_DEPTH - 1)
    rows = "".join(f"{leaf}v{number}: x\n" for number in range(1_500))
    return _article(f"---\n{deep}{rows}---\n\nText.\n")


def _links() -> Source:
    """Paragraphs full of links: as many in each as a paragraph may have, and as many paragraphs as the text has room for."""
    links = (f"[a](http://b.example/{number}) " for number in itertools.count())
    paragraphs, size = list[str](), 0
    while size < TEXT - 40 * markdown.MAX_LINKS:
        paragraphs.append("".join(itertools.islice(links, markdown.MAX_LINKS)) + "\n\n")
        size += len(paragraphs[-1])
    return _article("".join(paragraphs))


def _linked(count: int) -> str:
    """`count` links, twenty in a paragraph, each with its own address."""
    links = (f"[a](http://b.example/{number}) " + ("\n\n" if number % 20 == 19 else "") for number in range(count))
    return "".join(links)


def _list_items() -> Source:
    return _article("- item\n" * limits.MAX_BLOCKS)


def _deep_list() -> Source:
    levels = "".join("  " * level + "- level\n" for level in range(25))
    return _article(_filled(levels + "\n", 500_000))


def _table(rows: int, columns: int, repeat: int = 1) -> Source:
    head = "|" + " a |" * columns + "\n|" + "---|" * columns + "\n"
    return _article((head + ("|" + " b |" * columns + "\n") * rows + "\n") * repeat)


def _formulas() -> Source:
    return _article(_distinct(r"\frac{a+%d}{c_1}", " "))


def _long_formulas() -> Source:
    return _article(_distinct("a+" * 1_900 + "%d", "\n\n"))


def _deep_formulas() -> Source:
    return _article(_distinct("x^{" * 9 + "%d" + "}" * 9, "\n\n"))


def _distinct(tex: str, after: str) -> str:
    """Formulas up to the budget, each another: a formula that is there again costs nothing."""
    count = formulas.MOST_IN_ALL // (formulas.EACH + formulas.cost(tex % 99_999))
    made = (f"${tex % number}${after}" + ("\n\n" if number % 50 == 49 else "") for number in range(count))
    return "".join(made)


def _footnotes() -> Source:
    count = MAX_NOTES - 1
    calls = "".join(f"word[^{number}] " + ("\n\n" if number % 20 == 19 else "") for number in range(count))
    texts = "".join(f"[^{number}]: Note.\n\n" for number in range(count))
    return _article(calls + "\n\n" + texts)


def _printed_footnotes() -> Source:
    count = limits.MAX_PRINTED_NOTES
    return _article("".join(f"word[^{number}]\n\n[^{number}]: Note.\n\n" for number in range(count)))


def _headings() -> Source:
    return _article("".join(f"## Heading {number}\n\nText.\n\n" for number in range(limits.MAX_HEADINGS - 1)))


def _code_blocks() -> Source:
    block = "```python\ndef f(a: int) -> int:\n    return a + 1  # one more\n```\n\n"
    return _article(block * (limits.MAX_CODE_BLOCKS - 1))


def _long_code() -> Source:
    line = "def f(a: int) -> int: return a + 1  # one\n"
    return _article("```python\n" + _filled(line, limits.MAX_PRINTED_CODE - 100) + "```\n")


def _pictures(count: int, make: Callable[[int], bytes], suffix: str) -> Source:
    assets = [Asset(f"p{number}.{suffix}", make(number)) for number in range(count)]
    return _article("".join(f"![picture](p{number}.{suffix})\n\n" for number in range(count)), *assets)


def _small_pictures() -> Source:
    return _pictures(SETTINGS.max_parts - 10, lambda number: limit_files.png(40, 40 + number % 200, number % 250), "png")


def _large_pictures(kind: str) -> Source:
    """Sixty pictures of the largest size, each another: a few kilobytes in all."""
    height = formats.MOST_PIXELS // 8_000
    make = limit_files.webp if kind == "webp" else limit_files.png
    return _pictures(60, lambda number: make(8_000 - number, height, number), kind)


def _picture(body: str, size: int = 1_600) -> Source:
    drawn = f'<svg xmlns="{svg.SVG}" width="{size}" height="{size}">{body}</svg>'
    return _article("![a drawing](d.svg)\n", Asset("d.svg", drawn.encode()))


def _layers(kind: str, count: int = 100) -> Source:
    """A drawing with `count` layers as large as itself; `{n}` is the number of the layer."""
    whole = '<rect width="1600" height="1600"/>'
    define = {
        "mask": f'<mask id="m{{n}}" x="0" y="0" width="1600" height="1600" maskUnits="userSpaceOnUse">{whole}</mask>',
        "clip": f'<clipPath id="m{{n}}">{whole}</clipPath>',
        "blur": '<filter id="m{n}" x="0" y="0" width="1" height="1"><feGaussianBlur stdDeviation="40"/></filter>',
        "pattern": '<pattern id="m{n}" width="2" height="2" patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern>',
        "opacity": "",
        "blend": "",
    }[kind]
    use = {
        "mask": f'<g mask="url(#m{{n}})">{whole}</g>', "clip": f'<g clip-path="url(#m{{n}})">{whole}{whole}</g>',
        "blur": f'<g filter="url(#m{{n}})">{whole}</g>', "pattern": '<rect width="1600" height="1600" fill="url(#m{n})"/>',
        "opacity": f'<g opacity="0.9">{whole}{whole}</g>', "blend": f'<g style="mix-blend-mode: multiply">{whole}{whole}</g>',
    }[kind]  # fmt: skip
    return _picture("".join((define + use).replace("{n}", str(number)) for number in range(count)))


def _uses() -> Source:
    """`use` of `use`: as many elements as may be drawn, each as large as the drawing."""
    rectangle = '<rect width="1600" height="1600"/>'
    levels = [f'<g id="l0">{rectangle * 10}</g>']
    levels += [f'<g id="l{level}">' + f'<use href="#l{level - 1}"/>' * 10 + "</g>" for level in range(1, 4)]
    return _picture("<defs>" + "".join(levels) + '</defs><use href="#l3"/>')


def _elements() -> Source:
    return _picture('<circle cx="800" cy="800" r="799" fill-opacity="0.5"/>' * (svg.MOST_ELEMENTS - 10))


def _path() -> Source:
    corners = "".join(f"L{number * 7919 % 1600} {number * 104729 % 1600}" for number in range(150_000))
    return _picture(f'<path d="M0 0{corners}" stroke="black" stroke-dasharray="1 1"/>')


def _variables() -> Source:
    """`var()` by expansion in a style sheet of the author's own."""
    rules = "".join(f"--v{level}: var(--v{level - 1}) var(--v{level - 1});" for level in range(1, 40))
    return _article("Text.\n", Asset("style.css", f":root {{ --v0: 1px; {rules} }} p {{ margin: var(--v39) }}".encode()))


def _cells() -> Source:
    rows = csv.MAX_CELLS // table_limits.MAX_COLUMNS
    return _article((",".join(["word"] * table_limits.MAX_COLUMNS) + "\n") * rows, name="a.csv")


def _rows() -> Source:
    return _article("word,12\n" * (csv.MAX_CELLS // 2), name="a.csv")


def _notebook() -> Source:
    cell = '{"cell_type": "code", "source": "a = 1", "outputs": [], "metadata": {}}'
    cells = ",".join([cell] * ipynb.MAX_CELLS)
    return _article(f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": [{cells}]}}', name="a.ipynb")


def _docx_paragraphs() -> Source:
    return limit_files.docx("<w:p><w:r><w:t>A line of text.</w:t></w:r></w:p>" * (limits.MAX_BLOCKS - 1))


def _docx_cells() -> Source:
    row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>" * 60 + "</w:tr>"
    return limit_files.docx(f"<w:tbl>{row * (limits.MAX_BLOCKS // 61)}</w:tbl>")


def _odt_paragraphs() -> Source:
    return limit_files.odt("<text:p>A line of text.</text:p>" * (limits.MAX_BLOCKS - 1))


def _odt_cells() -> Source:
    cell = "<table:table-cell><text:p>x</text:p></table:table-cell>"
    row = f"<table:table-row>{cell * 60}</table:table-row>"
    columns = "<table:table-column/>" * 60
    return limit_files.odt(f"<table:table>{columns}{row * (limits.MAX_BLOCKS // 61)}</table:table>")


def _odt_spaces() -> Source:
    one = f'word<text:s text:c="{odt_flow.MOST_BLANKS}"/>'
    return limit_files.odt(f"<text:p>{one * 20}</text:p>" * (odt_flow.MOST_BLANKS_IN_ALL // odt_flow.MOST_BLANKS // 20))


def _workbook() -> Source:
    rows = xlsx.MAX_CELLS // 20
    row = "<c><v>12345</v></c>" * 20
    return limit_files.xlsx("".join(f"<row>{row}</row>" for _ in range(rows)))


def _epub_cells() -> Source:
    row = "<tr>" + "<td>x</td>" * 60 + "</tr>"
    return limit_files.epub(100, f"</p><table>{row * (limits.MAX_BLOCKS // 61 // 100)}</table><p>", 1)


def _repeated_cells() -> Source:
    return _article(f"|===\n{asciidoc.MOST_REPEATED}*|a\n|===\n", name="a.adoc")


def _drawn_cover() -> Source:
    title, people = "A long title " * 300, "".join(f"  - Author Number {number}\n" for number in range(500))
    return _article(f"---\ntitle: {title}\nauthor:\n{people}---\n\nText.\n")


def _cover_picture() -> Source:
    height = formats.MOST_PIXELS // 8_000
    return _article("Text.\n", Asset("c.png", limit_files.png(8_000, height)))


def _svg_variables() -> Source:
    rules = "".join(f"--v{level}: var(--v{level - 1}) var(--v{level - 1});" for level in range(1, 40))
    return _picture(f"<style>:root {{ --v0: 1px; {rules} }} rect {{ fill: var(--v39) }}</style><rect width='9' height='9'/>")


def _archive() -> Source:
    text = _paragraphs(WORDS, SETTINGS.max_upload // 1_000)
    files = {f"{number:04}.md": f"# Article {number}\n\n{text}" for number in range(SETTINGS.bundle_entries)}
    return Source("all.zip", limit_files.zipped(files, stored=True)[: SETTINGS.max_upload], "application/zip")


def _book() -> Source:
    size = PROSE // books.MOST - 50
    files = {f"{number:03}.md": f"# Chapter {number}\n\n" + _paragraphs(WORDS, size) for number in range(books.MOST)}
    return Source("book.zip", limit_files.zipped(files), "application/zip")


def _html(body: str) -> Source:
    return _article(f"<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>", name="a.html")


BYTES, BLOCKS, CELLS = f"{TEXT:,} bytes of text", f"{limits.MAX_BLOCKS:,} blocks", f"{csv.MAX_CELLS:,} cells"
PRINTED_MARKED = f"{limits.MAX_PRINTED_MARKED:,} links and formatted passages"
MARKED = f"{MAX_MARKED:,} links and formatted passages"
PRINTED_BLOCKS = f"{limits.MAX_PRINTED_BLOCKS:,} blocks"
PRINTED_NODES = f"{limits.MAX_PRINTED:,} words and marks"
NODES = f"{limits.MAX_NODES:,} words and marks"
PIXELS, LAYERS = f"{formats.MOST_PIXELS:,} pixels", "100 layers of 1,600 × 1,600"
KINDS = ("mask", "clip", "blur", "opacity", "pattern", "blend")
# In the order of a document: its head, its text, what is in it, and what it comes in.
DOCUMENTS: tuple[Limited, ...] = (
    Limited("front matter, flat", f"{front_matter.MAX_BYTES:,} bytes", _keys),
    Limited("front matter, nested", f"depth {front_matter.MAX_DEPTH}", _nested_keys),
    Limited("prose", NODES, lambda: _article(_paragraphs(WORDS, PROSE))),
    Limited("prose, Han", BYTES, lambda: _article(_paragraphs(HAN))),
    Limited("prose, printed", PRINTED_NODES, lambda: _article(_paragraphs(WORDS, PRINTED))),
    Limited("one paragraph", f"{limits.MAX_INLINES:,} words and marks", lambda: _article(_filled(WORDS, PARAGRAPH))),
    Limited("one paragraph, Han", BYTES, lambda: _article(_filled(HAN))),
    Limited("one word", f"{limits.MAX_PRINTED_LONG:,} letters", lambda: _article("a" * limits.MAX_PRINTED_LONG)),
    Limited("blank lines", f"{MAX_LINES:,} lines", lambda: _article("a" + "\n" * (MAX_LINES - 2) + "b")),
    Limited("marks", PRINTED_MARKED, lambda: _article(_paragraphs("*a* _b_ ~c~ `d` ", 4 * limits.MAX_PRINTED_MARKED - 1_000))),
    Limited("short paragraphs", BLOCKS, lambda: _article("a\n\n" * limits.MAX_BLOCKS)),
    Limited("short paragraphs, printed", PRINTED_BLOCKS, lambda: _article("a\n\n" * limits.MAX_PRINTED_BLOCKS)),
    Limited(
        "HTML tags in text",
        PRINTED_MARKED,
        lambda: _article(_paragraphs("<b>a</b> <i>c</i> ", 9 * limits.MAX_PRINTED_MARKED - 1_000)),
    ),
    Limited("formatted passages", MARKED, lambda: _article(_paragraphs("*a* _b_ ", 4 * MAX_MARKED - 1_000))),
    Limited("links, most", MARKED, lambda: _article(_linked(MAX_MARKED - 10))),
    Limited("plain text", NODES, lambda: _article(_paragraphs(WORDS, PROSE), name="a.txt")),
    Limited("HTML page, marks", BYTES, lambda: _html(_filled("<p>" + "<b>a</b> <i>c</i> " * 60 + "</p>", TEXT - 200))),
    Limited("HTML page", NODES, lambda: _html(_filled(f"<p>{WORDS * 5}</p>", PROSE))),
    Limited("links", f"{markdown.MAX_LINKS:,} a paragraph", _links),
    Limited("list items", BLOCKS, _list_items),
    Limited("lists in lists", "depth 60", _deep_list),
    Limited("table, long", f"{markdown.MAX_ROWS:,} rows", lambda: _table(markdown.MAX_ROWS - 2, 4)),
    Limited("table, wide", f"{limits.MAX_PRINTED_CELLS:,} cells", lambda: _table(620, table_limits.MAX_COLUMNS)),
    Limited("tables, many", f"{limits.MAX_PRINTED_CELLS:,} cells", lambda: _table(1, 2, limits.MAX_PRINTED_CELLS // 4)),
    Limited("formulas, short", f"{formulas.MOST_IN_ALL:,}", _formulas),
    Limited("formulas, long", f"{formulas.MOST_IN_ALL:,}", _long_formulas),
    Limited("formulas, deep", f"{formulas.MOST_IN_ALL:,}", _deep_formulas),
    Limited("footnotes", f"{MAX_NOTES:,} notes", _footnotes),
    Limited("footnotes, printed", f"{limits.MAX_PRINTED_NOTES:,} notes", _printed_footnotes),
    Limited("headings", f"{limits.MAX_HEADINGS:,} headings", _headings),
    Limited("code blocks, many", f"{limits.MAX_CODE_BLOCKS:,} blocks of code", _code_blocks),
    Limited("code block, long", f"{limits.MAX_PRINTED_CODE:,} letters of code", _long_code),
    Limited("pictures, many", f"{SETTINGS.max_parts:,} parts", _small_pictures),
    Limited("pictures, large PNG", PIXELS, functools.partial(_large_pictures, "png")),
    Limited("pictures, large WebP", PIXELS, functools.partial(_large_pictures, "webp")),
    *(Limited(f"SVG, {kind}", LAYERS, functools.partial(_layers, kind)) for kind in KINDS),
    Limited("SVG, use", f"{svg.MOST_USED:,} elements drawn", _uses),
    Limited("SVG, elements", f"{svg.MOST_ELEMENTS:,} elements", _elements),
    Limited("SVG, path", f"{svg.LARGEST:,} bytes", _path),
    Limited("SVG, variables", "39 levels", _svg_variables),
    Limited("cover, drawn", "4,000 letters, 500 authors", _drawn_cover, (("cover", "drawn"),)),
    Limited("cover, image", PIXELS, _cover_picture, (("cover", "c.png"),)),
    Limited("CSS, variables", "40 levels", _variables, (("css", "style.css"),)),
    Limited("CSV, wide", CELLS, _cells),
    Limited("CSV, long", CELLS, _rows),
    Limited("notebook", f"{ipynb.MAX_CELLS:,} cells", _notebook),
    Limited("DOCX, paragraphs", BLOCKS, _docx_paragraphs),
    Limited("DOCX, table", BLOCKS, _docx_cells),
    Limited("ODT, paragraphs", BLOCKS, _odt_paragraphs),
    Limited("ODT, table", BLOCKS, _odt_cells),
    Limited("ODT, spaces", f"{odt_flow.MOST_BLANKS_IN_ALL:,} spaces", _odt_spaces),
    Limited("XLSX, cells", f"{xlsx.MAX_CELLS:,} cells", _workbook),
    Limited("AsciiDoc, repeated cells", f"{asciidoc.MOST_REPEATED:,} cells", _repeated_cells),
    Limited("EPUB, tables", BLOCKS, _epub_cells),
    Limited("EPUB, chapters", "2,000 chapters", lambda: limit_files.epub(2_000, WORDS * 5)),
    Limited("book", f"{books.MOST} chapters, {BYTES}", _book, (("combine", True),)),
    Limited("archive of articles", f"{SETTINGS.bundle_entries:,} files", _archive, split=True),
)
