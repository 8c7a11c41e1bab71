"""The place of a refusal: every 422 of a reader names a line of the upload, or the part of a package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.model.document import Source
from service.model.errors import Place, Refused

PACKAGE = b"PK"
PASSAGE = "passage"  # member of a problem: the words at the place, if no line is known


@contextmanager
def placed(source: Source) -> Iterator[None]:
    """Gives a refusal without a place the place of its passage in a text, else the first line."""
    try:
        yield
    except Refused as error:
        if not error.places:
            line = None if source.data.startswith(PACKAGE) else _line(source.data, str(error.extra.get(PASSAGE, "")))
            error.places = (Place(error.detail, line=line),)
        raise


def _line(data: bytes, passage: str) -> int:
    """The line that has the most words of `passage`; the first of several."""
    words = [each.encode() for each in passage.split()]
    if not words:
        return 1
    lines = data.split(b"\n")
    found = [sum(word in line for word in words) for line in lines]
    return found.index(max(found)) + 1
