"""A check with full validators: in a separate process, with limits; its result or failure is in the report."""

from __future__ import annotations

import io
import re
import shutil
import socket
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
def test_the_declaration_of_well_tagged_pdf_is_a_claim(engines: Engines, settings: Settings) -> None:
    recipe = options.load(("pdf",), {"pdf_variant": "pdf/a-4f+ua-2"})
    document = steps.read(Source("a.md", b"---\ntitle: Lamps\nlang: en\n---\n\n[Oil](#more) burns.\n\n## More"), recipe, engines)
    made = steps.write(document, recipe, "pdf", engines).data
    report = checked("a.pdf", made, settings)
    names = ("pdf/a-4f", "pdf/ua-2", "wtpdf-1.0-accessibility")
    assert {each["claim"]: each["holds"] for each in report["claims"]} == dict.fromkeys(names, True)
    assert re.fullmatch(r"[\d.]+", report["checked_by"][1]["version"])
    with pikepdf.open(io.BytesIO(made)) as file:
        del file.Root["/ViewerPreferences"]
        file.save(out := io.BytesIO())
    report = checked("a.pdf", out.getvalue(), settings, validators="off")
    assert {each["claim"]: each["holds"] for each in report["claims"]} == {names[0]: None, names[1]: False, names[2]: False}


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


ACE = Path(__file__).resolve().parents[2] / ".venv" / "validators"
NO_ACE = not (ACE / "node_modules" / "@daisy" / "ace-cli").is_dir() or not shutil.which("chromium") or not shutil.which("node")
BROWSER = pytest.mark.skipif(NO_ACE, reason="Ace, Chromium or Node.js is not installed (bin/setup --dev)")
CLAIM = '<meta property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta></metadata>'


@pytest.fixture
def only_ace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "VALIDATORS", {"epub": {"ace": "Ace by DAISY"}})


def report_of_ace(files: made_files.Files, settings: Settings, **given: Any) -> dict[str, Any]:
    report = checked("a.epub", made_files.packed(files), settings, ace=str(ACE), **given)
    if "permits no namespaces" in report["checked_by"][1]["problem"]:
        pytest.skip("no namespaces of users here")
    return report


@BROWSER
@pytest.mark.usefixtures("only_ace")
@pytest.mark.parametrize("claims", [True, False])
def test_what_ace_finds_refutes_a_claim(settings: Settings, *, claims: bool) -> None:
    """A box to choose from that has no name: our own checks do not look for it."""
    files = made_files.book()
    if claims:
        made_files.replaced(made_files.OPF, "</metadata>", CLAIM)(files)
    made_files.replaced("EPUB/one.xhtml", "</body>", "<p><select><option>Oil</option></select></p></body>")(files)
    report = report_of_ace(files, settings, sandbox="strict")
    assert report["checked_by"][1] == {"name": "Ace by DAISY", "version": "1.4.6", "kind": "validator", "problem": ""}
    theirs = {each["rule"]: each for each in report["findings"] if each["checked_by"] == "Ace by DAISY"}
    found = theirs["ace/select-name"]
    assert found["place"] == "one.xhtml, select" and found["message"] and found["fix"].startswith("See ")
    assert [each["holds"] for each in report["claims"]] == [False] * claims
    assert (found["severity"], report["passed"]) == (("error", False) if claims else ("warning", True))
    assert theirs["ace/epub-type-has-matching-role"]["severity"] == "warning"  # not of WCAG


@BROWSER
@pytest.mark.usefixtures("only_ace")
def test_a_program_in_a_book_does_not_reach_the_host(settings: Settings) -> None:
    """It runs, as it does in a reading system; Ace itself lets sockets through that are not HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        program = (
            "<script>//<![CDATA[\n"
            f"new WebSocket('ws://127.0.0.1:{port}/'); fetch('http://127.0.0.1:{port}/').catch(() => 0);"
            "document.addEventListener('DOMContentLoaded', () => document.body.append("
            "document.createElementNS('http://www.w3.org/1999/xhtml', 'select')));\n//]]></script></head>"
        )
        files = made_files.book()
        made_files.replaced("EPUB/one.xhtml", "</head>", program)(files)
        report = report_of_ace(files, settings)
        assert "ace/select-name" in {each["rule"] for each in report["findings"]}  # the program ran
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.skipif(sys.platform != "linux", reason="Namespaces and Landlock are of Linux")
def test_the_process_of_a_browser_is_apart(tmp_path: Path) -> None:
    """It sees neither the disk, nor a server of the host, nor its processes; what it started ends with it."""
    folder, root = tmp_path / "in", Path(__file__).resolve().parents[2]
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        program = APART.format(folder=str(folder), port=server.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, text=True, cwd=root)
    if "no namespaces" in done.stdout or "Landlock" in done.stderr:
        pytest.skip("no namespaces of users, or no Landlock here")
    assert done.stdout.split() == ["read", "write", "connect", "served", "0"], done.stderr
    assert (folder / "inside").is_file()
    [left] = [int(each) for each in (folder / "left").read_text().split()]
    assert left < 10  # a number of the namespace: nothing else runs in it


APART = """
import os, socket, subprocess, sys
from pathlib import Path
from service.engines.sandbox import namespaces
from service.workers import validation
folder = Path({folder!r})
def work():
    validation.restrict_browser(folder, {{'seconds': 60, 'sandbox': 'strict', 'ace': {folder!r}}})
    tries = {{'read': lambda: open('/etc/passwd'), 'write': lambda: open(folder / '..' / 'outside', 'w'),
              'connect': lambda: socket.create_connection(('127.0.0.1', {port}), 5)}}
    for name, attempt in tries.items():
        try: attempt()
        except OSError: print(name, flush=True)
    with socket.create_server(('127.0.0.1', 0)) as own:
        socket.create_connection(own.getsockname()).close()
        print('served', flush=True)
    sleeper = subprocess.Popen(['/usr/bin/env', 'sleep', '600'], start_new_session=True)
    (folder / 'left').write_text(str(sleeper.pid))
    (folder / 'inside').touch()
try: print(namespaces.run_apart(work))
except OSError: print('no namespaces')
"""
