"""A small contest on the example: a real service against a real pandoc."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import contest, inputs, peers
from bench.contest import US, Measured, Runs


def test_us_and_pandoc(tmp_path: Path) -> None:
    files = inputs.copies(inputs.EXAMPLE, 2, tmp_path / "in")
    with contest.contestants(peers.chosen(["pandoc"])) as started:
        runs = contest.contest(started, files, "docx", tmp_path / "out", warm_up=files[:1])
    assert list(runs) == [US, "pandoc", "pandoc, kept"]
    ours, theirs, kept = contest.rows(runs, "docx")
    for row in (ours, theirs, kept):
        assert row["runs"] == 2
        assert row["failed"] == 0
        assert 0 < row["least"] <= row["seconds"] <= row["most"]
        assert row["cpu"] > 0
        assert row["memory"] > 1_000_000
        assert row["bytes"] > 5_000
    assert theirs["ratio"] == pytest.approx(ours["seconds"] / theirs["seconds"])
    assert "ratio" not in ours


def test_pages_of_a_pdf_are_counted(tmp_path: Path) -> None:
    files = inputs.copies(inputs.EXAMPLE, 1, tmp_path / "in")
    with contest.contestants(peers.chosen(["pandoc + Weasy"])) as started:
        runs = contest.contest(started, files, "pdf", tmp_path / "out", warm_up=(), memory=False)
    for row in contest.rows(runs, "pdf"):
        assert row["pages"] >= 1
        assert row["page_seconds"] == pytest.approx(row["seconds"] / row["pages"])


class Broken:
    """A peer that cannot."""

    def convert(self, article: Path, to: str, out: Path) -> None:
        raise RuntimeError("no")

    def pids(self) -> list[int]:
        return []

    def cpu(self) -> float:
        return 0.0


def test_failures_are_counted_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = inputs.copies(inputs.EXAMPLE, 2, tmp_path / "in")
    runs = contest.contest({"Broken": (Broken(), None)}, files, "docx", tmp_path, warm_up=(), memory=False)
    assert contest.rows(runs, "docx") == [{"format": "docx", "who": "Broken", "runs": 0, "failed": 2}]
    assert "Broken: 0001.md → docx: no" in capsys.readouterr().err


def test_a_ratio_is_of_the_same_articles() -> None:
    """Theirs did only the second, for which we took 2 of their 4 seconds."""
    ours = Runs(("docx",), done={0: Measured(9, 0, 100, 0), 1: Measured(2, 0, 50, 0)})
    theirs = Runs(("docx",), done={1: Measured(4, 0, 100, 0)})
    row = contest.rows({US: ours, "theirs": theirs}, "docx")[1]
    assert (row["ratio"], row["bytes_ratio"]) == (0.5, 0.5)


def test_peers_that_are_not_known_are_refused() -> None:
    with pytest.raises(SystemExit, match="unknown peers: nobody"):
        peers.chosen(["nobody"])


def test_peers_that_are_not_there_are_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers.shutil, "which", lambda _: None)
    monkeypatch.setattr(peers.importlib.util, "find_spec", lambda _: None)
    assert [peer.name for peer in peers.chosen([])] == ["pandoc", "pandoc, kept"]
    assert peers.absent()["Chromium, warm"] == ["chromium", "playwright"]
