"""Tables for screens of any width: words and numbers stay whole, and a wide table scrolls in its box."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from service.containers import packages
from service.model.text import construct_labels
from service.writers.epub.xhtml import MATHML, XHTML, tag

# Characters of a row from which a table has smaller type, and from which less space. A usual screen shows about 45.
WIDE, TIGHT, GAP = 44, 70, 3
LONGEST_WHOLE = 24  # characters: a longer word breaks, because it is an address or a hash
SHORT = re.compile(r"(?=.{0,12}\d)\S{1,14}")  # a date or a number: it stays on one line
ANNOTATION = f"{{{MATHML}}}annotation"
LONG = re.compile(rf"\S{{{LONGEST_WHOLE + 1},}}")


def settle(table: etree._Element, lang: str) -> None:
    """Marks the width of the table and its breakable long words, and puts it into a box."""
    columns: dict[int, int] = {}
    for row in table.iter(tag("tr")):
        for place, cell in enumerate(row):
            words = "".join(_shown(cell)).split()
            longest = max((len(word) for word in words if len(word) <= LONGEST_WHOLE), default=1)
            columns[place] = max(columns.get(place, 1), longest)
            if SHORT.fullmatch(" ".join(words)):
                cell.set("class", f"{cell.get('class', '')} whole".strip())
            for element in list(cell.iter(etree.Element)) if any(len(word) > LONGEST_WHOLE for word in words) else ():
                _let_break(element, cell)
    wide = sum(columns.values()) + GAP * len(columns)
    names = [table.get("class", ""), "wide" * (wide > WIDE), "tight" * (wide > TIGHT)]
    if wide > WIDE:
        table.set("class", " ".join(filter(None, names)))
    if next(table.iterancestors(tag("table")), None) is None:
        _box(table, lang, scrolled=wide > WIDE)


def _box(table: etree._Element, lang: str, *, scrolled: bool) -> None:
    """Makes a scrollable table accessible by keyboard, with a name (WCAG 2.2, 2.1.1)."""
    box = etree.Element(tag("div"), {"class": "table"})
    packages.replace(table, box)
    box.append(table)
    if scrolled:
        caption = table.find(tag("caption"))
        name = " ".join("".join(map(str, caption.itertext())).split()) if caption is not None else ""
        box.attrib.update({"role": "group", "tabindex": "0", "aria-label": name or construct_labels.word("table", lang)})


def _shown(element: etree._Element) -> Iterator[str]:
    """The text of a cell, without the TeX of formulas."""
    if element.tag != ANNOTATION:
        yield element.text or ""
        for child in element.iterchildren(etree.Element):
            yield from _shown(child)
            yield child.tail or ""


def _let_break(element: etree._Element, cell: etree._Element) -> None:
    """Puts each long word of the element's own text, and of the text behind it, into a span that may break.

    Formulas get no such spans: MathML does not allow them.
    """
    if etree.QName(element).namespace == XHTML and (len(element) or LONG.search(element.text or "")):
        _wrap(element, element.text or "", 0)
    parent = element.getparent()
    if element is cell or parent is None or etree.QName(parent).namespace != XHTML:
        return
    if LONG.search(element.tail or ""):
        _wrap(parent, element.tail or "", parent.index(element) + 1, after=element)


def _wrap(parent: etree._Element, text: str, place: int, after: etree._Element | None = None) -> None:
    """`text` before the child at `place` of the parent, its long words as spans; it stands behind `after` or comes first."""
    words = LONG.findall(text)
    if not words:
        return
    plain = LONG.split(text)
    if after is None:
        parent.text = plain[0]
    else:
        after.tail = plain[0]
    for number, (word, rest) in enumerate(zip(words, plain[1:], strict=True)):
        long = etree.Element(tag("span"), {"class": "long"})
        long.text, long.tail = word, rest
        parent.insert(place + number, long)
