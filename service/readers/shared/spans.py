"""Spans from an opening mark to its closing mark, in linear time.

A pattern such as `<nowiki>.*?</nowiki>` searches the rest of the text once for each opening mark without an end:
20,000 of them took 20 s. Here a closing mark that is missing is searched only once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import AnyStr, Generic, NamedTuple


class Span(NamedTuple, Generic[AnyStr]):
    """`opening` is the match of the opening mark; the span is [start, end), its closing mark within."""

    opening: re.Match[AnyStr]
    inner_end: int
    end: int

    @property
    def start(self) -> int:
        return self.opening.start()


def spans(
    text: AnyStr, opening: re.Pattern[AnyStr], closing: Callable[[re.Match[AnyStr]], re.Pattern[AnyStr]]
) -> Iterator[Span[AnyStr]]:
    """The spans in order, none within another. `closing` gives the pattern of the mark that ends an opening.

    Time is linear in the text for each distinct closing pattern, which must itself be linear.
    """
    missing: set[re.Pattern[AnyStr]] = set()
    at = 0
    while found := opening.search(text, at):
        at = found.end()
        closes = closing(found)
        if closes in missing:
            continue
        end = closes.search(text, at)
        if end is None:
            missing.add(closes)
            continue
        yield Span(found, end.start(), end.end())
        at = max(end.end(), found.start() + 1)


def gaps(text: AnyStr, found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches [start, end) of the text that are in none of the spans, which are in order."""
    last = 0
    for start, end in found:
        yield last, start
        last = end
    yield last, len(text)
