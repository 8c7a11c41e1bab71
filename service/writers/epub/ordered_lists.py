"""Ordered lists: labels with parentheses, and space for labels of more than two characters, "1986." and "xviii.".

The labels of `(a)` are strings (CSS Lists 3, `list-style-type`); a reading system without strings shows `a.` by the type.
"""

from __future__ import annotations

from lxml import etree

from service.ast import list_delimiters
from service.model.text import numerals
from service.writers.epub.xhtml import tag

CHARACTER, GAP, FITTING = 0.6, 0.8, 2  # em: of a character, of stop and space; characters in the indent of epub.css
MOST = 4_000  # items: a longer list is measured only by its last number


def settle(ordered: etree._Element) -> None:
    """Gives an `ol` the indent that its longest label needs, as a style."""
    count = len(ordered.findall(tag("li")))
    try:
        start = int(ordered.get("start", "1"))
    except ValueError:
        return
    last = start + count - 1
    before, after = _around(ordered)
    kind = ordered.get("type", "1")
    for number, item in enumerate(ordered.findall(tag("li")) if before or after != "." else (), start):
        _style(item, f"list-style-type: '{before}{numerals.label(number, kind)}{after} '")
    numbers = range(start, last + 1) if count <= MOST else (start, last)
    longest = max((len(numerals.label(each, kind)) for each in numbers), default=1) + len(before)
    indent = longest * CHARACTER + GAP
    if longest > FITTING:
        _style(ordered, f"padding-inline-start: {indent:.2f}em")


def _around(ordered: etree._Element) -> tuple[str, str]:
    """The text before and behind each number, by the division around the list."""
    parent = ordered.getparent()
    classes = parent.get("class", "").split() if parent is not None else []
    return next((list_delimiters.AROUND[name] for name in classes if name in list_delimiters.AROUND), ("", "."))


def _style(element: etree._Element, more: str) -> None:
    element.set("style", "; ".join(filter(None, (element.get("style", "").rstrip("; "), more))))
