"""Rules for the characters of Chinese and Japanese lines."""

from __future__ import annotations

import pytest

from service.engines.weasyprint.composition import ideographs


@pytest.mark.parametrize(
    ("pair", "gap"),
    [
        ("中A", 250),
        ("a中", 250),
        ("年2", 250),
        ("9月", 250),
        ("かA", 250),
        ("，A", 0),
        ("A。", 0),
        ("中 ", 0),
        (" A", 0),
        ("中文", 0),
        ("中%", 250),
    ],
)
def test_a_quarter_of_an_em_parts_ideographs_from_letters_and_figures(pair: str, gap: int) -> None:
    assert ideographs.gap(*pair) == gap


@pytest.mark.parametrize("pair", ["——", "……", "（中", "中）", "ab", "“中"])
def test_what_is_not_widened(pair: str) -> None:
    assert not ideographs.may_part(*pair)


@pytest.mark.parametrize("pair", ["中文", "，中", "中A", "A中", "a ", "中“"])
def test_what_is_widened(pair: str) -> None:
    assert ideographs.may_part(*pair) == (pair != "a ")


def allowed(text: str) -> list[str]:
    breaks = ideographs.Breaks(text, "zh")
    return [text[place:] for place in range(1, len(text)) if breaks.may(place)]


def test_marks_stand_at_no_wrong_edge() -> None:
    assert allowed("他说，“好”。（是）") == ["说，“好”。（是）", "“好”。（是）", "（是）"]


def test_a_quote_may_begin_a_line_although_unicode_forbids_it() -> None:
    assert allowed("说“好”的") == ["“好”的", "的"]


def test_words_and_figures_stay_whole() -> None:
    assert allowed("有word和12.5元——好……吧") == [
        "word和12.5元——好……吧",
        "和12.5元——好……吧",
        "12.5元——好……吧",
        "元——好……吧",
        "好……吧",
        "吧",
    ]
