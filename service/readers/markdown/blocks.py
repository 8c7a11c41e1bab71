"""Block nodes of comrak's tree → pandoc's blocks: one row of BLOCKS for each kind of node."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from service.ast.pandoc_ast import attr, header, para, plain, text
from service.model.blocks import Blocks
from service.readers.markdown import (
    attribute_lines,
    attributes,
    bare_urls,
    callouts,
    captions,
    code_info,
    directives,
    html_blocks,
)
from service.readers.markdown.inlines import INLINES, task_mark
from service.readers.markdown.list_markers import Style
from service.readers.markdown.masks import STAND_IN
from service.readers.markdown.parser import Node, choice, kind, nodes
from service.readers.markdown.reading import INLINE_NOTE, Block, Makers, Reading
from service.readers.markdown.text import HELD, SPACE, Inline, joined, trimmed, words

Make = Callable[[Reading, Node], list[Block]]

PERMALINK = re.compile(r"[\s¶#§🔗⚓\u200b]*|Link to this heading|Permalink(?: to this heading)?|Anchor", re.I)
UNCLOSED = re.compile(r"<[A-Za-z/][^<>]*\Z")  # a tag that does not end within its block: the next ones would be its attributes
ALIGNMENTS = {"None": "AlignDefault", "Left": "AlignLeft", "Center": "AlignCenter", "Right": "AlignRight"}

UNCLOSED_MOST = 4000
MOST_TERMS, LONGEST_TERM, ENDS_OF_PROSE = 6, 60, frozenset(".!?,;:…。！？，；：、")


def _heading(reading: Reading, node: Node) -> list[Block]:
    inlines, target = _without_permalinks(reading, node, reading.paragraph(node))
    given = None
    if reading.may_have_attributes:
        place = node.sourcepos
        last = place.end.line - 1 if node.node_value.value.setext else place.start.line
        source = "\n".join(reading.parsed.source_lines(place.start.line, last))
        given = attributes.at_end(source.rstrip().rstrip("#").rstrip()) or attributes.at_end(source)
    identifier, classes, pairs = given or attr()
    if given and inlines and inlines[-1] == {"t": "Str", "c": "{-}"}:  # which the parser leaves
        inlines = trimmed(inlines[:-1])
    made = reading.slugs.of(_with_names_of_emoji(node, text([one for one in inlines if one["t"] not in {"Note", "RawInline"}])))
    return [header(node.node_value.value.level, inlines, [identifier or target or made, classes, pairs])]


def _without_permalinks(reading: Reading, node: Node, inlines: list[Inline]) -> tuple[list[Inline], str]:
    """The words of a heading without the signs that lead to it, `[¶](#part "Permanent link")`, and where they lead."""
    target, end = "", len(inlines)
    while end > 1 and (inlines[end - 1]["t"] == "Link" or (target and inlines[end - 1]["t"] == "Space")):
        if inlines[end - 1]["t"] == "Link":
            _, shown, (url, _) = inlines[end - 1]["c"]
            if not url.startswith("#") or not PERMALINK.fullmatch(text(shown)):
                break
            target = url[1:]
        end -= 1
    if target:
        line = reading.line + node.sourcepos.start.line - 1
        reading.gone.note("site-code-removed", "link of a heading to itself", line, f"#{target}")
        inlines = trimmed(inlines[:end])
    return inlines, target


def _with_names_of_emoji(node: Node, heading: str) -> str:
    """`:rocket: Start` has the address `#rocket-start` on GitHub."""
    for one in nodes(node):
        if kind(one) == "ShortCode":
            heading = heading.replace(one.node_value.value.emoji, one.node_value.value.code)
    return heading


def _quote(reading: Reading, node: Node) -> list[Block]:
    return [{"t": "BlockQuote", "c": reading.blocks(node.children)}]


def _list(reading: Reading, node: Node) -> list[Block]:
    value = node.node_value.value
    items = [_item(reading, item, tight=value.tight) for item in node.children]
    if choice(value.list_type) == "Bullet":
        return [{"t": "BulletList", "c": items}]
    plain_style = Style(value.start, "Decimal", "OneParen" if choice(value.delimiter) == "Paren" else "Period")
    if not reading.markers:
        return [_ordered(plain_style, items)]
    styles = [reading.markers.get(reading.line + item.sourcepos.start.line - 1, plain_style) for item in node.children]
    groups = groupby(zip(styles, items, strict=True), key=lambda one: id(one[0]))
    lists = [list(group) for _, group in groups]
    return [_ordered(group[0][0], [item for _, item in group]) for group in lists]


def _ordered(style: Style, items: list[list[Block]]) -> Block:
    return {"t": "OrderedList", "c": [[style.start, {"t": style.style}, {"t": style.delimiter}], items]}


def _item(reading: Reading, item: Node, *, tight: bool) -> list[Block]:
    reading.depth += 1
    blocks = reading.blocks(item.children, tight=tight)
    reading.depth -= 1
    if kind(item) == "TaskItem":
        first = blocks[0] if blocks and blocks[0]["t"] in {"Plain", "Para"} else plain([])
        rest = blocks[1:] if blocks and first is blocks[0] else blocks
        blocks = [{"t": first["t"], "c": [*words(f"{task_mark(item)} "), *first["c"]]}, *rest]
    return blocks


def _code_block(reading: Reading, node: Node) -> list[Block]:
    value = node.node_value.value
    info, code = reading.verbatim(value.info), reading.verbatim(value.literal).removesuffix("\n")
    if reading.constructs and info.startswith("{") and (made := directives.made(reading, node, info, code)) is not None:
        return made
    if reading.constructs and (blocks := directives.callout_as_code(reading, node, info, code)):
        return blocks
    given, title = code_info.read(info)
    reading.may_link |= bool(title)
    if given[1] == ["math"]:
        return [para([{"t": "Math", "c": [{"t": "DisplayMath"}, code]}])]
    return code_info.titled(given, code, title)


def _table(reading: Reading, node: Node) -> list[Block]:
    columns = [ALIGNMENTS[choice(one)] for one in node.node_value.value.alignments]
    rows = [(child.node_value.value, _row(reading, child, len(columns))) for child in node.children]
    last = reading.parsed.source_lines(node.children[-1].sourcepos.start.line, node.children[-1].sourcepos.start.line)
    caption = captions.of_last_row(last[0]) if reading.constructs and len(rows) > 2 and last else ""
    rows = rows[:-1] if caption else rows
    head = [row for is_head, row in rows if is_head]
    body = [row for is_head, row in rows if not is_head]
    table = {
        "t": "Table",
        "c": [
            attr(),
            [None, []],
            [[{"t": column}, {"t": "ColWidthDefault"}] for column in columns],
            [attr(), head],
            [[attr(), 0, [], body]],
            [attr(), []],
        ],
    }
    if not caption:
        return [table]
    words_of_it, given = captions.divided(caption)
    return [captions.with_caption(table, reading.inline_text(words_of_it), given)]


def _row(reading: Reading, node: Node, columns: int) -> list[Any]:
    cells = [reading.paragraph(cell) for cell in node.children]
    cells += [[]] * (columns - len(cells))
    return [attr(), [[attr(), {"t": "AlignDefault"}, 1, 1, [plain(cell)] if cell else []] for cell in cells]]


def _definition(reading: Reading, node: Node) -> list[Block]:
    """The text of a note is in its call. A note without a call, and a second one of a name, become text with their name."""
    name = node.node_value.value.name
    if name.startswith(INLINE_NOTE):
        return []
    first = reading.notes.get(name.casefold())
    line = node.sourcepos.start.line
    if first is not None and first.sourcepos.start.line == line and line not in reading.uncalled:
        return []
    blocks = reading.blocks(node.children)
    reading.may_link = True
    shown = reading.shown(name)
    reading.gone.note("note-uncalled", shown, reading.line + line - 1, f"[^{shown}]:")
    label: Inline = {"t": "Superscript", "c": words(shown)}
    if blocks and blocks[0]["t"] == "Para":
        return [para([label, SPACE, *blocks[0]["c"]]), *blocks[1:]]
    return [para([label]), *blocks]


def _descriptions(reading: Reading, node: Node) -> list[Block]:
    """Terms of one line each with their definitions. A colon at the start of a line of other text is text."""
    out: list[Block] = []
    items: list[list[Any]] = []
    for item in node.children:
        terms = [part for part in item.children if kind(part) == "DescriptionTerm"]
        details = [part for part in item.children if kind(part) == "DescriptionDetails"]
        term = joined([one for part in terms for child in part.children for one in reading.paragraph(child)])
        term = _without_attribute_lines(term)
        tight = item.node_value.value.tight
        blocks = [reading.blocks(part.children, tight=tight and not _is_loose(part)) for part in details]
        if any(one["t"] == HELD for one in term):
            out += _list_of(items) + reading.paragraphs(term, para) + _with_colons(reading, [], blocks)
            items = []
        elif not term and items:
            items[-1][1] += blocks
        elif terms := _terms(term):
            items += [[each, []] for each in terms[:-1]] + [[terms[-1], blocks]]
        else:
            out += _list_of(items) + _with_colons(reading, term, blocks)
            items = []
    return out + _list_of(items)


def _without_attribute_lines(term: list[Inline]) -> list[Inline]:
    """The term without the lines of attributes above it, which style the list (MyST: `{.glossary}`)."""
    first = next(
        (place for place, one in enumerate(term) if one["t"] not in {HELD, "SoftBreak", "LineBreak", "Space"}), len(term)
    )
    held = [block for one in term[:first] if one["t"] == HELD for block in one["c"]]
    return term[first:] if first < len(term) and all(block["t"] == attribute_lines.TAG for block in held) else term


def _is_loose(details: Node) -> bool:
    """Whether a definition has several paragraphs: comrak calls its list tight if no blank line is above it."""
    return sum(kind(part) == "Paragraph" for part in details.children) > 1


def _terms(inlines: list[Inline]) -> list[list[Inline]]:
    """The terms above a definition, one per line as in PHP Markdown Extra.

    Empty for lines of prose, which are long or end as sentences do.
    """
    lines: list[list[Inline]] = [[]]
    for one in inlines:
        if one["t"] in {"LineBreak", "SoftBreak"}:
            lines.append([])
        else:
            lines[-1].append(one)
    if len(lines) == 1:
        return lines if inlines else []
    said = [text(line).strip() for line in lines]
    fits = len(lines) <= MOST_TERMS and all(0 < len(each) <= LONGEST_TERM and each[-1] not in ENDS_OF_PROSE for each in said)
    return lines if fits else []


def _list_of(items: list[list[Any]]) -> list[Block]:
    return [{"t": "DefinitionList", "c": items}] if items else []


def _with_colons(reading: Reading, term: list[Inline], details: list[list[Block]]) -> list[Block]:
    inlines = [*term]
    out: list[Block] = []
    for blocks in details:
        inlines += [*([{"t": reading.line_end}] if inlines else []), *words(": ")]
        if blocks and blocks[0]["t"] in {"Plain", "Para"}:
            inlines += blocks.pop(0)["c"]
        if blocks:
            out += [para(joined(inlines)), *blocks]
            inlines = []
    return [*out, para(joined(inlines))] if inlines else out


def _html(reading: Reading, node: Node) -> list[Block]:
    literal = node.node_value.value.literal.removesuffix("\n")
    made = reading.masks.made
    if not literal.startswith("<!--") and (unclosed := UNCLOSED.search(literal[-UNCLOSED_MOST:])):
        cut = len(literal[:-UNCLOSED_MOST]) + unclosed.start()
        return [*_raw(reading, literal[:cut]), para(joined(reading.words(literal[cut:].replace("\n", " "))))]
    reading.may_link |= bool(made)
    if reading.constructs and not made and (mixed := html_blocks.read(reading, node, literal)) is not None:
        return mixed
    out: list[Block] = []
    for piece in STAND_IN.split(literal) if made and not literal.startswith("<!--") else [literal]:
        if piece in made:
            out += made[piece][0](reading)
        else:
            out += _raw(reading, piece)
    return out


def _raw(reading: Reading, html: str) -> list[Block]:
    return [{"t": "RawBlock", "c": ["html", reading.verbatim(html)]}] if html.strip() else []


def _container(reading: Reading, node: Node) -> list[Block]:
    info = reading.shown(node.node_value.value.info).strip()
    made = directives.in_colons(reading, node, info) if info.startswith("{") else None
    return callouts.container(reading, node) if made is None else made


def _comment(reading: Reading, node: Node) -> list[Block]:
    reading.gone.note("comment-removed", "%%", reading.line + node.sourcepos.start.line - 1, reading.parsed.source(node))
    return []


BLOCKS: Mapping[str, Make] = {
    "BlockQuote": _quote,
    "MultilineBlockQuote": _quote,
    "List": _list,
    "DescriptionList": _descriptions,
    "CodeBlock": _code_block,
    "HtmlBlock": _html,
    "Heading": _heading,
    "ThematicBreak": lambda _, __: [{"t": "HorizontalRule"}],
    "Table": _table,
    "FootnoteDefinition": _definition,
    "Callout": callouts.callout,
    "Alert": callouts.alert,
    "BlockDirective": _container,
    "MultilineComment": _comment,
}
SEQUENCES = (callouts.admonition, callouts.tab)


def content(reading: Reading, *, links_urls: bool) -> list[Block]:
    """The blocks of the whole text. `links_urls`: bare URLs are links."""

    def linked(made: list[Block]) -> Sequence[Block]:
        blocks = bare_urls.linkify(Blocks(made)) if reading.may_link else made
        reading.may_link = False
        return blocks

    return reading.blocks(reading.parsed.root.children, each=linked if links_urls else None)


MAKERS = Makers(BLOCKS, INLINES, SEQUENCES)
