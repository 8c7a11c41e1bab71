"""One-character placeholders for text that a parser would read wrongly: inserted before it reads, removed from its AST.

A placeholder is a private-use character that the text does not hold. Taken out again, nothing of it is left: code, URLs and
text come out letter for letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PRIVATE_USE = range(0xF0000, 0xFFFFD)


@dataclass
class Placeholders:
    """The placeholders of one text: `of` gives the same one each time, `remove` takes all of them out."""

    text: str
    given: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._free = self._unused()

    def _unused(self) -> Iterator[str]:
        """Looks at the text when the first is requested, which for most texts is never."""
        used = set(self.text)
        yield from (chr(code) for code in PRIVATE_USE if chr(code) not in used)

    def of(self, original: str) -> str:
        """The character that represents `original`, which may be empty."""
        if original not in self.given:
            self.given[original] = next(self._free)
        return self.given[original]

    def remove(self, ast: str) -> str:
        """`ast`, JSON text, with every original in its place again; none may be a character that JSON escapes."""
        return ast.translate({ord(one): original for original, one in self.given.items()}) if self.given else ast
