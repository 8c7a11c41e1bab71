"""Rows with more cells than the head keep their text, and a table needs no blank line above."""

from __future__ import annotations

import pytest

from service.readers.markdown.wide_tables import widen


@pytest.mark.parametrize(
    ("given", "widened"),
    [
        ("|a|b|\n|-|-|\n|1|2|3|\n", "|a|b|  |\n|-|-|---|\n|1|2|3|\n"),
        ("a|b\n-|-\n1|2|3|4\n\n5|6", "a|b |  |  |\n-|- |---|---|\n1|2|3|4\n\n5|6"),
        ("> |a|\n> |-|\n> |1|2|\n", "> |a|  |\n> |-|---|\n> |1|2|\n"),
        ("text:\n|a|b|\n|-|-|\n|1|2|\n", "text:\n\n|a|b|\n|-|-|\n|1|2|\n"),
        ("- text\n  a|b\n  -|-\n  1|2", "- text\n\n  a|b\n  -|-\n  1|2"),
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
def test_widen(given: str, widened: str | None) -> None:
    assert widen(given) == (given if widened is None else widened)
    assert widen(widen(given)) == widen(given)
