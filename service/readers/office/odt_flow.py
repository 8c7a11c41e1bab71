"""The flow of an OpenDocument text for pandoc: moves text boxes, fields and nested tables that it would ignore.

pandoc reads only a few elements in each place (its Text.Pandoc.Readers.ODT.ContentReader): no table or heading in
a cell, no table in a list, no list in a note, no field, no shape, no picture in a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from service.containers import packages
from service.readers.office.inserts import Inserts
from service.readers.office.odt_names import (
    BLOCKS,
    BODY,
    BOX,
    CELL,
    DC,
    DRAW,
    FRAME,
    HEADING,
    ITEM,
    LINES,
    LINK,
    LIST,
    NOTE,
    OFFICE,
    PARAGRAPH,
    SECTION,
    SVG,
    TABLE,
    TABLES,
    d,
    paragraph,
    t,
    tb,
    words,
)  # fmt: skip
from service.readers.office.title_page import letters

# Not part of the text: deletions, comments, forms, labels that are counted again, sources of an index.
LEFT_OUT = (
    *(t(name) for name in ("tracked-changes", "note-citation", "number", "hidden-paragraph")),
    *(f"{{{OFFICE}}}{name}" for name in ("annotation", "annotation-end", "forms", "event-listeners")),
)
# The inline elements that pandoc reads; the text of any other becomes that of its paragraph.
READ = frozenset(
    t(name)
    for name in (
        "span", "s", "tab", "line-break", "a", "note", "note-body", "bibliography-mark", "bookmark", "bookmark-start",
        "bookmark-end", "reference-mark-start", "reference-mark-end", "bookmark-ref", "reference-ref", "soft-page-break",
        "p", "h", "list", "list-item", "list-header", "section",
    )
)  # fmt: skip
# Elements of these namespaces are not wrappers of text: drawings, tables, formulas.
STRUCTURE = frozenset({DRAW, SVG, TABLE, OFFICE, DC, "http://www.w3.org/1998/Math/MathML"})
BLANKS = (t("s"), t("tab"), t("line-break"))
# Places that hold blocks and that pandoc reads.
PLACES = frozenset({BODY, SECTION, LIST, ITEM, t("list-header"), t("note"), NOTE})
ROW_GROUPS = (tb("table-rows"), tb("table-row-group"))
CONTENTS = t("table-of-content")
MOST_BLANKS, MOST_BLANKS_IN_ALL = 100, 100_000  # spaces of one run, and of a document
NARROW = frozenset({CELL, ITEM, t("list-header"), NOTE})  # where pandoc reads no table


@dataclass(frozen=True, slots=True)
class Straightened:
    """`apart`: paragraph before a nested table → its stand-in; `figures`: the marks of figures;
    `contents`: the lists of contents that were left out; `shortened`: the number of runs of spaces that were.
    """

    apart: Mapping[str, str]
    figures: frozenset[str]
    contents: tuple[str, ...]
    shortened: int


def straightened(body: etree._Element, inserts: Inserts) -> Straightened:
    """Changes the tree in place."""
    etree.strip_elements(body, *LEFT_OUT, with_tail=False)
    contents = _without_contents(body)
    figures = _lift_boxes(body, inserts)
    shortened = _shorten_blanks(body)
    _write_inlines(body)
    _lay_out_links(body)
    for wrapper in reversed(list(body.iter(etree.Element))):
        if wrapper.tag not in PLACES and _space(wrapper) not in STRUCTURE and any(child.tag in BLOCKS for child in wrapper):
            _splice(wrapper)
    for group in reversed(list(body.iter(*ROW_GROUPS))):
        _splice(group)
    _flatten(body)
    _drop_tables_without_rows(body)
    return Straightened(_set_apart(body, inserts), figures, contents, shortened)


def _without_contents(body: etree._Element) -> tuple[str, ...]:
    """Removes each list of contents whose entries are all headings, with page numbers of another layout."""
    removed: list[str] = []
    known = {_unnumbered(heading) for heading in body.iter(HEADING)} | {""}
    for contents in list(body.iter(CONTENTS)):
        index = contents.find(t("index-body"))
        entries = index.iterchildren(*LINES) if index is not None else ()
        if index is not None and all(_unnumbered(entry) in known for entry in entries):
            removed.append(" ".join(words(index).split()))
            packages.take_out(contents)
    return tuple(removed)


def _unnumbered(line: etree._Element) -> str:
    return "".join(one for one in letters(words(line)) if not one.isdigit())


def _space(element: etree._Element) -> str:
    return str(element.tag)[1:].partition("}")[0]


def _splice(element: etree._Element) -> None:
    """Replaces a wrapper of blocks by its children."""
    parent = element.getparent()
    if parent is not None:
        for child in list(element):
            element.addprevious(child)
        parent.remove(element)


def _lift_boxes(body: etree._Element, inserts: Inserts) -> frozenset[str]:
    """The blocks of text boxes and shapes follow the paragraph that anchors them; frames outside of any are in their own.

    A picture with its caption, which are one paragraph in a box, is marked as a figure.
    """
    figures: set[str] = set()
    last: dict[etree._Element, etree._Element] = {}
    etree.strip_tags(body, d("g"), d("a"))  # pandoc reads nothing in a group or a linked frame
    for shape in list(body.iter(etree.Element)):
        if _space(shape) != DRAW or shape.tag == d("object"):
            continue
        blocks = [child for child in shape if child.tag in BLOCKS and (words(child).strip() or _has_frame(child))]
        if shape.tag == BOX and len(blocks) == 1 and _is_figure(blocks[0]):
            mark = inserts.mark()
            figures.add(mark)
            blocks[0].text = mark + (blocks[0].text or "")
        if blocks:
            _after(_anchor(shape), blocks, last)
    for frame in list(body.iter(FRAME)):
        parent = frame.getparent()
        if parent is not None and next(frame.iterancestors(*LINES), None) is None:
            holder = paragraph()
            packages.replace(frame, holder)
            frame.tail = None
            holder.append(frame)
    return frozenset(figures)


def _has_frame(block: etree._Element) -> bool:
    return next(block.iter(FRAME), None) is not None


def _is_figure(block: etree._Element) -> bool:
    """One picture, and a caption."""
    frames = list(block.iter(FRAME))
    own = "".join(words(frame) for frame in frames)
    is_picture = len(frames) == 1 and frames[0].find(BOX) is None
    return block.tag == PARAGRAPH and is_picture and bool(words(block).replace(own, "", 1).strip())


def _anchor(shape: etree._Element) -> etree._Element:
    """The paragraph with a shape; else the outermost shape."""
    outermost = shape
    for each in shape.iterancestors(etree.Element):
        if each.tag in LINES:
            return each
        if _space(each) == DRAW:
            outermost = each
    return outermost


def _after(anchor: etree._Element, blocks: list[etree._Element], last: dict[etree._Element, etree._Element]) -> None:
    at = last.get(anchor, anchor)
    for block in blocks:
        block.tail = None
        tail, at.tail = at.tail, None
        at.addnext(block)
        at, block.tail = block, tail
    last[anchor] = at


def _write_inlines(body: etree._Element) -> None:
    """Ruby in parentheses; fields, and other elements that pandoc does not read, as their text."""
    for reading in body.iter(t("ruby-text")):
        reading.text = f"({words(reading)})" if words(reading).strip() else ""
        del reading[:]
    for hidden in list(body.iter(t("hidden-text"))):
        if hidden.get(t("is-hidden")) == "true":
            hidden.text = ""
    unknown: set[str] = set()
    for line in body.iter(*LINES):
        unknown |= {str(each.tag) for each in line.iter(etree.Element) if _space(each) not in STRUCTURE and each.tag not in READ}
    if unknown:
        etree.strip_tags(body, *unknown)


def _shorten_blanks(body: etree._Element) -> int:
    """Long runs of spaces become one space, and all further runs of a document that has very many spaces.

    Each space is an inline: 5,000,000 took pandoc more than 20 s.
    """
    shortened = spaces = 0
    for blank in body.iter(t("s")):
        count = blank.get(t("c"), "1").strip()
        number = int(count) if count.isdecimal() and len(count) < 10 else MOST_BLANKS + 1
        if number > MOST_BLANKS or spaces > MOST_BLANKS_IN_ALL:
            shortened += number > 1
            blank.attrib.pop(t("c"), "")
        else:
            spaces += number
    return shortened


def _lay_out_links(body: etree._Element) -> None:
    """Blanks of a link as characters; a picture in it follows it."""
    for link in list(body.iter(LINK)):
        for blank in link.iterchildren(*BLANKS):
            count = blank.get(t("c"), "1")
            blank.text = " " * (min(10, int(count)) if count.isdecimal() and len(count) < 4 else 1)
        etree.strip_tags(link, *BLANKS)
        for frame in reversed(list(link.iter(FRAME))):
            packages.take_out(frame)
            frame.tail = None
            tail, link.tail = link.tail, None
            link.addnext(frame)
            frame.tail = tail


def _flatten(body: etree._Element) -> None:
    """Headings and sections in cells and notes, and lists in notes, as the paragraphs in them."""
    for place in [*body.iter(CELL), *body.iter(NOTE)]:
        wrappers = (SECTION, LIST, ITEM, t("list-header")) if place.tag == NOTE else (SECTION,)
        for wrapper in reversed([each for each in place.iter(*wrappers) if each is not place]):
            _splice(wrapper)
        for heading in place.iterchildren(HEADING):
            heading.tag = PARAGRAPH


def _drop_tables_without_rows(body: etree._Element) -> None:
    """A table without a row has no text, and pandoc 3.9 dies of it."""
    for table in list(body.iter(TABLES)):
        if next(table.iter(tb("table-row")), None) is None:
            packages.take_out(table)


def _set_apart(body: etree._Element, inserts: Inserts) -> dict[str, str]:
    """Moves tables at places where pandoc reads none to the end of the text, each behind its own paragraph → its stand-in."""
    apart: dict[str, str] = {}
    for table in reversed(list(body.iter(TABLES))):
        parent = table.getparent()
        if parent is None or parent.tag not in NARROW:
            continue
        here, there = inserts.mark(), inserts.mark()
        apart[there] = here
        packages.replace(table, paragraph(here))
        table.tail = None
        body.extend([paragraph(there), table])
    return apart


def roles(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Paragraph style → the name of the style that it is, or is based on, in lower case."""
    names: dict[str, tuple[str, str]] = {}
    style = OFFICE.replace(":office:", ":style:")
    for part in ("styles.xml", "content.xml"):
        if part in parts:
            for each in packages.parse(parts[part]).iter(f"{{{style}}}style"):
                name = each.get(f"{{{style}}}name", "")
                names[name] = each.get(f"{{{style}}}display-name", name).lower(), each.get(f"{{{style}}}parent-style-name", "")
    return {name: _base(name, names) for name in names}


NAMED = frozenset({"title", "subtitle", "author", "date", "abstract"})


def _base(name: str, names: Mapping[str, tuple[str, str]]) -> str:
    for _ in range(20):  # styles may be based on each other in a circle
        shown, parent = names.get(name, (name.lower(), ""))
        if shown in NAMED or not parent:
            return shown
        name = parent
    return ""
