"""Characters that the parser must not take for markup: a mark that the text does not have stands for each while it reads.

A mask is punctuation, as what it stands for is: marks of emphasis next to it mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

# Punctuation of scripts that hardly any text has (cuneiform, SignWriting, Zanabazar Square, Bhaiksuki), and private use.
PLACES = (
    range(0x12470, 0x12475),
    range(0x1DA87, 0x1DA8C),
    range(0x11A3F, 0x11A47),
    range(0x11C41, 0x11C46),
    range(0xF0000, 0xFFFFD),
)
ESCAPE = "\\escape"


@dataclass
class Masks:
    """The masks of one text: `of` gives the same one each time."""

    text: str
    given: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._free = self._unused()

    def _unused(self) -> Iterator[str]:
        """Looks at the text when the first is asked for, which for most texts is never."""
        used = set(self.text)
        yield from (one for place in PLACES for one in map(chr, place) if one not in used)

    def of(self, character: str) -> str:
        """The mask of `character`; that of none is shown nowhere and keeps its neighbours apart."""
        if character not in self.given:
            self.given[character] = next(self._free)
        return self.given[character]

    def escape(self) -> str:
        """The mask of a backslash that only escapes what follows: it is shown in code alone."""
        return self.of(ESCAPE)

    def shown(self, text: str) -> str:
        """`text` with the characters that its masks stand for."""
        return self._unmasked(text, "")

    def verbatim(self, text: str) -> str:
        """`text` letter for letter as it was in the source."""
        return self._unmasked(text, "\\")

    def _unmasked(self, text: str, escape: str) -> str:
        if not self.given or text.isascii():
            return text
        return text.translate({ord(one): escape if original == ESCAPE else original for original, one in self.given.items()})
