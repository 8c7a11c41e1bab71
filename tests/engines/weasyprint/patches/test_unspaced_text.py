"""A long cell is measured in a time that grows with its length, and comes out as before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint.layout import preferred

from service.engines.weasyprint import patches, rendering
from service.engines.weasyprint.patches.unspaced_text import Unspaced
from tests.engines.weasyprint.patches.test_long_words import Counting, plain

CSS = "td { overflow-wrap: break-word; hyphens: auto } html { font: 9pt 'Noto Serif', 'Noto Serif CJK SC' }"


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    now = preferred.split_first_line
    yield
    preferred.split_first_line = now


def printed(split: Any, *cells: str, css: str = CSS) -> bytes:
    preferred.split_first_line = split
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return rendering.render(f"<html lang=en><body><table><tr>{row}</tr></table>", [css], {}).data


@pytest.mark.parametrize("word", ["湖边的灯塔，", "😀→", "日本語の", "fabrication", "one and two ", "한국어"])
def test_characters_that_are_set_grow_with_the_cell(word: str) -> None:
    counted = []
    for length in (600, 2_400):
        counting = Counting()
        printed(Unspaced(counting), word * (length // len(word)))
        counted.append(counting.characters)
    assert counted[1] < 5 * counted[0]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text("abfiljot ,-/…«é漢字（。かなйA1😀→\u00a0\u0301กب", min_size=1, max_size=24), st.integers(1, 12)),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["", "td { word-break: break-all }", "td { white-space: pre-wrap }", "td { hyphens: none; direction: rtl }"]),
)
def test_same_page(cells: list[tuple[str, int]], css: str) -> None:
    texts = [part * times for part, times in cells]
    assert printed(Unspaced(plain()), *texts, css=CSS + css) == printed(plain(), *texts, css=CSS + css)


@pytest.mark.parametrize("before", ["湖边的灯塔" * 9, "fabrication" * 12])
def test_a_soft_hyphen_far_behind(before: str) -> None:
    """It keeps the dictionary from all words before it."""
    text = before + "extra\u00adordinary"
    assert printed(Unspaced(plain()), text) == printed(plain(), text)


def test_installed_once() -> None:
    patches.install()
    before = preferred.split_first_line
    patches.install()
    assert preferred.split_first_line is before
