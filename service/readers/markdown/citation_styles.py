"""Checks a citation style (CSL 1.0.2) before citeproc reads it: well-formed XML, independent of other styles, and of a
limited size after the expansion of its macros.

citeproc replaces each call of a macro and does not detect a loop: 40 bytes that call themselves block a worker until
its deadline, and so do 30 macros that each call the next one twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from xml.parsers import expat

from service.containers import markup
from service.model.errors import ColophonError, Place, ValidationFailed
from service.readers.shared.expansion import LOOP, expanded

MAX_ELEMENTS = 100_000  # with the elements of each macro counted at each call
PARENT = re.compile(rb"<link\b[^<>]*?independent-parent", re.I)
POINTER = "/csl"
CALLS = "macro"  # the element that defines a macro, and the attribute that calls it


class _Style:
    """The content of a style: the elements and the calls of macros, for each macro and for the rest (the name "")."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser, self.within = parser, ""
        self.elements: Counter[str] = Counter()
        self.calls: dict[str, Counter[str]] = {"": Counter()}
        self.lines: dict[str, int] = {"": 1}
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == CALLS and not self.within:
            self.within = attributes.get("name", "")
            self.calls.setdefault(self.within, Counter())
            self.lines.setdefault(self.within, self.parser.CurrentLineNumber)
        self.elements[self.within] += 1
        if called := attributes.get(CALLS, ""):
            self.calls[self.within][called] += 1

    def end(self, name: str) -> None:
        if name == CALLS:
            self.within = ""


def check(name: str, data: bytes) -> None:
    """Raises ValidationFailed for /csl, with a line, for a style that citeproc cannot use."""
    if PARENT.search(data):
        raise _refused(f"{name!r} depends on another style; send the style that it names instead.")
    parser = expat.ParserCreate()
    style = _Style(parser)
    try:
        markup.scan(name, data)
        parser.Parse(data, True)
    except ColophonError as error:
        raise _refused(error.detail, error.places[0].line) from error
    except markup.NO_XML as error:
        raise _refused(f"{name!r} is not well-formed XML.", getattr(error, "lineno", 1)) from error
    sizes = expanded(style.elements, style.calls, MAX_ELEMENTS)
    if loop := next((each for each, size in sizes.items() if size == LOOP), ""):
        raise _refused(f"The macro {loop!r} of {name!r} calls itself.", style.lines[loop])
    if sizes.get("", 0) > MAX_ELEMENTS:
        raise _refused(f"{name!r} has more than {MAX_ELEMENTS:,} elements, its macros at each call included.", 1)


def _refused(detail: str, line: int | None = None) -> ValidationFailed:
    return ValidationFailed(detail, places=[Place(detail, POINTER, line=line)])
