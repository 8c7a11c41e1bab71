"""One-character placeholders for text that a parser would read wrongly: inserted before it reads, removed from its AST.

A placeholder is a private-use character that is not in the text. After its removal code, URLs and
text are the same, letter for letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PRIVATE_USE = range(0xF0000, 0xFFFFD)


@dataclass
class Placeholders:
    """The placeholders of one text: `of` returns the same one each time, `remove` replaces all of them."""

    text: str
    given: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._free = self._unused()

    def _unused(self) -> Iterator[str]:
        """Searches the text at the first request, which most texts do not have."""
        used = set(self.text)
        yield from (chr(code) for code in PRIVATE_USE if chr(code) not in used)

    def of(self, original: str) -> str:
        """The character that represents `original`, which may be empty."""
        if original not in self.given:
            self.given[original] = next(self._free)
        return self.given[original]

    def remove(self, ast: str) -> str:
        """`ast`, JSON text, with every original in its place again. An original must not be a character that JSON escapes."""
        return ast.translate({ord(one): original for original, one in self.given.items()}) if self.given else ast
