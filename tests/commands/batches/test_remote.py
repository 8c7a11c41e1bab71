"""`colophon batch --server`: a service converts, the results come down, and a second run does what is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from colophon_client import Client
from tests.commands.test_batch import PIXEL, made, pictures, states, titles, written
from tests.mail_server import mail_server
from tests.servers import COLOPHON, Server, colophon
from tests.test_cli import run
from tests.waiting import wait_for

TEXT = "---\ntitle: Number {0}\nlang: en\n---\n\nText {0}.\n"
__all__ = ["pictures"]  # a fixture

HANGS = 300  # seconds after which a process will not do what it is waited for: far more than any machine needs


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("batch"), workers=2) as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    for number in range(45):  # more than one job
        path = folder / f"{number % 3}" / f"{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(number), encoding="utf-8")
    (folder / "empty.md").write_bytes(b"")
    for name in ("0", "1"):
        (folder / name / "picture.md").write_text(TEXT.format(name) + "\n![p](p.gif)\n", encoding="utf-8")
        (folder / name / "p.gif").write_bytes(PIXEL)
    (folder / "1" / "p.gif").write_bytes(PIXEL.replace(b"\xff\xff\xff", b"\x00\xff\x00"))
    return folder


def members(book: Path) -> dict[str, bytes]:
    """All but the record, which says under what media type the article came."""
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "EPUB/colophon.json"}


def test_as_here_so_there(server: Server, archive: Path, tmp_path: Path) -> None:
    """The same books from a service as from here; and the second run sends only new articles."""
    here = run(tmp_path, "batch", "archive", "--to", "epub", "--out", "here", "--toc")
    there = run(tmp_path, "batch", "archive", "--to", "epub", "--out", "there", "--toc", "--server", server.base)
    assert (here.returncode, there.returncode) == (1, 1), there.stderr
    assert states(tmp_path / "there") == states(tmp_path / "here") == {"converted": 47, "failed": 1}
    assert made(tmp_path / "there") == made(tmp_path / "here")
    for name in made(tmp_path / "here"):
        assert members(tmp_path / "here" / name) == members(tmp_path / "there" / name), name
    with zipfile.ZipFile(tmp_path / "there" / "1" / "picture.epub") as book:
        assert [book.read(name) for name in book.namelist() if name.endswith(".gif")] == [(archive / "1" / "p.gif").read_bytes()]
    assert b"empty.md: empty-document: " in there.stderr
    (archive / "empty.md").unlink()
    (archive / "0" / "0.md").write_text(TEXT.format("new"), encoding="utf-8")
    again = run(tmp_path, "batch", "archive", "--to", "epub", "--out", "there", "--toc", "--server", server.base)
    assert again.returncode == 0
    assert states(tmp_path / "there") == {"converted": 1, "unchanged": 46}
    with Client(server.base) as client:
        assert not list(client.jobs()), "what came down is erased there"


def test_names_and_zips_there_as_here(server: Server, pictures: Path) -> None:
    """No two articles become one file, and the pictures of a zip are found, here and by a service."""
    written(pictures, "coll/a.md", "coll/a.html", "more/a.md")
    for out, there in (("here", ()), ("there", ("--server", server.base))):
        done = run(pictures, "batch", "coll", "more", "one.zip", "two.zip", "--to", "epub", "--out", out, *there)
        assert done.returncode == 0, done.stderr
    assert len(titles(pictures / "here")) == 7
    assert titles(pictures / "here") == titles(pictures / "there")
    for name in made(pictures / "here"):
        assert members(pictures / "here" / name) == members(pictures / "there" / name), name


def test_the_page_for_people(server: Server, archive: Path, tmp_path: Path) -> None:
    run(tmp_path, "batch", "archive", "--to", "html", "--out", "out", "--server", server.base)
    page = (tmp_path / "out" / "colophon-report.md").read_text(encoding="utf-8")
    assert page.startswith("# Colophon: report of a batch\n\n47 converted, 1 failed, in ")
    assert "`empty-document`: 1\n\n- empty.md: " in page
    assert "## The slowest\n\n| seconds | article |" in page


HELD = """
import signal, time
from service.commands.batches.manifest import Manifest
from service.cli import main

lines, add = [], Manifest.add

def held(manifest, entry):
    add(manifest, entry)
    lines.append(entry)
    while len(lines) == 20:  # until the interrupt comes
        time.sleep(0.01)

Manifest.add = held
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts the tests in the background has it ignored
main()
"""


@pytest.mark.parametrize("where", ["here", "there"])
def test_interrupted_and_gone_on_with(server: Server, tmp_path: Path, where: str) -> None:
    """The batch holds after its 20th article, so that the interrupt meets it in the middle on any machine."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number:03}.md").write_text(TEXT.format(number), encoding="utf-8")
    arguments = ["batch", "archive", "--to", "epub", "--out", "out", *(["--server", server.base] if where == "there" else [])]
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    argv = [COLOPHON.parent / "python", "-c", HELD, *arguments]
    with subprocess.Popen(argv, cwd=tmp_path, env=environ, stderr=subprocess.PIPE) as process:
        try:
            wait_for_lines(process, tmp_path / "out" / "colophon-manifest.jsonl", 20)
            process.send_signal(signal.SIGINT)
            _, reported = process.communicate(timeout=HANGS)
        finally:
            process.kill()
    assert process.returncode == 130, reported
    assert b"Run the same command again" in reported
    assert states(tmp_path / "out") == {"converted": 20}
    assert "The batch was interrupted with 180 left" in (tmp_path / "out" / "colophon-report.md").read_text(encoding="utf-8")
    with Client(server.base) as client:
        assert {job.state for job in client.jobs()} <= {"succeeded", "cancelled"}
    assert run(tmp_path, *arguments).returncode == 0
    assert states(tmp_path / "out") == {"converted": 180, "unchanged": 20}


def wait_for_lines(process: subprocess.Popen[bytes], file: Path, count: int) -> None:
    end = time.monotonic() + HANGS
    while not file.exists() or file.read_bytes().count(b"\n") < count:
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.05)


def test_no_service_there(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT.format(1), encoding="utf-8")
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    arguments = ["batch", "a.md", "--to", "html", "--out", "out", "--server", "http://127.0.0.1:9"]
    code = "import service.commands.batch as b; b.TRIES = 0; b.command.main()"
    argv = [COLOPHON.parent / "python", "-c", code, *arguments[1:]]
    done = subprocess.run(argv, cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert b"can't be reached" in done.stderr
    assert b"Traceback" not in done.stderr
    assert not json.loads("[" + ",".join((tmp_path / "out" / "colophon-report.jsonl").read_text().splitlines()) + "]")


def test_a_batch_is_delivered_too(tmp_path: Path) -> None:
    """The jobs stay until what they made has arrived elsewhere."""
    written(tmp_path, "notes/a.md", "notes/b.md")
    (tmp_path / "data").mkdir()
    with (
        mail_server() as mails,
        colophon(
            tmp_path / "data", workers=1, mail_host="127.0.0.1", mail_port=mails.port, mail_security="none",
            mail_from="press@lamps.example", mail_allow="ida@lamps.example",
        ) as server,
    ):  # fmt: skip
        asked = ("batch", "notes", "--to", "markdown", "--out", "made", "--deliver-mail", "ida@lamps.example")
        done = run(tmp_path, *asked, "--server", server.base)
        assert done.returncode == 0, done.stderr
        assert made(tmp_path / "made") == ["a.md", "b.md"]
        wait_for(lambda: len(mails.taken) == 1, lambda: [each.raw for each in Client(server.base).jobs()])
    assert all(each in mails.taken[0].data for each in (b"a.md", b"b.md"))
    alone = run(tmp_path, *asked)
    assert alone.returncode == 2 and b"--server" in alone.stderr
