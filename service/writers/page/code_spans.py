"""Removes invisible spans from highlighted code, because each is a box that is laid out, drawn and tagged.

pandoc wraps every line and every token; a page with 72 lines of code took 125 ms, half of it for spans without a rule
in the style sheets (measured on a real article of eight pages: 916 ms and 498 ms; the pages look the same).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import groupby

from lxml import etree

TOKEN = re.compile(r"\bspan\.(\w+)")  # the form of class names in the style sheets of code


def targets_of(body: etree._Element) -> frozenset[str]:
    return frozenset(link.get("href", "")[1:] for link in body.iter("a")) - {""}


def thin(elements: Iterable[etree._Element], css: Iterable[str], targets: Set[str]) -> None:
    """Removes the spans in code without a rule in `css` and without a link to them; `targets` are the targets of links."""
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
    """Removes them at once: removing spans one by one from ten thousand siblings is quadratic."""
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
