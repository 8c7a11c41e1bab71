"""Characters that the parser must not read as markup: a character that is not in the text represents each during parsing.

A mask is punctuation, as what it represents is: marks of emphasis next to it mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from service.ast import pandoc_ast

# Punctuation of very rare scripts (cuneiform, SignWriting, Zanabazar Square, Bhaiksuki), and private use.
PLACES = (
    range(0x12470, 0x12475),
    range(0x1DA87, 0x1DA8C),
    range(0x11A3F, 0x11A47),
    range(0x11C41, 0x11C46),
    range(0xF0000, 0xFFFFD),
)
ESCAPE = "\\escape"
PRIVATE = range(0x100000, 0x10FFFD)
STAND_IN = re.compile("([\U00100000-\U0010fffd])")
# Makes the blocks that a stand-in represents; it gets the Reading.
Make = Callable[[Any], list[pandoc_ast.Node]]


@dataclass
class Masks:
    """The masks of one text: `of` gives the same one each time."""

    text: str
    given: dict[str, str] = field(default_factory=dict)

    made: dict[str, tuple[Make, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._free = self._unused()
        self._private = self._unused(PRIVATE)

    def _unused(self, *places: range) -> Iterator[str]:
        """Searches the text at the first request, which most texts do not have."""
        used = set(self.text)
        yield from (one for place in places or PLACES for one in map(chr, place) if one not in used)

    def stand_in(self, make: Make, source: str) -> str:
        """A character that represents the blocks of `make`; in code it is `source`, the text that it replaces."""
        one = next(self._private, "")
        if one:
            self.made[one] = make, source
        return one or source

    def of(self, character: str) -> str:
        """The mask of `character`; the mask of no character is invisible and separates its neighbours."""
        if character not in self.given:
            self.given[character] = next(self._free)
        return self.given[character]

    def escape(self) -> str:
        """The mask of a backslash that only escapes the next character: it is shown only in code."""
        return self.of(ESCAPE)

    def shown(self, text: str) -> str:
        """`text` with the characters that its masks represent."""
        return self._unmasked(text, "")

    def verbatim(self, text: str) -> str:
        """`text` as in the source, letter for letter."""
        return self._unmasked(text, "\\")

    def _unmasked(self, text: str, escape: str) -> str:
        if not (self.given or self.made) or text.isascii():
            return text
        # In a text without characters beyond U+FFFF, Python skips the search.
        if not any(one in text for one in self.given.values()) and not (self.made and STAND_IN.search(text)):
            return text
        for original, one in self.given.items():
            text = text.replace(one, escape if original == ESCAPE else original)
        if self.made:
            text = text.translate({ord(one): source for one, (_, source) in self.made.items()})
        return text
