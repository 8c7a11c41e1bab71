"""A folder with two small articles, and commands that run in it in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import cli

ARTICLE = "---\ntitle: {}\nlang: en\n---\n\nSome text.\n"
Colophon = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a.md and b.md."""
    folder = tmp_path / "here"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.md").write_text(ARTICLE.format(name.upper()), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLOPHON_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLOPHON_WORKERS", "1")
    return folder


@pytest.fixture
def colophon(here: Path) -> Colophon:
    def run(*arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(cli, list(arguments), input=given, catch_exceptions=False)

    return run
