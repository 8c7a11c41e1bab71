"""The numbers of ordered lists: their start, their kind, and the marks around them.

pandoc's HTML has the start and the type of a list, but no parentheses: a division has these (`ast.list_delimiters`).
WeasyPrint reads neither `start` nor `type`. So a list with another start resets its counter, and the
items of a list with another kind have their label as a style (CSS Lists 3, `list-style-type: <string>`).
"""

from __future__ import annotations

from lxml import etree

from service.ast import list_delimiters
from service.model.text import numerals
from service.writers.page.elements import dissolve

CHARACTER, GAP, USUAL = 0.55, 0.6, 1.9  # em: of a digit, before the text, and the indent of a list in print.css


def number(ordered: etree._Element) -> None:
    """Gives an `ol` and its items the styles for its `start`, its `type` and the Div around it, and space for long labels."""
    before, after = list_delimiters.AROUND.get(_taken_delimiter(ordered), ("", "."))
    kind = ordered.get("type", "1")
    start = int(ordered.get("start", "1"))
    labels = [f"{before}{numerals.label(each, kind)}{after}" for each in range(start, start + len(ordered))]
    styles = []
    if numerals.TYPES.get(kind, "decimal") != "decimal" or after != ".":
        for item, label in zip(ordered, labels, strict=True):
            item.set("style", f"list-style-type:'{label} '")
    elif start != 1:
        styles.append(f"counter-reset:list-item {start - 1}")
    indent = max(map(len, labels), default=0) * CHARACTER + GAP
    if indent > USUAL and not _holds_notes(ordered):
        styles.append(f"padding-inline-start:{indent:.2f}em")
    if styles:
        ordered.set("style", ";".join(styles))


def _taken_delimiter(ordered: etree._Element) -> str:
    """The class of the Div around a list with parentheses. The Div is removed."""
    parent = ordered.getparent()
    name: str = parent.get("class", "") if parent is not None and len(parent) == 1 else ""
    if parent is None or name not in list_delimiters.AROUND:
        return ""
    dissolve(parent)
    return name


def _holds_notes(ordered: etree._Element) -> bool:
    """Whether it is the list of a document's notes, which is built from parts."""
    parent = ordered.getparent()
    return parent is not None and parent.get("role") == "doc-endnotes"
