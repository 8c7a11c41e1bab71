"""The changes of a text before the parser reads it. Code does not change, and no line moves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.readers.markdown.gone import Gone
from service.readers.markdown.masks import Masks


@dataclass
class Text:
    """A text before it is parsed. `line` is the number of its first line in the upload.

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
    data: Mapping[str, Any] = field(default_factory=dict)  # the front matter, whose values the text may show
    _small: tuple[str, str] = ("", "")
    _known: tuple[str, dict[Any, Any]] = field(default_factory=lambda: ("", {}))
    _counted: tuple[str, int, int] = ("", 0, 0)  # a text, a place in it, the line feeds before that place

    def replaced(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str | None], mark: str = "") -> None:
        """Every match outside of code becomes `new`, in the text and in `bare`; None leaves it unchanged.

        `mark`, in lower case: only lines that have it are searched. The pattern then matches within a line, or begins with
        the start of that line (`^`).
        """
        matches = self._in_lines(pattern, mark) if mark else pattern.finditer(self.bare)
        found = ((one, new(one)) for one in matches if "\0" not in one[0])
        self.cut([(one.start(), one.end(), made) for one, made in found if made is not None])

    @property
    def small(self) -> str:
        """`bare` in lower case, as long as the text stays the same."""
        if self._small[0] is not self.bare:
            self._small = self.bare, self.bare.lower()
        return self._small[1]

    @cached_property
    def letters(self) -> set[str]:
        """The characters of the text in lower case, before any change."""
        return set(self.small)

    def may_have(self, mark: str) -> bool:
        """Whether every letter of `mark` beyond ASCII, which no change adds, is in the text: most rows end here."""
        return mark.isascii() or self.letters.issuperset(mark)

    def once(self, make: Callable[[Text], Any]) -> Any:
        """The result of `make` for this text, computed once for all matches of a pattern."""
        if self._known[0] is not self.bare:
            self._known = self.bare, {}
        if make not in self._known[1]:
            self._known[1][make] = make(self)
        return self._known[1][make]

    def looked_at(self, mark: str) -> str:
        """The text in which `mark` is searched: a mark without letters needs no lower case."""
        return self.bare if mark.upper() == mark.lower() else self.small

    def _in_lines(self, pattern: re.Pattern[str], mark: str) -> Iterator[re.Match[str]]:
        bare, small = self.bare, self.looked_at(mark)
        if len(small) != len(bare):  # a letter whose lower case is two
            yield from pattern.finditer(bare)
            return
        place, is_whole = small.find(mark), pattern.pattern.startswith("^")
        while place >= 0:
            start, end = bare.rfind("\n", 0, place) + 1, bare.find("\n", place + len(mark))
            end = len(bare) if end < 0 else end
            if not is_whole:
                yield from pattern.finditer(bare, start, end)
            elif found := pattern.match(bare, start):
                yield found
                end = max(end, found.end())
            place = small.find(mark, end)

    def cut(self, cuts: Iterable[tuple[int, int, str]]) -> None:
        """Replaces start … end of each cut by its text, in order. A cut within another is ignored."""
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
        text, place, lines = self._counted
        if text is not self.bare or found.start() < place:
            place = lines = 0
        lines += self.bare.count("\n", place, found.start())
        self._counted = self.bare, found.start(), lines
        line = self.line + lines
        self.gone.note(code, kind, line, self.masks.verbatim(found[0].strip()))


def _cut(text: str, parts: Iterable[tuple[int, int, str]], done: int) -> str:
    return "".join([*(f"{text[start:stop]}{made}" for start, stop, made in parts), text[done:]])
