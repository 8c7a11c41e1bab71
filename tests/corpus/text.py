"""The visible text of Markdown, and its parts that another text lacks: an oracle that shares no code with the product.

It reads Markdown by rough rules, on the side of asking for too much: everything that remains after targets, tags and
marks are removed must be in the artifact, in its order.
"""

from __future__ import annotations

import bisect
import difflib
import html
import re
import unicodedata
from collections.abc import Iterator, Mapping

FRONT_MATTER = re.compile(r"\A﻿?---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*\r?$\n?", re.S | re.M)
CUTS = (
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"<(script|style)\b.*?</\1\s*>", re.S | re.I),
    re.compile(r"^\s{0,3}\[[^\]\n]+\]:\s*\S+.*$", re.M),
    re.compile(r"^[\s>]*(?:`{3,}|~{3,})[^`\n]*$", re.M),
    re.compile(r"^[\s>]*\d{1,9}[.)](?=\s)", re.M),
    re.compile(r"</?[a-zA-Z][^<>]*>", re.S),
    re.compile(r"<?(?:https?|ftp|data|mailto)://?[^\s<>]*", re.I),
)
HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*)$", re.M)
# `](target "title")`, brackets within the target balanced once.
TARGET = re.compile(r"\]\(\s*(?:<[^>]*>|(?:[^()\s]|\([^()]*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
# This number of letters in a row must match before both sides continue after a gap.
RUN, WINDOW, FARTHEST = 8, 6_000, 2_000
DEAR = 10  # leaving out a wanted letter costs more than skipping one that the service added: title lines, placeholders


def letters(text: str) -> str:
    """Letters and digits alone, compatibility forms folded: blanks and marks are not what is looked for."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def _plain(inline: str) -> str:
    return letters(html.unescape(TARGET.sub("] ", inline))).casefold()


def of_markdown(source: str, title: str) -> str:
    """The letters of the body, without headings that repeat the title: they are taken out, with a notice."""
    body = FRONT_MATTER.sub("", source, count=1)
    same = letters(html.unescape(title)).casefold()
    body = HEADING.sub(lambda match: "" if _plain(match[1]) == same else match[0], body)
    for cut in (TARGET, *CUTS):
        body = cut.sub("] " if cut is TARGET else " ", body)
    return letters(html.unescape(body))


def missing(wanted: str, found: str) -> Iterator[str]:
    """The letters of `wanted` that `found` does not have, in order; after a gap both go on at what is nearest."""
    places: dict[str, list[int]] = {}
    for index in range(len(found)):
        places.setdefault(found[index : index + RUN], []).append(index)
    ours = theirs = 0
    while ours < len(wanted):
        if theirs < len(found) and wanted[ours] == found[theirs]:
            ours, theirs = ours + 1, theirs + 1
            continue
        skip, position = _nearest(wanted, ours, theirs, places)
        yield from _without(wanted[ours : ours + skip], found[theirs:position])
        ours, theirs = ours + skip, position


def _without(gap: str, other: str) -> Iterator[str]:
    """The parts of a short gap that are not in the other side's gap, in order."""
    matcher = difflib.SequenceMatcher(None, gap, other, autojunk=False)
    for kind, start, stop, _, _ in matcher.get_opcodes():
        if kind in ("delete", "replace"):
            yield from gap[start:stop]


def _nearest(wanted: str, ours: int, theirs: int, places: Mapping[str, list[int]]) -> tuple[int, int]:
    """The number of `wanted` to omit, and the next place: the way with the fewest omissions on both sides."""
    best = (DEAR * WINDOW, 1, theirs)
    for skip in range(min(FARTHEST, len(wanted) - ours)):
        if DEAR * skip >= best[0]:
            break
        later = places.get(wanted[ours + skip : ours + skip + RUN], [])
        index = bisect.bisect_left(later, theirs)
        if index < len(later):
            best = min(best, (DEAR * skip + later[index] - theirs, skip, later[index]))
    return best[1], best[2]
