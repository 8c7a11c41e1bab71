"""Highlighted code without the spans that no one sees: each is a box of its own, laid out, drawn and tagged.

pandoc wraps every line and every token; a page with six dozen lines of code took 125 ms, half of it for spans that no rule
of the style sheets has in view (measured on a real article of eight pages: 916 ms and 498 ms; the pages look alike).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import groupby

from lxml import etree

TOKEN = re.compile(r"\bspan\.(\w+)")  # as the style sheets of code name what they colour


def targets_of(body: etree._Element) -> frozenset[str]:
    return frozenset(link.get("href", "")[1:] for link in body.iter("a")) - {""}


def thin(elements: Iterable[etree._Element], css: Iterable[str], targets: Set[str]) -> None:
    """Takes out the spans in code that no rule of `css` colours and no link leads to; `targets` are what links lead to."""
    coloured = {name for sheet in css for name in TOKEN.findall(sheet)}

    def stays(element: etree._Element) -> bool:
        return element.tag != "span" or element.get("class") in coloured or element.get("id") in targets

    for code in (each for element in elements for each in element.iter("code")):
        if "sourceCode" in code.get("class", "").split():
            _fill(code, list(_content(code, stays)))


def _content(element: etree._Element, stays: Callable[[etree._Element], bool]) -> Iterator[str | etree._Element]:
    yield element.text or ""
    for child in list(element):
        tail, child.tail = child.tail or "", None
        if stays(child):
            _fill(child, list(_content(child, stays)))
            yield child
        else:
            yield from _content(child, stays)
        yield tail


def _fill(element: etree._Element, content: list[str | etree._Element]) -> None:
    """In one go: to take spans out of ten thousand siblings one by one is a walk of the siblings for each."""
    del element[:]
    element.text, last = None, None
    for kind, pieces in groupby(content, type):
        if kind is not str:
            found = list(pieces)
            element.extend(found)  # type: ignore[arg-type]
            last = found[-1]
        elif last is None:
            element.text = "".join(map(str, pieces))
        else:
            last.tail = "".join(map(str, pieces))  # type: ignore[union-attr]
