"""The block elements: paragraphs, headings, divisions, lists, code, figures, quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from service.ast.html import code_languages, emphasis, inlines, tree
from service.ast.html.attributes import alignment, attributes_of, floated, sized_attributes_of
from service.ast.html.shape import anchored, spaced, trimmed
from service.ast.html.tables import is_layout, laid_out, table_of
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Attr, Node, attr, div, header, para, plain, text

if TYPE_CHECKING:
    from service.ast.html import Converter

PAGE_BREAK = re.compile(r"\bbreak-(after|before)\s*:\s*(?:always|page|left|right)", re.IGNORECASE)
BREAKS = frozenset({"page-break", "pagebreak", "new-page", "newpage"})  # classes
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")  # Hebrew, Arabic and their neighbours
DIRECTED = frozenset({"lang", "dir"})


def paragraph(converter: Converter, element: Element) -> list[Node]:
    """A paragraph; in a division if it has a direction, language or alignment, as the AST's paragraphs have no attributes."""
    return _broken(_framed(emphasis.around_blocks(converter.blocks_in(element), element), element), element)


def _framed(blocks: list[Node], element: Element) -> list[Node]:
    """`blocks` with the identifier, language, direction and alignment of an element whose node has no attributes."""
    own = attributes_of(element)
    pairs = {key: value for key, value in own[2] if key in DIRECTED}
    if pairs.get("dir") == "auto" and not RIGHT_TO_LEFT.search(element.text()):
        del pairs["dir"]
    framed = aligned(anchored(blocks, own[0]), alignment(element))
    return [div(framed, attr(pairs=pairs))] if framed and pairs else framed


def aligned(blocks: list[Node], align: str) -> list[Node]:
    """`blocks` in divisions with that alignment. Headings stay between the divisions, because they define sections and the title.

    A heading has the alignment itself.
    """
    if not align:
        return blocks
    out: list[Node] = []
    run: list[Node] = []
    for block in [*blocks, None]:
        if block is not None and block["t"] != "Header":
            run.append(block)
            continue
        if run:
            out.append(div(run, attr(pairs={"align": align})))
            run = []
        if block is not None:
            level, attributes, inlines = block["c"]
            out.append(header(level, inlines, _with_align(attributes, align)))
    return out


def _with_align(attributes: Attr, align: str) -> Attr:
    identifier, classes, pairs = attributes
    return (
        attributes if not align or any(key == "align" for key, _ in pairs) else [identifier, classes, [*pairs, ["align", align]]]
    )


def heading(converter: Converter, element: Element) -> list[Node]:
    inlines = trimmed(converter.inlines_in(element))
    attributes = attributes_of(element)
    given = _with_align(attributes, alignment(element))
    return [header(int(element.tag[1]), inlines, given)] if inlines or attributes[0] else []


def division(converter: Converter, element: Element) -> list[Node]:
    inside = aligned(emphasis.around_blocks(converter.blocks_in(element), element), alignment(element))
    attributes = attributes_of(element)
    kept = [div(inside, attributes)] if (inside or attributes[0]) and attributes != attr() else inside
    return _broken(kept, element)


def component(converter: Converter, element: Element) -> list[Node]:
    """A component of AMP: its content, and a link to what its script would show."""
    inside = division(converter, element)
    if not inlines.address_of(element):
        return inside
    bare = Element(element.tag, element.attributes, element.line)
    return [*inside, para(inlines.player(converter, bare))]


def frame(converter: Converter, element: Element) -> list[Node]:
    """A frame of a set of frames: a paragraph with the link to its page."""
    made = inlines.player(converter, element)
    return [para(made)] if made else []


def _broken(blocks: list[Node], element: Element) -> list[Node]:
    """`blocks` with the page break of the element's style, or of the class of an empty element."""
    asked = PAGE_BREAK.search(element.get("style"))
    if not asked and (blocks or element.get("class") not in BREAKS):
        return blocks
    mark = div([], attr(classes=["page-break"]))
    return [mark, *blocks] if asked and asked[1].lower() == "before" else [*blocks, mark]


def items(converter: Converter, element: Element) -> list[list[Node]]:
    """The list's items. Content between them is an item too."""
    found: list[list[Node]] = []
    for part in element.children:
        if isinstance(part, str):
            item = [plain(trimmed(spaced(part)))]
        elif part.tag == "li":
            inside = tight(anchored(converter.blocks_in(part), attributes_of(part)[0]))
            item = aligned(inside, alignment(part))
        elif converter.is_block(part):
            item = converter.block(part)
        else:
            item = [plain(trimmed(converter.inlines_of([part])))]
        if item and item != [plain([])]:
            found.append(item)
    return found


def tight(blocks: list[Node]) -> list[Node]:
    """An item of one paragraph, or one and a list, is tight, as in pandoc's HTML reader."""
    if sum(block["t"] == "Para" for block in blocks) == 1 and blocks[0]["t"] == "Para":
        return [plain(blocks[0]["c"]), *blocks[1:]]
    return blocks


def bullet_list(converter: Converter, element: Element) -> list[Node]:
    found = items(converter, element)
    return _framed([{"t": "BulletList", "c": found}] if found else [], element)


STYLES = {"a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman", "1": "Decimal"}


def ordered_list(converter: Converter, element: Element) -> list[Node]:
    """A list; if its numbers jump (`<li value>`) or count down (`reversed`), a division with several lists."""
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
    return _framed([div(lists, attr(classes=["numbers"]))] if len(lists) > 1 else lists, element)


def _numbers(element: Element, count: int) -> list[int]:
    """The number of each item (HTML Standard, 4.4.5 and 4.4.8); a `value` counts if every item is an `<li>`."""
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
    """Terms and definitions. Content between them belongs to the definition above it."""
    entries: list[list[Any]] = []
    for part in _definition_parts(element):
        if isinstance(part, Element) and part.tag == "dt":
            anchor = anchored([plain(trimmed(converter.inlines_in(part)))], attributes_of(part)[0])
            entries.append([anchor[0]["c"], []])
            continue
        if isinstance(part, Element) and part.tag == "dd":
            entries = entries or [[[], []]]
            entries[-1][1].append(anchored(converter.blocks_in(part), attributes_of(part)[0]))
        elif stray := converter.blocks_of([part]):
            entries = entries or [[[], []]]
            entries[-1][1].append(stray)
    return _framed([{"t": "DefinitionList", "c": entries}] if entries else [], element)


def _definition_parts(element: Element) -> Iterator[str | Element]:
    """The list's own terms and definitions, which may be in divisions; a list in a definition keeps its own."""
    for part in element.children:
        if isinstance(part, Element) and part.tag in ("div", "dl"):
            yield from _definition_parts(part)
        else:
            yield part


def stray_item(converter: Converter, element: Element) -> list[Node]:
    """An item outside any list: a list of one."""
    inside = tight(anchored(converter.blocks_in(element), attributes_of(element)[0]))
    return [{"t": "BulletList", "c": [inside]}] if inside else []


def code_block(converter: Converter, element: Element) -> list[Node]:
    """Its text unchanged, then the pictures in it. The language is in a class of it or of the `<code>` inside."""
    language, first = code_languages.of(element), element.get("data-first-line")
    images: list[Node] = []
    content = "".join(_verbatim(converter, element.children, images)).removeprefix("\n").rstrip("\n")
    numbers = {"startFrom": first} if first not in ("", "1") else {}
    attributes = attr(attributes_of(element)[0], [*([language] if language else []), *["numberLines"] * bool(first)], numbers)
    code = [{"t": "CodeBlock", "c": [attributes, content]}] if content or not images else []
    return [*code, para(images)] if images else code


def _verbatim(converter: Converter, parts: Sequence[str | Element], images: list[Node]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif part.tag == "br":
            yield "\n"
        elif part.tag == converter.placeholder:
            yield text(converter.placed(part))
        elif part.children:
            yield from _verbatim(converter, part.children, images)
        elif part.tag != "input":  # a control of the page, not part of the code
            made = [node for node in converter.inlines_of([part]) if node["t"] != "LineBreak"]
            images += [node for node in made if node["t"] == "Image"]
            yield text([node for node in made if node["t"] != "Image"])


def markup_as_text(converter: Converter, element: Element) -> list[Node]:
    """The parser treats the content of `<noframes>` as text, so it is parsed separately."""
    return converter.blocks_in(tree.fragment(element.text()))


def quotation(converter: Converter, element: Element) -> list[Node]:
    inside = converter.blocks_in(element)
    return _framed([{"t": "BlockQuote", "c": inside}] if inside else [], element)


def rule(_converter: Converter, element: Element) -> list[Node]:
    """A rule, or a page break in the form of a rule."""
    return _broken([], element) or anchored([{"t": "HorizontalRule"}], attributes_of(element)[0])


def details(converter: Converter, element: Element) -> list[Node]:
    """The content of `<details>`, always open, with the summary in bold before it."""
    identifier, classes, pairs = attributes_of(element)
    inside = converter.blocks_in(element)
    return [div(inside, [identifier, ["details", *classes], pairs])] if inside else []


def strong_line(converter: Converter, element: Element) -> list[Node]:
    """A label of the following content: a summary, a legend, a term outside any list. A heading in it stays a heading."""
    if any(child.tag in HEADING_TAGS for child in element.elements()):
        return converter.blocks_in(element)
    inlines = trimmed(converter.inlines_in(element))
    return anchored([para([{"t": "Strong", "c": inlines}])] if inlines else [], attributes_of(element)[0])


HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def figure(converter: Converter, element: Element) -> list[Node]:
    captions = [part for part in element.elements() if part.tag == "figcaption"]
    caption = [block for part in captions for block in converter.blocks_in(part)]
    inside = converter.blocks_of(part for part in element.children if part not in captions)
    if len(inside) == 1 and inside[0]["t"] == "Para":
        inside = [plain(inside[0]["c"])]
    identifier, classes, pairs = attributes_of(element)
    about = [identifier, [*classes, *floated(element)], pairs]
    return [{"t": "Figure", "c": [about, [None, caption], inside]}] if inside else caption


def table(converter: Converter, element: Element) -> list[Node]:
    """A table. Rows or cells outside a table get one. A table that only arranges the page is a layout."""
    if is_layout(element):
        return _framed([block for part in laid_out(element) for block in _shown(converter, part)], element)
    return table_of(converter, element, sized_attributes_of(element) if element.tag == "table" else attr())


def _shown(converter: Converter, part: str | Element) -> list[Node]:
    """The content of a cell, or content of a table outside its cells."""
    if isinstance(part, str) or part.tag not in ("td", "th", "caption"):
        return converter.blocks_of([part])
    return _framed(converter.blocks_in(part), part)
