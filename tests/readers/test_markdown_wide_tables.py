"""Rows with more cells than the head keep their text."""

from __future__ import annotations

import pytest

from service.readers.markdown.dialects import AUTO
from service.readers.markdown.parser import parse
from service.readers.markdown.wide_tables import widened


def widen(text: str) -> str:
    return widened(text, parse(text, AUTO))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("|a|b|\n|-|-|\n|1|2|3|\n", "|a|b|  |\n|-|-|---|\n|1|2|3|\n"),
        ("a|b\n-|-\n1|2|3|4\n\n5|6", "a|b |  |  |\n-|- |---|---|\n1|2|3|4\n\n5|6"),
        ("> |a|\n> |-|\n> |1|2|\n", "> |a|  |\n> |-|---|\n> |1|2|\n"),
        ("text:\n|a|b|\n|-|-|\n|1|2|3|\n", "text:\n|a|b|  |\n|-|-|---|\n|1|2|3|\n"),
        ("- text\n  a|b\n  -|-\n  1|2|3", "- text\n  a|b |  |\n  -|- |---|\n  1|2|3"),
        ("|a|b|\n|-|-|\n|1|2|\n|-|-|\n|3|4|\n", None),
        ("a | b\n---\n", None),
        ("text\na|b|c\n-|-\n", None),
        ("|a|b|\n|-|-|\n|1|2\\|3|\n", None),
        ("|a|b|\n|-|-|\n|1|\n", None),
        ("|a|b|c|\n|-|-|\n|1|2|3|\n", None),
        ("```\n|a|\n|-|\n|1|2|\n```\n", None),
        ("    |a|\n    |-|\n    |1|2|\n", None),
        ("a\n\n---\n\nb | c\n", None),
    ],
)
def test_widen(given: str, expected: str | None) -> None:
    assert widen(given) == (given if expected is None else expected)
    assert widen(widen(given)) == widen(given)
