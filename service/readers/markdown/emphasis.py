"""Marks of emphasis that the parser does not accept: between two bold texts (`**a****b**`), and
between punctuation inside and a letter outside (`**·**甲`, `l**’influenza**`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.model.text.characters import CJK
from service.readers.markdown.changes import Text
from service.readers.markdown.masks import Masks
from service.readers.markdown.parser import Parsed, kind

IS_CJK = re.compile(rf"[{CJK}“”‘’…—·]")
# An icon, which a font of the page drew: `*\uf099*Share`. Masks are of another private area.
IS_ICON = re.compile("[\ue000-\uf8ff]")
# The relevant parts of a line: an escape, an emphasis mark.
MARKED = re.compile(r"\\.|(?P<mark>\*{1,3}|~~)")
STARS = re.compile(r"\\.|(?P<mark>\*+)")
PUNCTUATION = re.compile(r"[^\w\s\x00]|_")


def separated(text: Text, parsed: Parsed) -> None:
    """Puts a mask between marks of emphasis and the character that prevents them.

    `parsed` shows in which lines the parser left marks.
    """
    numbers = _lines_with_marks(parsed) if "*" in text.text or "~~" in text.text else set()
    if not numbers:
        return
    lines, bare = text.text.split("\n"), text.prose.split("\n")
    wide = IS_CJK.search(text.text) or IS_ICON.search(text.text)  # elsewhere the author follows CommonMark's rule, or no rule
    for number in numbers:
        if number <= len(lines) and len(lines[number - 1]) == len(bare[number - 1]):
            line, shown = _apart(lines[number - 1], bare[number - 1], text.masks)
            lines[number - 1] = _flanked(line, shown, text.masks) if wide else line
    text.text = "\n".join(lines)


def _lines_with_marks(parsed: Parsed) -> set[int]:
    """The lines, from 1, in which marks stayed text, or `**a****b**` became bold within bold."""
    numbers: set[int] = set()
    for node in parsed.by_kind.get("Text", ()):
        words = node.node_value.value
        if "*" in words or "~~" in words:
            numbers.add(node.sourcepos.start.line)
    for node in parsed.by_kind.get("Strong", ()):
        if any(kind(child) == "Strong" for child in node.children):
            numbers.update(range(node.sourcepos.start.line, node.sourcepos.end.line + 1))
    return numbers


def _apart(line: str, prose: str, masks: Masks) -> tuple[str, str]:
    """Stars of `**a****b**`, two bold texts that meet, with a mask between them; without an empty bold text at the end.

    Four stars elsewhere (a hidden password, bold within bold, a rule) stay. The line, and its prose.
    """
    cuts: list[tuple[int, int, str]] = []
    opened = 0
    marks = [found for found in STARS.finditer(prose) if found["mark"]]
    for number, found in enumerate(marks):
        length, last = len(found["mark"]), number == len(marks) - 1
        if opened == 2 and length >= 4 and length % 2 == 0:
            cuts.append((found.start(), found.end(), "**" if last else f"**{masks.of('')}**"))
            opened = 0 if last else 2
        elif opened:
            opened = 0 if length >= opened else opened
        elif _at(prose, found.end()).strip():
            opened = length
    return _replaced(line, cuts), _replaced(prose, cuts)


def _flanked(line: str, prose: str, masks: Masks) -> str:
    """`line` with a mask outside each mark that CommonMark would not take.

    Those are a mark between punctuation inside and a letter outside, one of them CJK; one around an icon; and one that ends
    bold text, with any letters, because there is an opening mark.
    """
    cuts: list[tuple[int, int, str]] = []
    opened: dict[str, bool] = {}
    for found in _marks(prose):
        mark = found["mark"]
        before, behind = _at(prose, found.start() - 1), _at(prose, found.end())
        closes = mark in opened
        inside, outside = (before, behind) if closes else (behind, before)
        split = bool(PUNCTUATION.match(inside)) and outside.isalnum()
        wide = IS_CJK.match(inside) or IS_CJK.match(outside) or IS_ICON.match(inside)
        helped = split and bool(wide or (mark == "**" and opened.get(mark)))
        if helped:
            place = found.end() if closes else found.start()
            cuts.append((place, place, masks.of("")))
        if closes:
            del opened[mark]
        elif behind.strip():
            opened[mark] = helped or not split
    return _replaced(line, cuts)


def _marks(prose: str) -> Iterator[re.Match[str]]:
    return (found for found in MARKED.finditer(prose) if found["mark"])


def _replaced(line: str, cuts: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, new in cuts:
        parts += [line[done:start], new]
        done = end
    return "".join([*parts, line[done:]])


def _at(line: str, place: int) -> str:
    """The character there; empty beyond the ends."""
    return line[place : place + 1] if place >= 0 else ""
