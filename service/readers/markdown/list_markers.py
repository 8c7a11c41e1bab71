"""Markers of lists that are not in CommonMark: `a)`, `iv.`, `(b)`, `#.`, and pandoc's examples `(@good)`.

A marker becomes a number of the same width, and its style is in `Text.markers` under its line. Letters at the start of one
line, as in `i. e.`, are not a marker: two of them must be consecutive, after a blank line or within an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.readers.markdown.changes import Text

ROMAN = "[ivxlc]{1,7}|[IVXLC]{1,7}"
MARKER = re.compile(
    r"^(?P<lead>[ \t>]*+(?:[-*+][ ]{1,3})?)(?P<opens>\()?"
    rf"(?:(?P<label>@[\w-]{{0,30}})|(?P<number>\d{{1,4}})|(?P<letter>[A-Za-z]|{ROMAN})|(?P<any>\#))"
    r"(?P<closes>[.)])(?P<blanks>[ \t]+)(?=\S)",
    re.M,
)
PLAIN_ITEM = re.compile(r"[ \t>]*+(?:[-*+]|\d{1,9}[.)])[ \t]")
CALL = re.compile(r"(?<![\w@])@([\w-]{1,30})(?![\w-])")
VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
MARKS = re.compile(r"^[ \t>]*+(?:[-*+][ ]{1,3})?(?:\((?:@|[A-Za-z\d]{1,7}\))|[A-Za-z]{1,7}[.)][ \t]|#[.)][ \t])", re.M)


@dataclass(frozen=True, slots=True)
class Style:
    """The style of the items of one list, in pandoc's terms. Items of one list share one object."""

    start: int
    style: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class _Item:
    line: int
    found: re.Match[str]

    @property
    def shape(self) -> tuple[object, ...]:
        kinds = tuple(bool(self.found[name]) for name in ("opens", "label", "number", "any"))
        return (*kinds, self.found["closes"], self.found["lead"].replace("-", " "), (self.found["letter"] or "a").isupper())

    def values(self) -> set[tuple[str, int]]:
        """The possible meanings of the marker: `i` is a letter, and the Roman one."""
        text = self.found["letter"]
        if self.found["label"] is not None or not text:
            return {("Decimal", int(self.found["number"] or 0))}
        case = "Upper" if text.isupper() else "Lower"
        meant = {(f"{case}Roman", roman(text.lower()))} if set(text.lower()) <= VALUES.keys() else set()
        return meant | ({(f"{case}Alpha", ord(text.lower()) - 96)} if len(text) == 1 else set())


def roman(text: str) -> int:
    values = [VALUES[one] for one in text]
    return sum(-one if any(one < each for each in values[place + 1 :]) else one for place, one in enumerate(values))


def numbered(text: Text) -> None:
    """The markers of each list become numbers; references to examples become theirs."""
    if not MARKS.search(text.bare):
        return
    labels: dict[str, int] = {}
    cuts: list[tuple[int, int, str]] = []
    for run in _runs(text.bare):
        style = _style(run, labels)
        if style is None:
            continue
        for item in run:
            found = item.found
            inside = found.end("closes") - found.end("lead") - 1
            marker = "1".rjust(inside, "0")[-9:].rjust(min(inside, 12)) + (")" if found["opens"] else found["closes"])
            cuts.append((found.end("lead"), found.end("closes"), marker))
            text.markers[text.line + item.line] = style
    text.cut(cuts)
    if labels:
        text.replaced(CALL, lambda found: str(labels[found[1]]) if found[1] in labels else None)


def _runs(text: str) -> Iterator[list[_Item]]:
    """Consecutive items: of one shape, with blank or deeper lines between them."""
    run: list[_Item] = []
    checked = counted = number = 0
    for found in MARKER.finditer(text):
        begin = found.start()
        number, counted = number + text.count("\n", counted, begin), begin
        if run and _ends_within(text[checked : begin - 1], len(run[0].found["lead"])):
            yield run
            run = []
        item = _Item(number, found)
        above = text[text.rfind("\n", 0, max(begin - 1, 0)) + 1 : max(begin - 1, 0)]
        checked, is_below_blank = begin, not above.strip(" \t>")
        if not _may_begin(found):
            checked = begin - 1
        elif run and item.shape == run[-1].shape and not (is_below_blank and _begins_again(run[-1], item)):
            run.append(item)
        elif is_below_blank or PLAIN_ITEM.match(above):
            yield from [run] if run else []
            run = [item]
        else:
            checked = begin - 1
    if run:
        yield run


def _begins_again(last: _Item, item: _Item) -> bool:
    """Whether a letter does not follow the last one, and may be the first of its kind: `b.`, blank line, `i.`."""
    if item.found["letter"] is None:
        return False
    meant = item.values()
    return any(start == 1 for _, start in meant) and not any((style, start + 1) in meant for style, start in last.values())


def _ends_within(text: str, lead: int) -> bool:
    """Whether a line below the first one is neither blank nor deeper than the mark of the run."""
    return any(one.strip(" \t>") and not one[lead:].startswith((" ", "\t")) for one in text.split("\n")[1:])


def _may_begin(found: re.Match[str]) -> bool:
    """`A. Smith` is a name, `II.` is not; a label is in brackets; a number outside of them is CommonMark's."""
    if found["opens"]:
        return found["closes"] == ")"
    if found["label"] is not None or found["number"]:
        return False
    initial = found["closes"] == "." and (found["letter"] or "").isupper() and set(found["letter"]) - set("IV")
    return not initial or len(found["blanks"]) > 1


def _style(run: Sequence[_Item], labels: dict[str, int]) -> Style | None:
    """The style of a list of these items; None if they are text."""
    first = run[0].found
    delimiter = "TwoParens" if first["opens"] else "OneParen" if first["closes"] == ")" else "Period"
    if first["label"] is not None:
        start = labels.setdefault("", 0) + 1
        for item in run:
            labels[""] += 1
            labels.setdefault(item.found["label"][1:], labels[""])
        return Style(start, "Example", delimiter)
    if first["any"]:
        return Style(1, "DefaultStyle", delimiter)
    for style, start in sorted(run[0].values(), key=lambda one: (one[1] != 1, one[0])):
        if len(run) > 1 and all((style, start + place) in item.values() for place, item in enumerate(run)):
            return Style(start, style, delimiter)
    return None
