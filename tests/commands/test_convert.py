"""`colophon convert` asks the same converter as the service: results are kept, and conversions are counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import cli
from service.conversion import converter
from service.telemetry import metrics


def test_what_was_converted_before_is_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article = tmp_path / "a.md"
    article.write_text("---\ntitle: Kept\nlang: en\n---\n\nText.\n", encoding="utf-8")
    monkeypatch.setenv("COLOPHON_DATA_DIR", str(tmp_path / "data"))
    argv = ["convert", str(article), "--to", "html", "--workers", "1", "--out"]
    before = metrics.CACHE.labels("hit")._value.get()
    first = CliRunner().invoke(cli, [*argv, str(tmp_path / "one")], catch_exceptions=False)
    assert first.exit_code == 0, first.output

    def refuse(*_: Any) -> None:
        raise AssertionError("it was converted already")

    monkeypatch.setattr(converter, "convert", refuse)
    second = CliRunner().invoke(cli, [*argv, str(tmp_path / "two")], catch_exceptions=False)
    assert second.exit_code == 0, second.output
    assert (tmp_path / "one" / "a.html").read_bytes() == (tmp_path / "two" / "a.html").read_bytes()
    assert metrics.CACHE.labels("hit")._value.get() == before + 1
