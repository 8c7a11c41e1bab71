"""A text with what is changed in it before the parser reads it. Code stays, and no line moves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from service.readers.markdown.gone import Gone
from service.readers.markdown.masks import Masks


@dataclass
class Text:
    """A text on its way to the parser. `line` is the number of its first line in the upload.

    `bare` has its code blanked, `prose` its HTML, too.
    """

    text: str
    bare: str
    prose: str
    masks: Masks
    gone: Gone
    line: int
    abbreviations: dict[str, str] = field(default_factory=dict)
    markers: dict[int, Any] = field(default_factory=dict)  # lines of the upload → the style of the list item there
    keys: frozenset[str] = frozenset()  # the works that the text may cite

    def replaced(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str | None]) -> None:
        """Every match in what is not code becomes `new`, in the text and in `bare`; None leaves it unchanged."""
        found = ((one, new(one)) for one in pattern.finditer(self.bare) if "\0" not in one[0])
        self.cut([(one.start(), one.end(), made) for one, made in found if made is not None])

    def cut(self, cuts: Iterable[tuple[int, int, str]]) -> None:
        """What stands at start … end becomes the text of the cut, in order; one within another is passed over."""
        parts: list[tuple[int, int, str]] = []
        done = 0
        for start, stop, made in cuts:
            if start < done:
                continue
            parts.append((done, start, made + "\n" * (self.text.count("\n", start, stop) - made.count("\n"))))
            done = stop
        if parts:
            self.text, self.bare, self.prose = (_cut(one, parts, done) for one in (self.text, self.bare, self.prose))

    def note(self, code: str, kind: str, found: re.Match[str]) -> None:
        line = self.line + self.bare.count("\n", 0, found.start())
        self.gone.note(code, kind, line, self.masks.verbatim(found[0].strip()))


def _cut(text: str, parts: Iterable[tuple[int, int, str]], done: int) -> str:
    return "".join([*(f"{text[start:stop]}{made}" for start, stop, made in parts), text[done:]])
