"""Values that JSON cannot represent are kept as text."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from service.model.text import json_values

DEEP: Any = "x"
for _ in range(200):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2**63 - 1, 2**63 - 1), (2**63, "9223372036854775808"), (-(2**63) - 1, "-9223372036854775809"), (True, True),
        (1.5, 1.5), (float("inf"), "inf"), (float("nan"), "nan"), ("\ud800 x", "\ufffd x"), ("灯塔\U0001f4a1", "灯塔\U0001f4a1"),
        ({1: (2**70,)}, {"1": [str(2**70)]}), ({"\udc00": None}, {"\ufffd": None}),
    ],
)  # fmt: skip
def test_kept(value: Any, expected: Any) -> None:
    assert json_values.kept(value) == expected


@pytest.mark.parametrize("value", [10**6_000, DEEP, [float("-inf")] * 3, {"a": "\ud83d"}, object], ids=range(5))
def test_all_of_it_can_be_written(value: Any) -> None:
    assert orjson.dumps(json_values.kept(value))


@pytest.mark.parametrize(("text", "expected"), [("12", 12), (str(2**63), str(2**63)), ("7" * 5_000, "7" * 5_000), (" 5 ", 5)])
def test_integers(text: str, expected: object) -> None:
    assert json_values.integer(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("1.5", 1.5), ("1e999", "1e999"), ("nan", "nan")])
def test_decimals(text: str, expected: object) -> None:
    assert json_values.decimal(text) == expected
