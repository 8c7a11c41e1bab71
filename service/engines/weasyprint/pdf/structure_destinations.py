"""Structure destinations (PDF 2.0): links and bookmarks lead to an element of the structure as well as to a place on a page.

PDF/UA-2, 8.8, wants them. A program that does not know them goes to the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf

VARIANTS = frozenset({"pdf/ua-2", "pdf/a-4e", "pdf/a-4f", "pdf/a-4u"})  # of WeasyPrint: those that are PDF 2.0


@dataclass(slots=True)
class Places:
    """Of one PDF: anchor → reference of its element, and the elements of the bookmarks in their order.

    `notes`: anchor → element of a note, `continued`: parts of notes on further pages, `calls`: anchor → elements that call it;
    `formulas`: element and MathML of each.
    """

    anchors: dict[str, bytes] = field(default_factory=dict)
    bookmarks: list[bytes] = field(default_factory=list)
    continued: list[Any] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    calls: dict[str, list[Any]] = field(default_factory=dict)
    formulas: list[tuple[Any, str]] = field(default_factory=list)


def places(pdf: Any) -> Places:
    """The places of a PDF whose tags are built."""
    found: Places = pdf.__dict__.setdefault("places", Places())
    return found


def name_elements(pdf: Any, anchors: Mapping[str, bytes]) -> None:
    """Each named destination with the element that its anchor is in, else the whole document."""
    listed = pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
    for at in range(1, len(listed), 2):
        element = anchors.get(listed[at - 1].string) or _document(pdf)
        listed[at] = pydyf.Dictionary({"D": listed[at], "SD": _to(element, listed[at])})


def point_outline(pdf: Any, bookmarks: Sequence[bytes]) -> None:
    """Each entry of the outline with the element of its bookmark; both are in the order of the text."""
    entries = [each for each in pdf.objects if isinstance(each, dict) and "Title" in each and "Dest" in each]
    elements = bookmarks if len(bookmarks) == len(entries) else [b""] * len(entries)
    for entry, element in zip(entries, elements, strict=True):
        target = entry.pop("Dest")
        action = {"Type": "/Action", "S": "/GoTo", "D": target, "SD": _to(element or _document(pdf), target)}
        entry["A"] = pydyf.Dictionary(action)


def _to(element: bytes, target: Sequence[Any]) -> Any:
    return pydyf.Array([element, *target[1:]])


def _document(pdf: Any) -> bytes:
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    found: bytes = root["K"][0]
    return found
