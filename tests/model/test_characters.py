"""Characters: directions, widths, and what XML can hold."""

from __future__ import annotations

import pytest

from service.model.text.characters import clipped, is_right_to_left, legal


@pytest.mark.parametrize(
    ("lang", "expected"), [("ar", True), ("he-IL", True), ("FA", True), ("en", False), ("arn", False), ("", False)]
)
def test_right_to_left(lang: str, expected: bool) -> None:
    assert is_right_to_left(lang) is expected


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [("a\n b", 3, "a b"), ("abcd", 3, "abc…"), ("灯塔灯塔", 8, "灯塔灯塔"), ("灯塔灯塔", 7, "灯塔灯…"), ("ab cd", 3, "ab…")],
)
def test_clipped(text: str, columns: int, expected: str) -> None:
    assert clipped(text, columns) == expected


def test_legal() -> None:
    assert legal("a\x0bb\ufffe\n") == "a\ufffdb\ufffd\n"
