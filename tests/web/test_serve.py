"""`colophon serve` as users run it: bombs end by their deadline, the next article is served, and nothing is left behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server, colophon
from tests.web.conftest import ARTICLE
from tests.workers.test_pool import gone

BRACKETS = "[" * 12 + "x" + "]" * 12
GOOD = ("a.md", ARTICLE.encode())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("serve"), workers=1, read_deadline=3, write_deadline=3) as running:
        yield running


def problem(data: bytes) -> str:
    return str(json.loads(data)["code"])


def test_what_hangs_pandoc_is_ended(server: Server) -> None:
    answer = server.post("/v1/convert", file=("a.md", BRACKETS.encode()), to="docx", dialect="markdown")
    assert (answer.status, problem(answer.data)) in ((422, "too-complex"), (504, "deadline-exceeded"))
    assert server.post("/v1/convert", file=GOOD, to="docx").status == 200


def test_what_hangs_the_printer_is_ended(server: Server) -> None:
    endless = (("word " * 100_000 + "\n\n") * 3).encode()
    answer = server.post("/v1/convert", file=("a.md", endless), to="pdf")
    assert (answer.status, problem(answer.data)) == (504, "deadline-exceeded")
    assert server.post("/v1/convert", file=GOOD, to="pdf").status == 200


def test_killed_engine_fails_one_request_only(server: Server) -> None:
    """Whatever the kernel kills of a conversion's processes, the service continues."""
    engines = []
    for pid in server.children():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # one that was replaced may be just going
            if Path(f"/proc/{pid}/comm").read_text(encoding="ascii").startswith("pandoc"):
                engines.append(pid)
                os.kill(pid, signal.SIGKILL)
    assert engines
    codes = [server.post("/v1/convert", file=GOOD, to="epub").status for _ in range(4)]
    assert set(codes) <= {200, 500}
    assert codes[-1] == 200


def test_kill_9_leaves_nothing_behind(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1) as server:
        children = server.children()
        server.process.kill()
        server.process.wait()
    assert not [pid for pid in children if not gone(pid)]


def test_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=2) as server:
        assert server.post("/v1/convert", file=GOOD, to="docx").status == 200
        children = server.children()
        assert len(children) >= 4
        assert server.stop() == 0
    assert not [pid for pid in children if not gone(pid)]
    lines = [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]
    assert {line["level"] for line in lines} <= {"info"}
