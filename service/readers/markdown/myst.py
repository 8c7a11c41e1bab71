"""Directives of MyST besides callouts, figures, code and formulas: one row of DIRECTIVES each.

A function gets the Reading, the text behind the name, the options, the lines of the body and the number of its first
line. It returns the blocks. The names are those of Sphinx, Jupyter Book and mystmd.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence

from service.ast import callouts
from service.ast.pandoc_ast import Node, attr, div, para, plain
from service.readers.markdown import captions
from service.readers.markdown.reading import Block, Reading

Options = Mapping[str, str]
Make = Callable[[Reading, str, Options, Sequence[str], int], list[Block]]
HEAD = "header-rows"


def _body(reading: Reading, _: str, __: Options, lines: Sequence[str], first: int) -> list[Block]:
    return reading.sub_document(lines, first)


def titled(reading: Reading, rest: str, _: Options, lines: Sequence[str], first: int) -> list[Block]:
    heading = [para([{"t": "Strong", "c": reading.inline_text(rest, first)}])] if rest else []
    return [*heading, *reading.sub_document(lines, first)]


def _quote(reading: Reading, _: str, __: Options, lines: Sequence[str], first: int) -> list[Block]:
    return [{"t": "BlockQuote", "c": reading.sub_document(lines, first)}]


def _theorem(name: str) -> Make:
    def made(reading: Reading, rest: str, options: Options, lines: Sequence[str], first: int) -> list[Block]:
        title = f"{name.capitalize()} ({rest})" if rest else name.capitalize()
        heading = para([{"t": "Strong", "c": reading.inline_text(title, first)}])
        blocks = [heading, *reading.sub_document(lines, first)]
        return [div(blocks, attr(options.get("label", options.get("name", "")), [name]))]

    return made


def _version(words: str) -> Make:
    def made(reading: Reading, rest: str, _: Options, lines: Sequence[str], first: int) -> list[Block]:
        return [callouts.shaped("note", reading.inline_text(f"{words} {rest}", first), reading.sub_document(lines, first))]

    return made


def _glossary(reading: Reading, _: str, __: Options, lines: Sequence[str], first: int) -> list[Block]:
    """Terms, and below each its definition, indented."""
    items: list[tuple[list[Node], list[Node]]] = []
    for number, line in enumerate(lines, first):
        if line.strip() and line[:1] in " \t" and items:
            said = items[-1][1]
            said += [*([{"t": "SoftBreak"}] if said else []), *reading.inline_text(line, number)]
        elif line.strip():
            items.append((reading.inline_text(line, number), []))
    return [{"t": "DefinitionList", "c": [[term, [[plain(said)]]] for term, said in items]}] if items else []


def _list_table(reading: Reading, rest: str, options: Options, lines: Sequence[str], first: int) -> list[Block]:
    """A list of rows, each a list of cells. Other bodies do not change."""
    blocks = reading.sub_document(lines, first)
    if len(blocks) != 1 or blocks[0]["t"] != "BulletList":
        return blocks
    rows = [row[0]["c"] if len(row) == 1 and row[0]["t"] == "BulletList" else [row] for row in blocks[0]["c"]]
    return [_table(reading, rest, options, rows)]


def _csv_table(reading: Reading, rest: str, options: Options, lines: Sequence[str], first: int) -> list[Block]:
    head = list(csv.reader([options["header"]], skipinitialspace=True)) if options.get("header") else []
    cells = [*head, *csv.reader([line for line in lines if line.strip()], skipinitialspace=True)]
    rows = [[[plain(reading.inline_text(cell, first))] if cell else [] for cell in row] for row in cells]
    return [_table(reading, rest, {HEAD: "1", **options} if head else options, rows)] if rows else []


def _table(reading: Reading, title: str, options: Options, rows: Sequence[Sequence[list[Block]]]) -> Block:
    columns, given = max(map(len, rows)), options.get(HEAD, "0")
    head = int(given) if given.isdecimal() else 0
    made = [[attr(), [_cell(row[place] if place < len(row) else []) for place in range(columns)]] for row in rows]
    specification = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}]] * columns
    body = [[attr(), 0, [], made[head:]]]
    identifier = attr(options.get("name", ""))
    table = {"t": "Table", "c": [identifier, [None, []], specification, [attr(), made[:head]], body, [attr(), []]]}
    return captions.with_caption(table, reading.inline_text(title)) if title else table


def _cell(blocks: list[Block]) -> list[object]:
    return [attr(), {"t": "AlignDefault"}, 1, 1, blocks]


DIRECTIVES: Mapping[str, Make] = {
    **dict.fromkeys(("tab-set", "tabs", "grid", "container", "div", "only", "margin", "card-carousel", "figure-md", "rst-class"),
                    _body),
    **dict.fromkeys(("tab-item", "tab", "card", "grid-item", "grid-item-card", "rubric", "table", "exercise", "solution"),
                    titled),
    **dict.fromkeys(("epigraph", "pull-quote", "highlights", "blockquote"), _quote),
    **{f"{prefix}{name}": _theorem(name)
       for name in ("theorem", "lemma", "proof", "definition", "corollary", "proposition", "remark", "algorithm", "axiom")
       for prefix in ("prf:", "")},
    "versionadded": _version("New in version"),
    "versionchanged": _version("Changed in version"),
    "deprecated": _version("Deprecated since version"),
    "glossary": _glossary,
    "list-table": _list_table,
    "csv-table": _csv_table,
}  # fmt: skip
# Content that is not in the file, or that a program creates: removed with a notice of this code and kind.
GONE: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("include", "literalinclude", "embed", "iframe"), ("include-ignored", "directive")),
    **dict.fromkeys(("tableofcontents", "contents", "toctree"), ("site-code-removed", "list of contents")),
    **dict.fromkeys(("bibliography", "index", "genindex", "footbibliography", "currentmodule", "highlight"),
                    ("site-code-removed", "directive")),
}  # fmt: skip
