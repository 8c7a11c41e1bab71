"""A check with full validators: in a process of its own, with limits; whatever becomes of it is in the report."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from schemas import options
from service.conversion import checking
from service.engines import Engines
from service.inspect.check import check
from service.model.document import Source
from service.model.settings import Settings
from service.pipeline import steps
from tests.inspect import made_files

JAVA = pytest.mark.skipif(not shutil.which("java"), reason="no Java (Debian: default-jre-headless)")


class Workers:
    """Checks in this process."""

    def call(self, operation: str, header: Any, blobs: Any, **_: Any) -> tuple[dict[str, Any], list[bytes]]:
        assert operation == "check" and header["name"]
        return check(blobs[0]), []


def checked(name: str, data: bytes, settings: Settings, **given: Any) -> dict[str, Any]:
    on = replace(settings, **{"validators": "on", "validator_deadline": 900.0} | given)
    return checking.check(Source(name, data), Workers(), on)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pdf(engines: Engines) -> bytes:
    recipe = options.load(("pdf",), {"pdf_variant": "pdf/a-3u+ua-1"})
    source = Source("a.md", b"---\ntitle: Lamps\nlang: en\n---\n\nText.\n\n## Oil\n\nMore.")
    return steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines).data


@JAVA
def test_a_claim_that_verapdf_confirms_holds(pdf: bytes, settings: Settings) -> None:
    report = checked("a.pdf", pdf, settings)
    assert [(each["claim"], each["holds"]) for each in report["claims"]] == [("pdf/a-3u", True), ("pdf/ua-1", True)]
    assert report["passed"] and report["findings"] == []
    assert [each["name"] for each in report["checked_by"]] == ["colophon", "veraPDF"]


@JAVA
def test_what_the_validators_find_joins_the_report(pdf: bytes, settings: Settings) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        del file.Root["/Lang"]
        file.save(out := io.BytesIO())
    report = checked("a.pdf", out.getvalue(), settings)
    assert {each["claim"]: each["holds"] for each in report["claims"]}["pdf/ua-1"] is False
    theirs = [each for each in report["findings"] if each["checked_by"] == "veraPDF"]
    assert any(each["rule"].startswith("verapdf/7.2-") and each["place"] and each["message"] for each in theirs)
    report = checked("a.epub", made_files.broken(made_files.book(), made_files.EPUB_BREAKS["link-broken"]), settings)
    assert {each["rule"] for each in report["findings"]} == {"epub/link-broken", "epubcheck/RSC-007"}
    assert report["counts"] == {"error": 2, "warning": 0, "info": 0} and not report["passed"]


def test_a_validator_that_takes_too_long_is_a_line_of_the_report(pdf: bytes, settings: Settings) -> None:
    report = checked("a.pdf", pdf, settings, validator_deadline=0.01)
    assert "took longer" in report["checked_by"][1]["problem"]
    assert report["claims"][0]["holds"] is None and report["passed"]


def test_off_by_default_and_not_for_docx(pdf: bytes, settings: Settings) -> None:
    assert len(checked("a.pdf", pdf, settings, validators="off")["checked_by"]) == 1
    assert Settings().validators == "off"
    assert len(checked("a.docx", made_files.packed(made_files.letter()), settings)["checked_by"]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is of Linux")
def test_the_process_sees_neither_the_disk_nor_the_network(tmp_path: Path) -> None:
    """Where the kernel has Landlock; without it the sandbox mode strict refuses."""
    program = (
        "import sys; from pathlib import Path; from service.workers import validation\n"
        "validation.restrict(Path(sys.argv[1]), {'seconds': 60, 'sandbox': 'strict'})\n"
        "for path in ('/etc/passwd', sys.argv[1] + '/../outside'):\n"
        "    try: open(path, 'a' if 'outside' in path else 'r')\n"
        "    except PermissionError: print('refused')\n"
        "open(sys.argv[1] + '/inside', 'w')\n"
    )
    folder = tmp_path / "in"
    folder.mkdir()
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, check=False, text=True, cwd=root)
    if "OSError" in done.stderr:
        pytest.skip("no Landlock here")
    assert done.stdout.split() == ["refused", "refused"], done.stderr
    assert (folder / "inside").is_file()
