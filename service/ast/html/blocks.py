"""The block elements that have a shape of their own: lists, code, figures, quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from service.ast.html import names
from service.ast.html.shape import attributes_of, is_block, spaced, trimmed
from service.ast.html.tables import table_of
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Node, attr, div, para, plain, text

if TYPE_CHECKING:
    from service.ast.html import Converter, Make

LANGUAGE = re.compile(r"(?:lang(?:uage)?|highlight|brush)[-:]\s*([\w+#.-]+)")


def paragraph(converter: Converter, element: Element) -> list[Node]:
    """A paragraph; in a division where it has a direction or a language of its own, for the AST's paragraphs have none."""
    blocks = converter.blocks_in(element)
    centred = element.get("align").lower() == "center"
    own = {key: value for key, value in attributes_of(element)[2] if key in ("dir", "lang")}
    return [div(blocks, attr("", ["center"] if centred else [], own))] if blocks and (centred or own) else blocks


def items(converter: Converter, element: Element) -> list[list[Node]]:
    """The list's items; what stands between them is an item too."""
    found: list[list[Node]] = []
    for part in element.children:
        if isinstance(part, str):
            if part.strip():
                found.append([plain(trimmed(spaced(part)))])
        elif part.tag == "li":
            found.append(tight(converter.blocks_in(part)))
        elif part.tag == converter.placeholder:
            placed = converter.placed(part)
            inlines = [] if is_block(placed[0]) else trimmed(placed)
            if inlines or is_block(placed[0]):
                found.append([plain(inlines)] if inlines else placed)
        elif blocks := (converter.block(part) if part.tag in names.BLOCKS else tight([para(converter.inline(part))])):
            found.append(blocks)
    return [item for item in found if item != [para([])] and item != [plain([])]]


def tight(blocks: list[Node]) -> list[Node]:
    """An item of one paragraph, or one and a list, is set tight, as pandoc's own HTML reader does."""
    if sum(block["t"] == "Para" for block in blocks) == 1 and blocks[0]["t"] == "Para":
        return [plain(blocks[0]["c"]), *blocks[1:]]
    return blocks


def bullet_list(converter: Converter, element: Element) -> list[Node]:
    found = items(converter, element)
    return [{"t": "BulletList", "c": found}] if found else []


STYLES = {"a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman", "1": "Decimal"}


def ordered_list(converter: Converter, element: Element) -> list[Node]:
    """A list; where its numbers jump (`<li value>`) or count down (`reversed`), a division of one list after the other."""
    found = items(converter, element)
    style = {"t": STYLES.get(element.get("type"), "DefaultStyle")}
    lists: list[Node] = []
    expected = None
    for item, number in zip(found, _numbers(element, len(found)), strict=True):
        if number == expected:
            lists[-1]["c"][1].append(item)
        else:
            lists.append({"t": "OrderedList", "c": [[number, style, {"t": "DefaultDelim"}], [item]]})
        expected = number + 1
    return [div(lists, attr(classes=["numbers"]))] if len(lists) > 1 else lists


def _numbers(element: Element, count: int) -> list[int]:
    """The number of each item (HTML Standard, 4.4.5 and 4.4.8); a `value` counts where every item is an `<li>` of its own."""
    step = -1 if "reversed" in element.attributes else 1
    number = _integer(element.get("start"), count if step < 0 else 1)
    listed = [part for part in element.elements() if part.tag == "li"]
    values = [part.get("value") for part in listed] if len(listed) == count else [""] * count
    numbers = []
    for value in values:
        number = _integer(value, number)
        numbers.append(number)
        number += step
    return numbers


def _integer(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text.strip()) else otherwise


def definition_list(converter: Converter, element: Element) -> list[Node]:
    entries: list[list[Any]] = []
    for part in element.below("dt", "dd"):
        if part.tag == "dt":
            entries.append([trimmed(converter.inlines_in(part)), []])
        elif entries:
            entries[-1][1].append(converter.blocks_in(part))
        else:
            entries.append([[], [converter.blocks_in(part)]])
    return [{"t": "DefinitionList", "c": entries}] if entries else converter.blocks_in(element)


def stray_item(converter: Converter, element: Element) -> list[Node]:
    """An item outside any list: a list of one."""
    inside = tight(converter.blocks_in(element))
    return [{"t": "BulletList", "c": [inside]}] if inside else []


def code_block(converter: Converter, element: Element) -> list[Node]:
    """`<pre>`: its text as it stands; the language from a class of it or of the `<code>` inside."""
    inner = next(element.iter("code"), element)
    classes = f"{element.get('class')} {inner.get('class')} {element.get('lang')}"
    language = LANGUAGE.search(classes)
    content = "".join(verbatim(converter, element)).removeprefix("\n").rstrip("\n")
    return [{"t": "CodeBlock", "c": [attr(classes=[language[1].lower()] if language else []), content]}]


def verbatim(converter: Converter, element: Element) -> Iterator[str]:
    for part in element.children:
        if isinstance(part, str):
            yield part
        elif part.tag == "br":
            yield "\n"
        elif part.tag == converter.placeholder:
            yield text(converter.placed(part))
        else:
            yield from verbatim(converter, part)


def quotation(converter: Converter, element: Element) -> list[Node]:
    inside = converter.blocks_in(element)
    return [{"t": "BlockQuote", "c": inside}] if inside else []


def rule(_converter: Converter, _element: Element) -> list[Node]:
    return [{"t": "HorizontalRule"}]


def details(converter: Converter, element: Element) -> list[Node]:
    """Unfolded, for paper can't fold: the summary in bold before it."""
    inside = converter.blocks_in(element)
    return [div(inside, attr(classes=["details"]))] if inside else []


def summary(converter: Converter, element: Element) -> list[Node]:
    inlines = trimmed(converter.inlines_in(element))
    return [para([{"t": "Strong", "c": inlines}])] if inlines else []


def figure(converter: Converter, element: Element) -> list[Node]:
    captions = [part for part in element.elements() if part.tag == "figcaption"]
    caption = [block for part in captions for block in converter.blocks_in(part)]
    inside = converter.blocks_of(part for part in element.children if part not in captions)
    if len(inside) == 1 and inside[0]["t"] == "Para":
        inside = [plain(inside[0]["c"])]
    return [{"t": "Figure", "c": [attributes_of(element), [None, caption], inside]}] if inside else caption


def table(converter: Converter, element: Element) -> list[Node]:
    return table_of(converter, element, attributes_of(element))


def loose_cells(converter: Converter, element: Element) -> list[Node]:
    """Rows or cells outside any table: a table around them."""
    return table_of(converter, element, attr())


BLOCKS: Mapping[str, Make] = {
    "p": paragraph, "ul": bullet_list, "menu": bullet_list, "dir": bullet_list, "ol": ordered_list, "dl": definition_list,
    "li": stray_item, "dt": summary, "dd": quotation, "pre": code_block, "listing": code_block, "xmp": code_block,
    "blockquote": quotation, "hr": rule, "details": details, "summary": summary, "figure": figure, "table": table,
    "tr": loose_cells, "tbody": loose_cells, "thead": loose_cells, "tfoot": loose_cells,
}  # fmt: skip
