"""The sizing of a site, computed from measurements."""

from __future__ import annotations

from typing import Any

import pytest

from bench import render, sizing
from bench.results import Results

COSTS = {
    "rows of items": 100.0, "CPU of workers": 5.0, "CPU of fronts": 0.7, "CPU of PostgreSQL": 1.4, "transactions": 900.0,
    "bytes of write-ahead log": 1e6, "bytes of database": 1e6, "bytes of blobs": 2e6, "Redis commands": 1500.0,
}  # fmt: skip
SEED = [
    {"format": "epub", "who": "Colophon", "cpu": 0.04, "bytes": 12_000},
    {"format": "docx", "who": "Colophon", "cpu": 0.05, "bytes": 20_000},
    {"format": "pdf", "who": "Colophon", "cpu": 0.3, "bytes": 200_000},
    {"format": "pdf", "who": "pandoc + WeasyPrint", "cpu": 9.0, "bytes": 1},
]
MEASURED: dict[str, Any] = {
    "seed": {"rows": SEED},
    "scale-costs": {"rows": [{"what": what, "each": "", "at_all": value} for what, value in COSTS.items()]},
}


def found(rate: float, mix: str, results: dict[str, Any] = MEASURED) -> dict[str, Any]:
    return next(row for row in sizing.rows(results) if (row["articles"], row["format"]) == (rate, mix))


def test_the_arithmetic() -> None:
    """50 ms of a worker for an EPUB, 40 of them the engines': so 310 for a PDF."""
    epub, pdf = found(10, "epub"), found(10, "pdf")
    assert epub["worker_cores"] == pytest.approx(10 * 0.05 / 0.7)
    assert pdf["worker_cores"] == pytest.approx(10 * 0.31 / 0.7)
    assert found(10, "epub, docx, pdf")["worker_cores"] == pytest.approx(10 * (0.01 + 0.04 + 0.05 + 0.3) / 0.7)
    assert (epub["front_cores"], epub["database_cores"]) == (pytest.approx(0.1), pytest.approx(0.2))
    assert (epub["transactions"], epub["broker"], epub["log"]) == (90, 150, 100_000)
    assert epub["database"] == pytest.approx(10 * 86_400 * 10_000)
    assert epub["blobs"] == pytest.approx(10 * 86_400 * 20_000)
    assert pdf["blobs"] == pytest.approx(10 * 86_400 * 208_000)


def test_many_articles_count_more_than_the_one() -> None:
    corpus = {"rows": [{"format": "pdf", "who": "Colophon", "cpu": 0.1, "bytes": 100_000}]}
    assert found(1, "pdf", MEASURED | {"corpus": corpus})["worker_cores"] == pytest.approx(0.11 / 0.7)


@pytest.mark.parametrize(("section", "text"), [("scale-costs", "bench.scale"), ("seed", "--only corpus")])
def test_what_was_not_measured_is_named(section: str, text: str) -> None:
    with pytest.raises(SystemExit, match=text):
        list(sizing.rows({name: value for name, value in MEASURED.items() if name != section}))


def test_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: dict[str, Any] = {}
    results: Any = Results(trial=True)
    monkeypatch.setattr(results, "load", lambda: MEASURED)
    monkeypatch.setattr(results, "save", lambda name, title, **more: saved.update(more, name=name))
    sizing.save(results, {})
    lines = list(render.rows(saved["columns"], saved["rows"]))
    assert len(lines) == 2 + len(sizing.RATES) * len(sizing.MIXES)
    assert "| 1,000 | epub | 71 | 10 | 20 | 9,000 | 10.0 MB | 864.0 GB | 1.7 TB | 15,000 |" in lines
    assert {"sizing", "scale-costs", "batch-epub"} <= set(render.ORDER)
