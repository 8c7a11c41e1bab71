"""Where a text is no code, and may be mended before pandoc reads it.

A code span is from a run of backticks to the next as long (CommonMark 6.1). A pattern with a reference to the run tries each
start with each length, and 20,000 backticks hold it for minutes. Here the time grows with the line alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.readers.shared import fences

RUN = re.compile(r"(?<!\\)(?P<escapes>\\*+)(?P<ticks>`++)")


def outside_fences(text: str) -> Iterator[tuple[int, int]]:
    """The parts of `text` that are in no fenced block of code, in order: start and end of each."""
    fence, begin, position = "", 0, 0
    for line in text.split("\n"):
        now = fences.after(line.lstrip(" >"), fence)
        if now and not fence:
            yield begin, position
        elif fence and not now:
            begin = position
        fence = now
        position += len(line) + 1
    if not fence:
        yield begin, len(text)


def outside_spans(line: str) -> Iterator[tuple[int, int]]:
    """The parts of `line` that are no code span, in order: start and end of each. An escaped run begins none."""
    runs = [(found.start("ticks"), found.end(), len(found["escapes"]) % 2 == 1) for found in RUN.finditer(line)]
    partner: dict[int, int] = {}
    last: dict[int, int] = {}
    for place in reversed(range(len(runs))):
        start, end, escaped = runs[place]
        if not escaped and end - start in last:
            partner[place] = last[end - start]
        last[end - start] = place
    begin = place = 0
    while place < len(runs):
        if place in partner:
            yield begin, runs[place][0]
            place = partner[place]
            begin = runs[place][1]
        place += 1
    yield begin, len(line)
