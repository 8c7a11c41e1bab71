"""The flow of a Word document for pandoc: no wrapper around text, no text box within a paragraph.

pandoc ignores unknown elements with their content, and text boxes. So
alternatives are decided, wrappers are removed, and the text of a box follows the paragraph that anchors it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from service.containers import packages
from service.readers.office.word_names import (
    BLIP,
    BOX,
    COMPATIBILITY,
    DRAWN_TEXT,
    IMAGE_DATA,
    MATH,
    PARAGRAPH,
    RUN,
    TEXT,
    VML,
    A,
    replaced,
    run,
    spliced,
    w,
)
from service.readers.office.word_package import KNOWN

ALTERNATE = f"{{{COMPATIBILITY}}}AlternateContent"
BRANCHES = (f"{{{COMPATIBILITY}}}Choice", f"{{{COMPATIBILITY}}}Fallback")
# Elements with text or pictures, and elements that pandoc reads; everything else around one of CARRIERS is a wrapper.
CARRIERS = frozenset({
    PARAGRAPH, RUN, w("tbl"), w("tr"), w("tc"), w("hyperlink"), w("bookmarkStart"), w("del"), w("moveFrom"),
    f"{{{MATH}}}oMath", f"{{{MATH}}}oMathPara",
})  # fmt: skip
STRUCTURE = CARRIERS | {w(name) for name in ("document", "body", "footnotes", "footnote", "endnotes", "endnote")}
SETTINGS = tuple(w(name) for name in ("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr"))
FIELD = w("fldSimple")
MOST_COLUMNS = 64  # that a row may leave out


def straightened(top: etree._Element) -> None:
    """Changes the tree of one part in place."""
    _decide(top)
    _settle_rows(top)
    for strike in list(top.iter(w("dstrike"))):
        strike.tag = w("strike")
    _read_drawn_text(top)
    _lift_boxes(top)
    _write_ruby(top)
    _divide_nested(top)
    _write_fields(top)
    etree.strip_elements(top, *SETTINGS, with_tail=False)
    for element in reversed(list(top.iter(etree.Element))):
        space = etree.QName(element).namespace
        if element.tag not in STRUCTURE and space != MATH and any(child.tag in CARRIERS for child in element):
            spliced(element)


def _settle_rows(top: etree._Element) -> None:
    """Without the rows whose deletion is tracked; the columns that a row leaves out before its cells are an empty cell."""
    for row in list(top.iter(w("tr"))):
        properties = row.find(w("trPr"))
        if properties is None:
            continue
        before = properties.find(w("gridBefore"))
        count = before.get(w("val"), "") if before is not None else ""
        if properties.find(w("del")) is not None and row.getparent() is not None:
            row.getparent().remove(row)  # type: ignore[union-attr]
        elif before is not None and count.isascii() and count.isdecimal() and 0 < int(count) < MOST_COLUMNS:
            cell = etree.Element(w("tc"))
            etree.SubElement(etree.SubElement(cell, w("tcPr")), w("gridSpan")).set(w("val"), count)
            etree.SubElement(cell, PARAGRAPH)
            properties.addnext(cell)
            properties.remove(before)


# Word's styles of code → the names of pandoc.
CODE_STYLES = {"html preformatted": "Source Code", "html code": "Verbatim Char", "html typewriter": "Verbatim Char"}


def name_code(parts: dict[str, bytes]) -> None:
    """Gives Word's styles of code the names of pandoc."""
    data = parts.get(KNOWN["styles"], b"")
    if not re.search(rb"HTML (?:Preformatted|Code|Typewriter)", data, re.IGNORECASE):
        return
    top = packages.parse(data)
    for name in top.iter(w("name")):
        if known := CODE_STYLES.get(name.get(w("val"), "").lower()):
            name.set(w("val"), known)
    parts[KNOWN["styles"]] = packages.serialize(top)


def letters_in(element: etree._Element) -> int:
    """The letters of the text that a branch or a box would show."""
    return sum(len((each.text or "").strip()) for each in element.iter(TEXT, DRAWN_TEXT))


def _decide(top: etree._Element) -> None:
    """Chooses the branch of each alternative with the most text, then with the most pictures, then the first."""
    for alternative in list(top.iter(ALTERNATE)):
        branches = [child for child in alternative if child.tag in BRANCHES]
        if not branches:
            continue
        best = max(branches, key=lambda branch: (letters_in(branch), sum(1 for _ in branch.iter(BLIP, IMAGE_DATA))))
        for branch in branches:
            if branch is not best:
                alternative.remove(branch)
        spliced(best)
        spliced(alternative)


def _read_drawn_text(top: etree._Element) -> None:
    """The text of a drawing (DrawingML, WordArt) as the box that Word would write."""
    for body in list(top.iter(f"{{{A}}}txBody")):
        box = etree.Element(BOX)
        for drawn in body.iter(f"{{{A}}}p"):
            text = "".join(each.text or "" for each in drawn.iter(DRAWN_TEXT))
            if text.strip():
                etree.SubElement(box, PARAGRAPH).append(run(text))
        body.addprevious(box)
        body.getparent().remove(body)  # type: ignore[union-attr]
    for path in list(top.iter(f"{{{VML}}}textpath")):
        if (path.get("string") or "").strip():
            box = etree.SubElement(path, BOX)
            etree.SubElement(box, PARAGRAPH).append(run(path.get("string", "")))


def _lift_boxes(top: etree._Element) -> None:
    """The blocks of each text box follow the paragraph that anchors it, those of several boxes in their order."""
    last: dict[etree._Element, etree._Element] = {}
    for box in list(top.iter(BOX)):
        anchor = next(box.iterancestors(PARAGRAPH), None)
        holder = box.getparent()
        if holder is None:
            continue
        holder.remove(box)
        if anchor is None:
            continue
        at = last.get(anchor, anchor)
        for block in list(box):
            at.addnext(block)
            at = block
        last[anchor] = at


def _write_ruby(top: etree._Element) -> None:
    """Ruby as its base and the reading in parentheses: pandoc does not support ruby."""
    for ruby in list(top.iter(w("ruby"))):
        base, reading = (list(_runs_of(ruby, name)) for name in ("rubyBase", "rt"))
        replaced(ruby, [*base, run("("), *reading, run(")")] if reading else base)


def _divide_nested(top: etree._Element) -> None:
    """Moves a run within a run behind it: pandoc reads only the outer one."""
    for holder in [each for each in top.iter(RUN) if each.find(RUN) is not None]:
        parts: list[etree._Element] = []
        fresh = True
        for child in list(holder):
            if child.tag == RUN:
                parts.append(child)
            elif fresh:
                parts.append(etree.Element(RUN))
                parts[-1].append(child)
            else:
                parts[-1].append(child)
            fresh = child.tag == RUN
        replaced(holder, parts)


def _runs_of(ruby: etree._Element, name: str) -> Iterator[etree._Element]:
    part = ruby.find(w(name))
    yield from part.iter(RUN) if part is not None else ()


def _write_fields(top: etree._Element) -> None:
    """A simple field as the complex one that means the same: pandoc reads the results of those only."""
    for field in list(top.iter(FIELD)):
        begin, separate, end = (_field_mark(kind) for kind in ("begin", "separate", "end"))
        instruction = etree.Element(RUN)
        etree.SubElement(instruction, w("instrText")).text = field.get(w("instr"), "")
        field[:0] = [begin, instruction, separate]
        field.append(end)


def _field_mark(kind: str) -> etree._Element:
    element = etree.Element(RUN)
    etree.SubElement(element, w("fldChar")).set(w("fldCharType"), kind)
    return element
