"""`colophon validate`: the metadata and the notices of articles, and nothing written."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import ARTICLE, Colophon


def test_each_article_has_a_line(here: Path, colophon: Colophon) -> None:
    (here / "c.md").write_text("---\ntitle: a: b\nauthor: [Ann, Bo]\nlang: en\n---\n\nText.\n", encoding="utf-8")
    before = sorted(here.iterdir())
    result = colophon("validate", "a.md", "c.md")
    assert result.exit_code == 0
    assert result.stdout == "a.md: valid: 'A', en\nc.md: valid: 'a: b', Ann, Bo, en\n"
    assert "c.md: warning: line 2" in result.stderr and "front-matter-recovered" in result.stderr
    assert sorted(here.iterdir()) == before


def test_failures_end_with_one(here: Path, colophon: Colophon) -> None:
    (here / "empty.md").write_bytes(b"")
    result = colophon("validate", "empty.md", "none.md", "a.md", "--quiet")
    assert result.exit_code == 1 and result.stdout == ""
    assert "empty.md: empty-document" in result.stderr and "none.md: No such file" in result.stderr


def test_strict_makes_a_warning_a_failure(here: Path, colophon: Colophon) -> None:
    (here / "c.md").write_text("---\ntitle: a: b\nlang: en\n---\n\nText.\n", encoding="utf-8")
    result = colophon("validate", "c.md", "--strict", "--json")
    problem = json.loads(result.stdout)["problem"]
    assert result.exit_code == 1 and problem["errors"][0]["line"] == 2


def test_standard_input(colophon: Colophon) -> None:
    result = colophon("validate", "-", given=ARTICLE.format("In"))
    assert result.stdout == "-: valid: 'In', en\n"
