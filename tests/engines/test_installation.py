"""The facts of the installation agree with those of other programs."""

from __future__ import annotations

import re
import subprocess

import pytest

from service.engines import installation
from service.engines.pandoc import process
from service.engines.weasyprint import fonts


def test_versions_are_there() -> None:
    found = installation.versions()
    assert all(re.match(r"\d+\.\d+", version) for version in found.values()), found


def test_pandoc_reports_the_same_version() -> None:
    said = subprocess.run([process.binary(), "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"pandoc {installation.versions()['pandoc']}\n")


@pytest.mark.parametrize("script", fonts.NEEDED)
def test_needed_scripts_are_covered_here(script: str) -> None:
    assert "Noto" in fonts.coverage()[script] or fonts.coverage()[script]


def test_no_font_covers_an_unassigned_character() -> None:
    assert fonts.Fontconfig().family("en", "\U000e0fff") == ""


def test_a_script_without_a_font_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "coverage", lambda: dict.fromkeys(fonts.SCRIPTS, "") | {"Latin": "Noto Serif"})
    assert len(fonts.warnings()) == len(fonts.NEEDED) - 1
