"""Hides unclosed marks of emphasis from pandoc: some of its parsers double their time with each of them.

A paragraph of thirty `_a` in Textile did not end. So the parser only gets marks that close and are well nested. The others
have stand-ins, which become text again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.readers.shared import nesting
from service.readers.shared.placeholders import Placeholders

PARAGRAPH = re.compile(r"\n[ \t]*\n")


def pattern(marks: Sequence[str]) -> re.Pattern[str]:
    """Group 1: a mark that may open (before a word); group 2: one that may close (after a word)."""
    any_mark = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    shape = rf"(?<![^\W_])({any_mark})(?=\S)|(?<=\S)({any_mark})(?![^\W_])"
    return re.compile(shape)


def settled(text: str, marks: re.Pattern[str], one: Placeholders) -> str:
    """The text with stand-ins for unclosed marks, paragraph by paragraph."""
    parts, end = [], 0
    for gap in PARAGRAPH.finditer(text):
        parts += [_paragraph(text[end : gap.start()], marks, one), gap.group()]
        end = gap.end()
    return "".join([*parts, _paragraph(text[end:], marks, one)])


def _paragraph(text: str, marks: re.Pattern[str], one: Placeholders) -> str:
    """A stack of as many marks as there are kinds: no mark opens within itself."""
    found = list(marks.finditer(text))
    last = {each.group(): each.start() for each in found if _closes(text, each)}
    opened: list[re.Match[str]] = []
    hidden: list[re.Match[str]] = []
    for each in found:
        mark = each.group()
        if any(mark == other.group() for other in opened):
            if not _closes(text, each):
                hidden.append(each)
                continue
            while opened[-1].group() != mark:
                hidden.append(opened.pop())
            opened.pop()
        elif each[1] and last.get(mark, -1) > each.start():
            opened.append(each)
        else:
            hidden.append(each)
    return _without(text, sorted({each.span() for each in (*hidden, *opened)}), one)


def _closes(text: str, mark: re.Match[str]) -> bool:
    after = text[mark.end() : mark.end() + 1]
    return text[mark.start() - 1 : mark.start()].strip() != "" and mark.start() > 0 and not after.isalnum()


def _without(text: str, spans: Sequence[tuple[int, int]], one: Placeholders) -> str:
    parts, end = [], 0
    for start, stop in spans:
        parts += [text[end:start], *(one.of(char) for char in text[start:stop])]
        end = stop
    return "".join([*parts, text[end:]])


def refuse(text: str, first_line: int, most: dict[str, int]) -> None:
    """Raises TooComplex, with its line, for a paragraph with more of a mark than `most` allows."""
    line, end = first_line, 0
    for gap in [*PARAGRAPH.finditer(text), None]:
        stop = gap.start() if gap else len(text)
        for mark, limit in most.items():
            if text.count(mark, end, stop) > limit:
                nesting.refuse(text.count(mark, end, stop), limit, line, f"{mark!r} in one paragraph")
        line, end = line + text.count("\n", end, gap.end() if gap else stop), gap.end() if gap else stop
