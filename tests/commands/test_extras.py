"""Wrong names and missing parts are named, with the nearest known one or the line that installs them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from service.commands.extras import EXTRAS
from tests.commands.conftest import Colophon


@pytest.mark.parametrize(
    ("setting", "value", "extra"), [(name, start or "key.p12", extra) for (name, start), (extra, _) in EXTRAS.items()]
)
def test_a_missing_extra(setting: str, value: str, extra: str, colophon: Colophon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"COLOPHON_{setting.upper()}", value)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    result = colophon("serve")
    assert result.exit_code == 2
    assert f"pip install 'colophon[{extra}]'" in result.stderr and f"COLOPHON_{setting.upper()}" in result.stderr


def test_a_missing_configuration_file(here: Path, colophon: Colophon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOPHON_CONFIG", "none.toml")
    result = colophon("convert", "a.md", "--to", "html")
    assert result.exit_code == 2 and "COLOPHON_CONFIG: none.toml: No such file" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["conver"], "'convert'"),
        (["validat", "x"], "'validate'"),
        (["convert", "a.md", "--to", "pfd"], "Did you mean pdf?"),
        (["convert", "a.md", "--to", "md"], "Did you mean markdown?"),
        (["convert", "a.md", "--to", "docs"], "Did you mean docx?"),
        (["convert", "a.md", "--to", "pdf", "--tocc"], "--toc"),
        (["batch", "none", "--to", "epub", "--out", "x"], "No articles found in none"),
    ],
)
def test_the_nearest_known_name(arguments: list[str], word: str, colophon: Colophon) -> None:
    result = colophon(*arguments)
    assert result.exit_code == 2 and word in result.stderr, result.stderr
