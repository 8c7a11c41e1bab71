"""Spans between marks: in order, none within another, and each missing mark is looked for once."""

from __future__ import annotations

import re

from service.readers.shared.spans import gaps, spans

OPENING = re.compile(r"<(\w+)>")


def closing(found: re.Match[str]) -> re.Pattern[str]:
    return re.compile(f"</{found[1]}>")


def test_spans_end_at_the_first_closing_mark() -> None:
    text = "a <b>c</b> <i>d <b>e</b> f"
    found = [(each.start, each.end) for each in spans(text, OPENING, closing)]
    assert [text[start:end] for start, end in found] == ["<b>c</b>", "<b>e</b>"]
    assert "".join(text[start:end] for start, end in gaps(text, found)) == "a  <i>d  f"


def test_a_mark_inside_a_span_opens_nothing() -> None:
    text = "<b><i></b></i><i>x</i>"
    assert [text[each.start : each.end] for each in spans(text, OPENING, closing)] == ["<b><i></b>", "<i>x</i>"]


def test_a_missing_mark_is_looked_for_once() -> None:
    looked = 0

    class Ending:
        """A closing pattern that counts."""

        def search(self, *_: object) -> None:
            nonlocal looked
            looked += 1

    ending = Ending()
    assert list(spans("<b>" * 1_000, OPENING, lambda _: ending)) == []  # type: ignore[arg-type, return-value]
    assert looked == 1
