"""A running line: the text of `header` or `footer`, by place, as words and page numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.model.text.characters import clipped, legal

PLACES = ("left", "middle", "right")
NUMBERS = ("page", "pages")
NONE = "none"
WIDEST = 60  # columns of a text that comes from the metadata; a wide character takes two


@dataclass(frozen=True, slots=True)
class Part:
    """Words, or a number that depends on the page: `page` or `pages`."""

    text: str = ""
    number: str = ""


Line = Mapping[str, Sequence[Part]]


def line(text: str, texts: Mapping[str, str], alone: str) -> Line:
    """The parts of each place. A single part stands at `alone`, two at left and right. `none` is an empty line."""
    pieces = [piece.strip() for piece in text.split("|", 2)] if text.strip().casefold() != NONE else []
    places = {1: (alone,), 2: ("left", "right")}.get(len(pieces), PLACES)
    found = {place: parts(piece, texts) for place, piece in zip(places, pieces, strict=False)}
    return {place: found.get(place, ()) for place in PLACES}


def parts(text: str, texts: Mapping[str, str]) -> tuple[Part, ...]:
    found = []
    for words, name in re.findall(r"([^{}]+)|\{(\w+)\}", legal(text)):
        if name in NUMBERS:
            found.append(Part(number=name))
        elif written := words or clipped(legal(texts.get(name, "")), WIDEST):
            found.append(Part(written))
    return tuple(found)
