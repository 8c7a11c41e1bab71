"""Adds properties in the order of the schema: Word refuses a file with another order.

Source: ECMA-376 part 1, 17.3.1.26 (pPr), 17.3.2.28 (rPr), 17.4.59 (tblPr), 17.4.69 (tcPr).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from service.writers.docx.body import w

ORDER: Mapping[str, Sequence[str]] = {
    "pPr": (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
        "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
        "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
        "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle",
        "rPr", "sectPr", "pPrChange",
    ),
    "rPr": (
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss",
        "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern", "position", "sz", "szCs",
        "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout",
        "specVanish", "oMath",
    ),
    "tblPr": (
        "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
        "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription",
    ),
    "tcPr": (
        "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection", "tcFitText",
        "vAlign", "hideMark",
    ),
}  # fmt: skip
PLACES = {group: {w(name): place for place, name in enumerate(names)} for group, names in ORDER.items()}


def properties(element: etree._Element, group: str) -> etree._Element:
    """The properties `group` (pPr, rPr, tblPr, tcPr) of a paragraph, run, table or cell: the first child, created if missing."""
    found = element.find(w(group))
    if found is None:
        found = etree.Element(w(group))
        element.insert(0, found)
    return found


def put(element: etree._Element, group: str, name: str, **values: str | int) -> etree._Element:
    """Sets the property `name` of an element: creates it, or updates its `values`. Returns it."""
    parent, places = properties(element, group), PLACES[group]
    found = parent.find(w(name))
    if found is None:
        found = etree.Element(w(name))
        place = places[found.tag]
        later = next((index for index, each in enumerate(parent) if places.get(each.tag, len(places)) > place), len(parent))
        parent.insert(later, found)
    for key, value in values.items():
        found.set(w(key), str(value))
    return found
