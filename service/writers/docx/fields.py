"""Fields and bookmarks of WordprocessingML (ECMA-376 part 1, 17.16 and 17.13.6)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from service.model.text.characters import legal
from service.writers.docx.body import w

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
FIRST_BOOKMARK = 1_000_000  # far from the identifiers of pandoc


def run(look: etree._Element | None = None) -> etree._Element:
    """An empty run with a copy of the properties `look`."""
    made = etree.Element(w("r"))
    if look is not None:
        made.append(deepcopy(look))
    return made


def text(words: str, look: etree._Element | None = None) -> etree._Element:
    """A run with `words`."""
    made = run(look)
    entry = etree.SubElement(made, w("t"))
    entry.text = legal(words)
    entry.set(XML_SPACE, "preserve")
    return made


def complex_field(instruction: str, shown: str, look: etree._Element | None = None) -> list[etree._Element]:
    """The runs of a field whose last result was `shown`."""
    runs = [_mark("begin", look), run(look), _mark("separate", look), text(shown, look), _mark("end", look)]
    entry = etree.SubElement(runs[1], w("instrText"))
    entry.text = f" {instruction} "
    entry.set(XML_SPACE, "preserve")
    return runs


def _mark(kind: str, look: etree._Element | None) -> etree._Element:
    made = run(look)
    etree.SubElement(made, w("fldChar")).set(w("fldCharType"), kind)
    return made


class Bookmarks:
    """Sets the bookmarks of one part, each with a unique identifier."""

    def __init__(self) -> None:
        self._numbers = itertools.count(FIRST_BOOKMARK)

    def around(self, elements: Sequence[etree._Element], name: str) -> None:
        """Sets a bookmark around siblings, unless they have one of that name."""
        before = elements[0].getprevious()
        if before is not None and before.tag == w("bookmarkStart") and before.get(w("name")) == name:
            return
        number = str(next(self._numbers))
        start, end = etree.Element(w("bookmarkStart")), etree.Element(w("bookmarkEnd"))
        for mark in (start, end):
            mark.set(w("id"), number)
        start.set(w("name"), name)
        elements[0].addprevious(start)
        elements[-1].addnext(end)
