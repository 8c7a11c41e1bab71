"""Lists of Word whose items have no mark (`numFmt` none) become paragraphs. pandoc would number them."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from service.containers import packages
from service.readers.office.word_names import PARAGRAPH, w
from service.readers.office.word_package import KNOWN

VALUE = w("val")


def unmarked(parts: Mapping[str, bytes]) -> frozenset[tuple[str, str]]:
    """Number and level of each list without marks (ECMA-376 part 1, 17.9)."""
    data = parts.get(KNOWN["numbering"], b"")
    if b'"none"' not in data:
        return frozenset()
    top = packages.parse(data)
    levels = {
        (each.get(w("abstractNumId")), level.get(w("ilvl"), ""))
        for each in top.iter(w("abstractNum"))
        for level in each.iter(w("lvl"))
        if any(kind.get(VALUE) == "none" for kind in level.iter(w("numFmt"))) and not any(_text(level))
    }
    names = {(each.get(w("numId"), ""), kind.get(VALUE)) for each in top.iter(w("num")) for kind in each.iter(w("abstractNumId"))}
    return frozenset((number, level) for number, name in names for abstract, level in levels if abstract == name)


def _text(level: etree._Element) -> list[str]:
    return [each.get(VALUE, "").strip() for each in level.iter(w("lvlText"))]


def settle(top: etree._Element, lists: frozenset[tuple[str, str]]) -> None:
    """Removes the numbering from the paragraphs of these lists."""
    if not lists:
        return
    for paragraph in top.iter(PARAGRAPH):
        numbering = paragraph.find(f"{w('pPr')}/{w('numPr')}")
        if numbering is None:
            continue
        number, level = (_said(numbering.find(w(name))) for name in ("numId", "ilvl"))
        if (number, level or "0") in lists:
            packages.take_out(numbering)


def _said(element: etree._Element | None) -> str:
    return element.get(VALUE, "") if element is not None else ""
