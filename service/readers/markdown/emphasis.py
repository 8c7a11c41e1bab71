"""Marks of emphasis that CommonMark would not take: beside Chinese, Japanese and Korean, and where two bold texts meet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.model.text.characters import CJK
from service.readers.markdown import code
from service.readers.shared import fences
from service.readers.shared.placeholders import StandIns

IS_CJK = re.compile(rf"[{CJK}“”‘’…—]")
# An icon, which a font of the page drew: `*\uf099*Share`. Stand-ins are of another private area.
IS_ICON = re.compile("[\ue000-\uf8ff]")
# What is looked at in a line, outside its code spans: an escape, an emphasis mark.
MARKED = re.compile(r"\\.|(?P<mark>\*{1,3}|~~)")
STARS = re.compile(r"\\.|(?P<mark>\*+)")
PUNCTUATION = re.compile(r"[^\w\s]|_")


def mend(text: str, one: StandIns) -> str:
    """`text` with marks that pandoc takes for what they were meant to be; code stays letter for letter."""
    if "****" in text:
        text = "\n".join(_apart(line, one, in_code) if "****" in line else line for line, in_code in _lines(text))
    if ("*" in text or "~~" in text) and (IS_CJK.search(text) or IS_ICON.search(text)):
        text = "\n".join(_flanked(line, one) if "*" in line or "~~" in line else line for line in text.split("\n"))
    return text


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it may be code."""
    fence = ""
    for line in text.split("\n"):
        fence = fences.after(line, fence)
        yield line, bool(fence) or line.startswith(("    ", "\t"))


def _apart(line: str, one: StandIns, in_code: bool) -> str:
    """Stars of `**a****b**`, two bold texts that meet, with a stand-in between them; without an empty bold text at the end.

    Four stars elsewhere (a hidden password, bold within bold, a rule) stay.
    """
    parts: list[str] = []
    end, opened = 0, 0
    marks = [*_marks(STARS, line)]
    for number, found in enumerate(marks):
        length, last = len(found["mark"]), number == len(marks) - 1
        if opened == 2 and length >= 4 and length % 2 == 0 and not (last and in_code):
            parts += [line[end : found.start()], "**" if last else f"**{one.of('')}**"]
            end, opened = found.end(), 0 if last else 2
        elif opened:
            opened = 0 if length >= opened else opened
        elif _at(line, found.end()).strip():
            opened = length
    return "".join([*parts, line[end:]])


def _flanked(line: str, one: StandIns) -> str:
    """`line` with a stand-in outside each mark that CommonMark would not take.

    Those are a mark between punctuation inside and a letter outside, one of them CJK; one around an icon; and one that ends
    bold text, whatever its letters are, for there is something for it to end.
    """
    parts: list[str] = []
    opened: dict[str, bool] = {}
    end = 0
    for found in _marks(MARKED, line):
        mark = found["mark"]
        before, behind = _at(line, found.start() - 1), _at(line, found.end())
        closes = mark in opened
        inside, outside = (before, behind) if closes else (behind, before)
        split = bool(PUNCTUATION.match(inside)) and outside.isalnum()
        wide = IS_CJK.match(inside) or IS_CJK.match(outside) or IS_ICON.match(inside)
        helped = split and bool(wide or (mark == "**" and opened.get(mark)))
        if helped:
            cut = found.end() if closes else found.start()
            parts += [line[end:cut], one.of("")]
            end = cut
        if closes:
            del opened[mark]
        elif behind.strip():
            opened[mark] = helped or not split
    return "".join([*parts, line[end:]])


def _marks(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    for start, stop in code.outside_spans(line):
        yield from (found for found in pattern.finditer(line, start, stop) if found["mark"])


def _at(line: str, place: int) -> str:
    """The character there; nothing beyond the ends."""
    return line[place : place + 1] if place >= 0 else ""
