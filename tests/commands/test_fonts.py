"""`--font` takes files and families; several files are those of one conversion."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import cli
from service.commands import local_files
from service.model.font_files import FOLDER
from tests import made_fonts
from tests.writers.test_own_fonts import pdf_fonts


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.md").write_text("---\ntitle: Lamps\nlang: en\n---\n\nText of the keeper.\n", encoding="utf-8")
    (tmp_path / "Harbour.ttf").write_bytes(made_fonts.data("Harbour"))
    (tmp_path / "Quay.otf").write_bytes(made_fonts.data("Quay", cff=True))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLOPHON_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def convert(*argv: str) -> Result:
    return CliRunner().invoke(cli, ["convert", "a.md", *argv, "--workers", "1", "-o", "a.pdf"], catch_exceptions=False)


def test_files_are_the_fonts(folder: Path) -> None:
    done = convert("--font", "Harbour.ttf", "--heading-font", str(folder / "Quay.otf"))
    assert done.exit_code == 0, done.output
    assert {"Harbour", "Quay"} <= set(pdf_fonts((folder / "a.pdf").read_bytes()))


def test_a_batch_has_them(folder: Path) -> None:
    argv = ["batch", ".", "--to", "pdf", "--out", "out", "--workers", "1", "--font", "Harbour.ttf"]
    done = CliRunner().invoke(cli, argv, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "Harbour" in pdf_fonts((folder / "out" / "a.pdf").read_bytes())


def test_the_flags_become_names_and_files(folder: Path) -> None:
    flags, files = local_files.named_by_flags({"font": ("Harbour.ttf", "Quay.otf"), "code_font": "mono", "toc": True})
    assert flags == {"font": "Harbour.ttf", "code_font": "mono", "toc": True}
    assert [each.name for each in files] == [f"{FOLDER}/Harbour.ttf", f"{FOLDER}/Quay.otf"]
    flags, files = local_files.named_by_flags({"font": ("Harbour.ttf", "Quay"), "heading_font": "inside.ttf"})
    assert flags == {"font": "Quay", "heading_font": "inside.ttf"}  # a file that is not here may be in an archive
    assert len(files) == 1


def test_two_families_are_a_wrong_usage(folder: Path) -> None:
    done = convert("--font", "Harbour", "--font", "Quay")
    assert done.exit_code == 2
    assert "name one family" in done.output
