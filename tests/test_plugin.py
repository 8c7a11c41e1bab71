"""The worked example of a plugin, installed into an environment of its own and used from the command line."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest

from service.model import extensions

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.timeout(900)
PLUGIN = ROOT / "examples" / "plugin"
SUBTITLES = """1
00:00:01,000 --> 00:00:03,500
The lamp was lit ...

2
00:00:04,000 --> 00:00:06,000
<b>before</b> the fog came.
"""


def install(folder: Path, editable: bool) -> Path:
    """The Python of an environment with the plugin, as pip installs it: packages, or the path to them, and their metadata."""
    venv.EnvBuilder(symlinks=True).create(folder)
    (own,) = folder.glob("lib/python*/site-packages")
    source = shutil.copytree(
        PLUGIN, folder / "source", ignore=shutil.ignore_patterns("__pycache__")
    )  # nothing is compiled in ours
    paths = [str(ROOT), str(ROOT / "clients" / "python"), *site.getsitepackages(), *([str(source)] if editable else [])]
    (own / "colophon.pth").write_text("\n".join(paths), encoding="utf-8")
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for package in [] if editable else PLUGIN.glob("colophon_*"):
        shutil.copytree(package, own / package.name)
    about = own / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in project["entry-points"].items()
    ]
    (about / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    return folder / "bin" / "python"


@pytest.fixture(scope="module", params=["installed", "editable"])
def python(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    return install(tmp_path_factory.mktemp("environment"), request.param == "editable")


def run(python: Path, folder: Path, *arguments: str) -> str:
    environ = os.environ | {"COLOPHON_DATA_DIR": str(folder / "data"), "COLOPHON_SANDBOX": "strict"}
    environ |= {"COLOPHON_READ_DEADLINE": "600", "COLOPHON_WRITE_DEADLINE": "600"}  # for a busy machine
    done = subprocess.run(
        [python, "-m", "service.cli", *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def listed(lines: Sequence[str]) -> list[list[str]]:
    return [line.split() for line in lines]


def test_it_is_listed(python: Path, tmp_path: Path) -> None:
    rows = listed(run(python, tmp_path, "formats").splitlines())
    assert ["read", "srt", ".srt"] in rows and ["write", "outline", ".outline"] in rows
    for group, name in (("readers", "srt"), ("writers", "outline"), ("passes", "ellipses"), ("profiles", "letter")):
        assert [f"colophon.{group}", name, "colophon-example-plugin", "1.0"] in rows


def test_the_front_does_not_load_it(python: Path, tmp_path: Path) -> None:
    code = (
        "import sys, service.web, service.commands.convert; from service.model import profiles; profiles.load('letter');"
        "print([name for name in sys.modules if name.startswith(('colophon_letter', 'colophon_subtitles'))])"
    )
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "[]"


def test_a_source_is_read_passed_and_written_by_it(python: Path, tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text(SUBTITLES, encoding="utf-8")
    run(python, tmp_path, "convert", "film.srt", "--to", "markdown,outline", "--out", "made")
    text = (tmp_path / "made" / "film.md").read_text(encoding="utf-8")
    assert "The lamp was lit …" in text and "00:00" not in text
    assert (tmp_path / "made" / "film.outline").read_text(encoding="utf-8") == "film\n"


def test_a_pdf_has_its_profile(python: Path, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("---\ntitle: A note\n---\n\n# Part\n\nText.\n", encoding="utf-8")
    run(python, tmp_path, "convert", "note.md", "--to", "pdf,docx", "--profile", "letter", "--out", "made")
    with pypdfium2.PdfDocument(tmp_path / "made" / "note.pdf") as document:
        width, height = document[0].get_size()
        assert (round(width), round(height)) == (420, 595)  # A5
    assert (tmp_path / "made" / "note.docx").is_file()


def test_nothing_is_installed_here() -> None:
    """Generated pages and the contract describe the service alone."""
    assert extensions.installed() == ()
