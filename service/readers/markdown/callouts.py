"""Callouts in every spelling, and containers: `> [!note]`, `:::note`, `::: {.callout-note}`, `!!! note`, `??? note`.

All become the one shape of `service.ast.callouts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from service.ast import callouts, pandoc_ast
from service.ast.pandoc_ast import Attr, attr, div, para
from service.readers.markdown import attributes
from service.readers.markdown.parser import Node, choice, kind
from service.readers.markdown.reading import Reading
from service.readers.markdown.text import words

Block = pandoc_ast.Node
KINDS = frozenset({*callouts.KINDS, "admonition"})
ADMONITION = re.compile(
    r"\A(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>[A-Za-z][\w-]*+)(?P<rest>[^\"\n]*+)(?:\"(?P<title>[^\"]*)\")?[ \t]*\Z"
)
PLACES = frozenset({"inline", "end", "left", "right", "annotate"})  # `!!! note inline end`
TAB = re.compile(r"===[!+]?[ \t]+\"(?P<title>[^\"\n]*)\"\Z")
INFO = re.compile(r"(?P<kind>[A-Za-z][\w-]*)(?:\[(?P<label>[^\]]*)\])?[ \t]*(?P<rest>.*)\Z", re.DOTALL)
MYST = re.compile(r"\{(?P<kind>[A-Za-z][\w-]*)\}[ \t]*(?P<rest>.*)\Z", re.DOTALL)
OPTION = re.compile(r":[A-Za-z][\w-]*:")
LEADING_ATTRIBUTES = re.compile(r"\A\{[^{}\n]*\}[ \t]+(?=\S)")
OTHER_NAMES = {"spoiler": "details", "pinned": "important"}
FIGURE_ID = re.compile(r"fig[-:]")
TABLE_ID = re.compile(r"t(?:bl|ab)[-:]")
INDENT = "    "


def shaped(name: str, title: list[pandoc_ast.Node] | None, blocks: Sequence[Block]) -> list[Block]:
    """The shape of a callout. Without its own title, its kind is the title."""
    name = name.lower()
    return [callouts.shaped(name, title or words(name.replace("-", " ").capitalize()), blocks)]


def callout(reading: Reading, node: Node) -> list[Block]:
    """Obsidian's: `> [!tip]- Title`."""
    title: list[pandoc_ast.Node] = []
    rest = []
    for child in node.children:
        if kind(child) == "CalloutTitle":
            title = [one for part in child.children for one in reading.paragraph(part)]
        else:
            rest.append(child)
    return shaped(node.node_value.value.callout_type, title, reading.blocks(rest))


def alert(reading: Reading, node: Node) -> list[Block]:
    """GitHub's five."""
    value = node.node_value.value
    title = reading.words(value.title) if value.title else None
    return shaped(choice(value.alert_type), title, reading.blocks(node.children))


def container(reading: Reading, node: Node) -> list[Block]:
    """`:::name Title` … `:::`: a callout if the name is one of its kinds, else a division of that class."""
    info = reading.shown(node.node_value.value.info).strip()
    blocks = reading.blocks(node.children)
    if info.startswith("{"):
        return _attributed(reading, info, blocks)
    found = INFO.match(info)
    if found is None:
        return blocks
    name, title = found["kind"].lower(), found["label"] or LEADING_ATTRIBUTES.sub("", found["rest"])
    if name == "blockquote":
        by = [para([{"t": "Strong", "c": reading.inline_text(title)}])] if title else []
        return [{"t": "BlockQuote", "c": [*by, *blocks]}]
    name = OTHER_NAMES.get(name, name)
    given = attributes.at_end(title) if title.endswith("}") else None
    if given:
        title = title[: title.rindex("{")].strip() or dict(given[2]).get("title", "")
    if name in KINDS or name.startswith("callout-"):
        return shaped(name.removeprefix("callout-"), reading.inline_text(title) if title else None, blocks)
    heading = [para([{"t": "Strong", "c": reading.inline_text(title)}])] if title else []
    return [div([*heading, *blocks], attr(classes=[name]))]


def _attributed(reading: Reading, info: str, blocks: list[Block]) -> list[Block]:
    if (myst := MYST.match(info)) and myst["kind"].lower() in KINDS:
        options, blocks = _options(blocks)
        kind = next((one for one in options if one in callouts.KINDS), myst["kind"])
        return shaped(kind, reading.inline_text(myst["rest"]) if myst["rest"] else None, blocks)
    given = attributes.at_end(info)
    if given is None:
        return blocks
    name = next((one for one in given[1] if one.removeprefix("callout-").lower() in KINDS), "")
    if not name:
        return _captioned(reading, blocks, given) or [div(blocks, given)]
    title = dict(given[2]).get("title", "")
    heading = reading.inline_text(title) if title else None
    if heading is None and blocks and blocks[0]["t"] == "Header":  # Quarto's: the first heading is the title
        heading, blocks = blocks[0]["c"][2], blocks[1:]
    return shaped(name.removeprefix("callout-"), heading, blocks)


def _options(blocks: list[Block]) -> tuple[list[str], list[Block]]:
    """The values of `:class: warning` and other options above the text of a MyST directive, and its blocks without them."""
    values: list[str] = []
    rest = list(blocks[0]["c"]) if blocks and blocks[0]["t"] == "Para" else []
    while rest and rest[0]["t"] == "Str" and OPTION.fullmatch(rest[0]["c"]):
        end = next((place for place, one in enumerate(rest) if one["t"] in {"LineBreak", "SoftBreak"}), len(rest))
        values += pandoc_ast.text(rest[1:end]).lower().split()
        rest = rest[end + 1 :]
    if not blocks or blocks[0]["t"] != "Para" or len(rest) == len(blocks[0]["c"]):
        return [], blocks
    return values, [*([para(rest)] if rest else []), *blocks[1:]]


def _captioned(reading: Reading, blocks: list[Block], given: Attr) -> list[Block]:
    """Quarto's figures and tables, `::: {#fig-map}`: the attribute `fig-cap` or the last paragraph is the caption.

    Empty for other divisions.
    """
    if (said := dict(given[2]).get("fig-cap")) and FIGURE_ID.match(given[0]) and blocks:
        caption = [pandoc_ast.plain(reading.inline_text(said))]
        return [{"t": "Figure", "c": [[given[0], given[1], []], [None, caption], blocks]}]
    last = blocks[-1] if len(blocks) > 1 else {}
    if last.get("t") != "Para" or any(one["t"] == "Image" for one in last["c"]):
        return []
    if FIGURE_ID.match(given[0]):
        return [{"t": "Figure", "c": [[given[0], given[1], []], [None, [pandoc_ast.plain(last["c"])]], blocks[:-1]]}]
    if TABLE_ID.match(given[0]) and len(blocks) == 2 and blocks[0]["t"] == "Table":
        return [{"t": "Table", "c": [given, [None, [pandoc_ast.plain(last["c"])]], *blocks[0]["c"][2:]]}]
    return []


def admonition(reading: Reading, children: Sequence[Node], place: int) -> tuple[list[Block], int] | None:
    """MkDocs' `!!! note "Title"` with an indented body, and the place behind it, or None."""
    return _indented(reading, children, place, ("!!!", "???"), ADMONITION, _admonition)


def tab(reading: Reading, children: Sequence[Node], place: int) -> tuple[list[Block], int] | None:
    """MkDocs' `=== "Title"` with an indented body: its title in bold above it."""
    return _indented(reading, children, place, ("===",), TAB, _tab)


def _admonition(reading: Reading, found: re.Match[str], blocks: list[Block]) -> list[Block]:
    own = found["title"] or ("" if PLACES.issuperset(found["rest"].split()) else found["rest"].strip())
    return shaped(found["kind"], reading.inline_text(own) if own else None, blocks)


def _tab(reading: Reading, found: re.Match[str], blocks: list[Block]) -> list[Block]:
    return [para([{"t": "Strong", "c": reading.inline_text(found["title"])}]), *blocks]


def _indented(
    reading: Reading,
    children: Sequence[Node],
    place: int,
    marks: tuple[str, ...],
    head: re.Pattern[str],
    make: Callable[[Reading, re.Match[str], list[Block]], list[Block]],
) -> tuple[list[Block], int] | None:
    """CommonMark sees a paragraph, whose lines may continue lazily in the body, and blocks of indented code."""
    node = children[place]
    if kind(node) != "Paragraph":
        return None
    first, start = node.sourcepos.start.line, node.sourcepos.start.column - 1
    lines = reading.parsed.source_lines(first, node.sourcepos.end.line)
    begin = next((number for number, line in enumerate(lines) if line[start:].lstrip().startswith(marks)), None)
    found = head.match(lines[begin][start:].strip()) if begin is not None else None
    if begin is None or found is None or not _is_head(found):
        return None
    last, behind = node.sourcepos.end.line, place + 1
    while behind < len(children) and _is_indented(reading, children[behind], start):
        last = children[behind].sourcepos.end.line
        behind += 1
    body = [line[start:] for line in reading.parsed.source_lines(first + begin + 1, last)]
    ends = (number for number, line in enumerate(body) if line.strip() and not line.startswith((INDENT, "\t")))
    inside = next(ends, len(body))
    own = [line.removeprefix("\t").removeprefix(INDENT) for line in body[:inside]]
    blocks = reading.sub_document(own, first + begin + 1)
    above = reading.sub_document([line[start:] for line in lines[:begin]], first) if begin else []
    below = reading.sub_document(body[inside:], first + begin + 1 + inside) if body[inside:] else []
    return [*above, *make(reading, found, blocks), *below], behind


def _is_head(found: re.Match[str]) -> bool:
    """`!!! note Mind this` has a title without quotation marks if its kind is known; `!!! Wow that was it` is text."""
    named = found.groupdict()
    return PLACES.issuperset((named.get("rest") or "").split()) or named["kind"].lower() in KINDS


def _is_indented(reading: Reading, node: Node, start: int) -> bool:
    line = reading.parsed.source_lines(node.sourcepos.start.line, node.sourcepos.start.line)
    return bool(line) and line[0][start:].startswith((INDENT, "\t"))
