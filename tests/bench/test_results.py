"""results.json → RESULTS.md: parts keep each other's sections, and the committed page is made and not typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import goals, parts, peers, render, results
from bench.goals import GOALS

MADE = {
    "command": "python -m bench",
    "date": "2026-11-24",
    "machine": "a machine",
    "cores": 2,
    "load": 0.1,
    "versions": {"a": "1"},
}
ROW = {"format": "docx", "who": "pandoc", "seconds": 0.0543, "ratio": 0.31, "bytes": 16145, "failed": 0, "memory": None}
COLUMNS = ("format", "who", "failed", "seconds", "ratio", "bytes", "memory")


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> results.Results:
    monkeypatch.setattr(results, "TRIAL", tmp_path / "bench")
    return results.Results(trial=True)


def save(kept: results.Results, name: str, **row: Any) -> None:
    kept.save(name, name.capitalize(), columns=COLUMNS, rows=[{**ROW, **row}], notes=["A note."], made=MADE)


def test_a_part_replaces_its_own_section_and_no_other(kept: results.Results) -> None:
    save(kept, "soak")
    save(kept, "seed")
    save(kept, "seed", ratio=0.5)
    page = kept.page.read_text(encoding="utf-8")
    assert page.index("## Goals") < page.index("## Seed") < page.index("## Soak")
    assert "| docx | pandoc | 54.3 ms | 0.50 | 16,145 |" in page
    assert "| docx | pandoc | 54.3 ms | 0.31 | 16,145 |" in page
    assert page.count("a machine; a 1") == 1, "the same machine is named once"


def test_columns_of_nothing_are_left_out(kept: results.Results) -> None:
    save(kept, "seed")
    assert "| format | who | median | our time to theirs | bytes |" in kept.page.read_text(encoding="utf-8")
    save(kept, "seed", failed=3)
    assert "| format | who | failed | median | our time to theirs | bytes |" in kept.page.read_text(encoding="utf-8")


def test_a_section_of_others_is_shown_too(kept: results.Results) -> None:
    kept.save("new", "Another", columns=("what", "workers"), rows=[{"what": "jobs", "workers": 2}], made=MADE)
    assert "## Another" in (page := kept.page.read_text(encoding="utf-8"))
    assert "| jobs | 2 |" in page


def test_values_are_rounded_to_what_they_are_worth(kept: results.Results) -> None:
    save(kept, "seed", ratio=0.123456789)
    assert kept.load()["seed"]["rows"][0]["ratio"] == 0.1235


def test_goals_say_met_or_not(kept: results.Results) -> None:
    save(kept, "seed")
    page = kept.page.read_text(encoding="utf-8")
    assert "| model article → DOCX over HTTP | pandoc | ≤ 0.35 | 0.31 | met |" in page
    assert "| model article → EPUB over HTTP | pandoc | ≤ 0.2 | – | not measured |" in page
    save(kept, "seed", ratio=0.46)
    assert "| ≤ 0.35 | 0.46 | not met |" in kept.page.read_text(encoding="utf-8")


def test_goals_name_what_is_measured() -> None:
    names = {peer.name for peer in peers.PEERS} | {"pandoc + WeasyPrint, xargs", "Colophon"}
    for goal in GOALS:
        assert goal.section in render.ORDER
        assert goal.key in render.COLUMNS
        assert goal.where.get("who", "pandoc") in names
    assert set(parts.PARTS) <= set(render.ORDER)
    assert goals.CORES == 2


def test_the_committed_page_is_made_from_the_committed_numbers() -> None:
    kept = results.Results()
    assert kept.page.read_text(encoding="utf-8") == kept.rendered(), "stale: run `python -m bench.results`"
    for section in kept.load().values():
        assert not section["picture"] or (kept.pictures / section["picture"]).is_file()
