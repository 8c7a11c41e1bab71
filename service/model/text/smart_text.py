"""Replaces typewriter marks by those of books: quotation marks, apostrophes, primes, dashes, ellipses, thin blanks.

`edits` returns the replacements in a paragraph. A mark with a doubtful meaning stays. The rules follow style manuals
(Chicago Manual of Style, 17th edition, 6.112 to 6.117; Lexique des règles typographiques en usage à l'Imprimerie
nationale): a mark opens behind a blank or bracket, and closes behind anything else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Set
from typing import NamedTuple

from service.model.text import quotation_marks

DOUBLE, SINGLE, DASHES, DOTS, SPACES = KINDS = ("double", "single", "dashes", "dots", "spaces")
TYPED_MARK = re.compile(r"""["']|(?<![-<!])-{2,3}(?![->])|(?<=[^\s-] )-(?= [^\s-])|(?<![./\\])\.{3}(?![./\\])""")
HIGH = re.compile('(?<=\\S) (?=[;!?»])|(?<=«) (?=\\S)|(?<=[\\w)\\]}%…])[;!?](?=[\\s»"”)]|\\Z)')
COLON = re.compile(r"(?<=\S) (?=:)|(?<=[\w)\]}%]):(?=\s)")
CLOSES = re.compile(r"(?<=[^\s(\[{])'(?![^\W_])")  # where a single mark may close
OPENERS = frozenset("([{—–-/“„«‘‚¿¡\"'\u202f\u00a0")
# Words that begin with an apostrophe, without it; and years: '68, '90s.
ELIDED = re.compile(r"(?:\d\ds?|tis|twas|twere|em|til|till|cause|bout|round|n|kay|s|t|n|k|ne|nen|nem)(?![^\W_])", re.IGNORECASE)
APOSTROPHE, PRIME, DOUBLE_PRIME = "’", "′", "″"


class Edit(NamedTuple):
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


class Open(NamedTuple):
    mark: str
    at: int
    inner: bool


def edits(text: str, lang: str, kinds: Set[str] = frozenset(KINDS)) -> list[Edit]:
    """The replacements in a paragraph in the language `lang` (BCP 47), in order; empty for a language without marks."""
    marks = quotation_marks.of(lang)
    if marks is None:
        return []
    found = {each.start: each for each in _Quotes(text, lang, marks, kinds).found()}
    for each in _spaces(text, lang) if SPACES in kinds else ():
        found.setdefault(each.start, each)
    return [found[start] for start in sorted(found)]


def applied(text: str, lang: str, kinds: Set[str] = frozenset(KINDS)) -> str:
    """A text of one piece with its edits."""
    out, done = [], 0
    for each in edits(text, lang, kinds):
        out += [text[done : each.start], each.text]
        done = each.end
    return "".join([*out, text[done:]])


def _spaces(text: str, lang: str) -> Iterator[Edit]:
    row = quotation_marks.row(lang)
    if row in quotation_marks.SPACED:
        for found in HIGH.finditer(text):
            yield Edit(found.start(), found.end(), quotation_marks.THIN + found[0].strip())
    if row in quotation_marks.SPACED_COLON:
        for found in COLON.finditer(text):
            yield Edit(found.start(), found.end(), "\u00a0" + found[0].strip())


class _Quotes:
    """One paragraph from its first mark to its last, with the marks that are still open."""

    def __init__(self, text: str, lang: str, marks: quotation_marks.Marks, kinds: Set[str]) -> None:
        self.text, self.marks, self.kinds = text, marks, kinds
        row = quotation_marks.row(lang)
        self.blank = quotation_marks.THIN if row in quotation_marks.SPACED_COLON and marks.opening == "«" else ""
        self.dash = "—" if row in quotation_marks.LONG_DASHES else "–"
        self.open: list[Open] = []
        self.doubles = 0  # of them
        self.edits: dict[int, Edit] = {}
        self.closers = [each.start() for each in CLOSES.finditer(text)] if "'" in text else []

    def found(self) -> Iterator[Edit]:
        for each in TYPED_MARK.finditer(self.text):
            mark, at = each[0], each.start()
            before, after = self.text[at - 1 : at] or " ", self.text[each.end() : each.end() + 1] or " "
            if mark == '"' and DOUBLE in self.kinds:
                self._double(at, before, after)
            elif mark == "'" and SINGLE in self.kinds:
                self._single(at, before, after)
            elif mark[0] == "-" and DASHES in self.kinds:
                self._dash(mark, at, before, after)
            elif mark == "..." and DOTS in self.kinds:
                self.edits[at] = Edit(at, at + 3, "…")
        for left in self.open:
            self._leave(left)
        return iter(self.edits.values())

    def _double(self, at: int, before: str, after: str) -> None:
        is_open = self.doubles > 0
        if _may_open(before, after):
            self._begin('"', at, inner=is_open)
        elif is_open and not before.isspace():
            self._end('"', at)
        elif before.isdigit() or before == "'":
            self.edits[at] = Edit(at, at + 1, DOUBLE_PRIME)

    def _single(self, at: int, before: str, after: str) -> None:
        if before.isdigit() and after.isdigit():
            self.edits[at] = Edit(at, at + 1, PRIME)
        elif before.isalnum() and after.isalnum():
            self.edits[at] = Edit(at, at + 1, APOSTROPHE)
        elif _may_open(before, after) and not ELIDED.match(self.text, at + 1) and self._closes_behind(at):
            self._begin("'", at, inner=True)
        elif self.open and self.open[-1].mark == "'" and not before.isspace():
            self._end("'", at)
        elif before.isdigit() and not after.isalnum():
            self.edits[at] = Edit(at, at + 1, PRIME)
        elif not (before.isspace() and after.isspace()):
            self.edits[at] = Edit(at, at + 1, APOSTROPHE)

    def _closes_behind(self, at: int) -> bool:
        return bisect_right(self.closers, at) < len(self.closers)

    def _dash(self, mark: str, at: int, before: str, after: str) -> None:
        far = self.text[at - 2 : at - 1], self.text[at + 2 : at + 3]
        if mark == "-":
            if not (far[0].isdigit() and far[1].isdigit()):
                self.edits[at] = Edit(at, at + 1, self.dash)
        elif not (before.isspace() and after.isalnum()):  # an option of a program: --help
            self.edits[at] = Edit(at, at + len(mark), "—" if len(mark) == 3 else "–")

    def _begin(self, mark: str, at: int, *, inner: bool) -> None:
        self.open.append(Open(mark, at, inner))
        self.doubles += mark == '"'
        shown = self.marks.inner_opening if inner else self.marks.opening
        self.edits[at] = Edit(at, at + 1, shown + (self.blank if shown == "«" else ""))

    def _end(self, mark: str, at: int) -> None:
        self.doubles -= mark == '"'
        while self.open[-1].mark != mark:
            self._leave(self.open.pop())
        shown = self.marks.inner_closing if self.open.pop().inner else self.marks.closing
        self.edits[at] = Edit(at, at + 1, (self.blank if shown == "»" else "") + shown)

    def _leave(self, open_: Open) -> None:
        """A mark without its other half: an apostrophe, a quotation that continues in the next paragraph, or left as it is."""
        if open_.mark == "'":
            self.edits[open_.at] = Edit(open_.at, open_.at + 1, APOSTROPHE)
        elif open_.at:
            del self.edits[open_.at]


def _may_open(before: str, after: str) -> bool:
    return (before.isspace() or before in OPENERS) and not after.isspace() and after not in ",.;:!?)]}"
