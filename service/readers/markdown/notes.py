"""Refuses footnotes that call themselves or multiply, before pandoc puts each note's text in the place of its call.

`[^1]` and `[^1]: [^1]` are 15 bytes on which pandoc's CommonMark reader does not end (found by fuzzing); notes that call
two others each double with every step. So the calls are counted as a graph, in linear time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from service.model.errors import Place, TooComplex
from service.readers.markdown.changes import Text
from service.readers.shared import note_calls
from service.readers.shared.note_calls import MAX_NOTES

DEFINITION = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t>]+)*\[\^([^\]\s]+)\]:")
CALL = re.compile(r"\\.|\[\^((?>(?:[^\[\]\\\s]|\\.)+))\]")  # an escaped bracket begins no call
# A number, or a name right behind a word: `[^abc]` apart is a class of a regular expression more often.
UNDEFINED = re.compile(r"(?<![\\\[])\[\^(?P<label>\d{1,3}|(?<=[^\s\[(\\]\[\^)[\w-]{1,40})\](?![(\[:{+*?])")
DEFINED = re.compile(r"\[\^([^\]\n]{1,200})\]:")
Calls = defaultdict[str, list[str]]


def check(lines: Iterable[tuple[int, str]]) -> None:
    """`lines` are numbered, their code blanked. Raises TooComplex with the line of a note at fault."""
    calls, places = _graph(lines)

    def refused(label: str) -> TooComplex:
        detail = f"The footnote {label[:40]!r} calls itself."
        return TooComplex(detail, places=[Place(detail, line=places.get(label))])

    weights = note_calls.weigh(calls, refused)
    called = sum(weights[label] for label in calls[""] if label in weights)
    if max([called, *weights.values()]) > MAX_NOTES:  # pandoc also builds notes without a call
        detail = f"The footnotes come to more than {MAX_NOTES:,}, each as often as it is called."
        raise TooComplex(detail, places=[Place(detail, line=min(places.values()))], extra={"limit": MAX_NOTES})


def report_undefined(text: Text) -> None:
    """A notice for calls of notes that the text does not define: they stay text."""
    defined = {label.casefold() for label in DEFINED.findall(text.text)}
    for found in UNDEFINED.finditer(text.bare):
        if found["label"].casefold() not in defined:
            text.note("note-undefined", "call", found)


def _graph(lines: Iterable[tuple[int, str]]) -> tuple[Calls, dict[str, int]]:
    """The labels that each note's text calls, those of the text itself under an empty label; and the line of each note."""
    calls: Calls = defaultdict(list)
    places: dict[str, int] = {}
    label, blank = "", False
    for number, line in lines:
        found, start = DEFINITION.match(line) if "[^" in line else None, 0
        if found:
            label, start = found[1].casefold(), found.end()
            places.setdefault(label, number)
        elif blank and line[:1].strip():  # text after a blank line without indentation is not part of the note
            label = ""
        blank = not line.strip()
        calls[label] += [each.casefold() for each in _calls(line[start:])] if "[^" in line else ()
    return calls, places


def _calls(line: str) -> list[str]:
    return [label for label in CALL.findall(line) if label]
