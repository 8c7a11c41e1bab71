"""Ordered lists: room for labels that are longer than two characters, "1986." and "xviii."."""

from __future__ import annotations

from lxml import etree

from service.model.text import numerals
from service.writers.epub.xhtml import tag

CHARACTER, GAP, FITTING = 0.6, 0.8, 2  # em: of a character, of the stop and around it; characters that epub.css has room for
MOST = 4_000  # items: a longer list is measured by its last number alone


def settle(ordered: etree._Element) -> None:
    """Gives an `ol` the indent that its longest label needs, as a style."""
    count = len(ordered.findall(tag("li")))
    try:
        start = int(ordered.get("start", "1"))
    except ValueError:
        return
    last = start + count - 1
    numbers = range(start, last + 1) if count <= MOST else (start, last)
    longest = max((len(numerals.label(each, ordered.get("type", "1"))) for each in numbers), default=1)
    indent = longest * CHARACTER + GAP
    if longest > FITTING:
        style = ordered.get("style", "").rstrip("; ")
        ordered.set("style", "; ".join(filter(None, (style, f"padding-inline-start: {indent:.2f}em"))))
