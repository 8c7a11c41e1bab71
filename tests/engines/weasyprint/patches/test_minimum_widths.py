"""The memory for narrow cells changes nothing but the time: the same page, byte for byte, and far fewer texts set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint.layout import preferred

from service.engines.weasyprint import rendering
from service.engines.weasyprint.patches.minimum_widths import Narrowest

CSS = "td { overflow-wrap: anywhere; hyphens: auto } table { width: 100% } html { font: 9pt 'Noto Serif', 'Noto Serif CJK SC' }"


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    now = preferred.split_first_line
    yield
    preferred.split_first_line = now


def printed(split: Any, *cells: str) -> bytes:
    preferred.split_first_line = split
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return rendering.render(f"<html lang=en><body><table><tr>{row}</tr></table>", [CSS], {}).data


class Counting:
    def __init__(self) -> None:
        self.count, self.plain = 0, preferred.split_first_line.plain

    def __call__(self, *given: Any, **rest: Any) -> Any:
        self.count += 1
        return self.plain(*given, **rest)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("abfiljot ,.-/…«é漢字かなйA1", min_size=1, max_size=40), min_size=1, max_size=4))
def test_same_page(cells: list[str]) -> None:
    plain = preferred.split_first_line.plain if isinstance(preferred.split_first_line, Narrowest) else preferred.split_first_line
    assert printed(Narrowest(plain), *cells) == printed(plain, *cells)


def test_each_character_is_set_once() -> None:
    counting = Counting()
    printed(Narrowest(counting), "banana " * 50)
    remembered, counting.count = counting.count, 0
    printed(counting, "banana " * 50)
    assert remembered < counting.count / 5


@pytest.mark.parametrize("letter", ["a", "f", "ก", "ب"])
def test_a_word_without_an_end_is_set_piece_by_piece(letter: str) -> None:
    """Else each of its characters had the whole rest set: 6 seconds for 1.7 KB."""
    lengths: list[int] = []
    plain = Counting().plain

    def measured(text: str, *given: Any, **rest: Any) -> Any:
        lengths.append(len(text))
        return plain(text, *given, **rest)

    printed(Narrowest(measured), letter * 1_700)
    assert sum(lengths) < 1_700 * 120
