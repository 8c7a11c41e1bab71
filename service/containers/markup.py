"""Checks the XML in an uploaded document before an engine parses it: no entities, limited nesting.

Linear and without a tree: expat reports the elements one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from service.model.errors import InvalidDocument, Place, TooComplex

MAX_DEPTH = 200  # elements in one another; 40 in the deepest of 200 real EPUBs
XML = re.compile(r"\.(xml|rels|opf|ncx)$", re.IGNORECASE)
# The exceptions of expat for text that is not XML, and for encodings that it does not know (GBK, Shift-JIS).
NO_XML = (expat.ExpatError, LookupError, ValueError)


def refuse_bombs(parts: Mapping[str, bytes]) -> None:
    """Raises TooComplex and InvalidDocument for the XML parts of a document that are not XML, too deep, or declare entities."""
    for name, data in parts.items():
        if XML.search(name) and data.strip():
            try:
                scan(name, data)
            except NO_XML as error:
                detail = f"The part {name[:200]!r} contains XML that is not well-formed."
                raise InvalidDocument(detail, places=[Place(detail, line=getattr(error, "lineno", 1))]) from error


def scan(name: str, data: bytes) -> None:
    """Checks one part. Raises NO_XML if it is not well-formed."""
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            detail = f"The part {name[:200]!r} nests more than {MAX_DEPTH} elements."
            place = Place(detail, line=parser.CurrentLineNumber)
            raise TooComplex(detail, places=[place], extra={"limit": MAX_DEPTH})

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def declare(*_: object) -> None:
        detail = f"The part {name[:200]!r} declares XML entities, which are not allowed."
        raise InvalidDocument(detail, places=[Place(detail, line=parser.CurrentLineNumber)])

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = start, end, declare
    parser.Parse(data, True)
