"""Code spans reach from a run of backticks to the next as long."""

from __future__ import annotations

import pytest

from service.readers.markdown.code import outside_spans


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", [""]),
        ("a `b` c", ["a ", " c"]),
        ("a ``b`c`` d", ["a ", " d"]),
        ("`a ``b` c", ["", " c"]),
        ("``x` y", ["``x` y"]),
        ("`a``b``c", ["`a", "c"]),
        ("\\`a` b", ["\\`a` b"]),
        ("\\\\`a` b", ["\\\\", " b"]),
        ("`a\\` b", ["", " b"]),
        ("`a` `b`", ["", " ", ""]),
    ],
)
def test_outside_spans(line: str, parts: list[str]) -> None:
    assert [line[start:stop] for start, stop in outside_spans(line)] == parts


@pytest.mark.parametrize("unit", ["``", "`", "`[", "` `` ", "` `` ``` ", "\\`"])
def test_time_grows_with_the_line_alone(unit: str) -> None:
    assert list(outside_spans(unit * 100_000))
