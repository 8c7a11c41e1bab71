"""The patches are installed over the versions they are tested with, and over no other."""

from __future__ import annotations

import logging
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from service.engines import installation
from service.engines.weasyprint import tested_versions
from service.engines.weasyprint.tested_versions import TESTED
from service.model.settings import Settings
from service.workers import pool

ROOT = Path(__file__).resolve().parents[3]
PAGE = "<html lang=en><body><h1>Title</h1><p>Words of a page.</p><p lang=zh>一段中文：字与字之间不加空格。</p></body></html>"
# Renders the page where another version of WeasyPrint says that it is installed.
OTHER = f"""
import importlib.metadata, sys
plain = importlib.metadata.version
importlib.metadata.version = lambda name: "71.0" if name == "weasyprint" else plain(name)
from service.engines.weasyprint import rendering
printed = rendering.render({PAGE!r}, ["@page {{ size: A5 }}"], {{}}, identifier=b"x")
rooms = ("patches", "composition", "sections")
loaded = [name for name in sys.modules for room in rooms if name.startswith(f"service.engines.weasyprint.{{room}}.")]
print(sorted(loaded), file=sys.stderr)
sys.stdout.buffer.write(printed.data)
"""


def test_the_project_requires_exactly_the_tested_versions() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for name, number in TESTED.items():
        assert f"{name}=={number}" in required
        for lock in ("requirements.lock", "requirements-dev.lock"):
            assert f"\n{name}=={number} " in (ROOT / lock).read_text(encoding="utf-8")


def test_the_tested_versions_are_installed() -> None:
    assert tested_versions.differences() == [] == tested_versions.warnings()


@pytest.fixture
def another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested_versions, "version", lambda name: "71.0" if name == "weasyprint" else version(name))


@pytest.mark.usefixtures("another")
def test_another_version_is_one_warning_of_the_installation() -> None:
    (warning,) = [each for each in installation.warnings() if "Untested" in each]
    assert "weasyprint 71.0 (tested: 70.0)" in warning and "Install the tested versions." in warning


@pytest.mark.logs("the warning under test")
@pytest.mark.usefixtures("another")
def test_a_pool_warns_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        workers = pool.WorkerPool(Settings(data_dir=str(tmp_path), workers=2), module="tests.workers.program")
        workers.stop(0)
    assert [record.getMessage() for record in caplog.records if "Untested versions" in record.getMessage()] == (
        tested_versions.warnings()
    )


def test_another_version_prints_without_patches(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", OTHER], capture_output=True, check=True, cwd=ROOT)
    assert done.stderr.decode().strip().endswith("['service.engines.weasyprint.patches.table']")
    path = tmp_path / "other.pdf"
    path.write_bytes(done.stdout)
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        text = document[0].get_textpage().get_text_range()
    assert "Words of a page." in text and "一段中文" in text
