"""Which files next to an article its text names."""

from __future__ import annotations

import pytest

from service.model.references import named_files


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bibliography: works.bib\ncsl: style.csl\n", {"works.bib", "style.csl"}),
        ("bibliography: [a.bib, 'b/c.bib']\n", {"a.bib", "b/c.bib"}),
        ("bibliography:\n  - a.bib\n  - \"b.ris\"\n", {"a.bib", "b.ris"}),
        ("citation-style: ./s.csl\n", {"./s.csl"}),
        ("- words of an item\n- [a](b.md)\n", {"b.md"}),
        ("csl: https://styles.example/a.csl\n", set()),
    ],
)  # fmt: skip
def test_named(text: str, expected: set[str]) -> None:
    assert set(named_files(text.encode())) == expected
