"""Every row of `tests.bad_inputs` against a running service: the right answer, nothing leaked, and the next article is served."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from service.model.errors import error_classes
from tests import canary
from tests.bad_inputs import OK, ROWS, Row
from tests.servers import Server, colophon
from tests.web.conftest import ARTICLE

# No answer may contain these: a file of the system, a trace, a path of this service, what pandoc says.
LEAKS = (b"root:x:0", b"Traceback", b"site-packages", b"colophon-", b"withBinaryFile", b"service/")

PATIENCE = 700  # seconds for an answer: reading and writing by their deadlines


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    # Long enough for a slow machine: what ends by its deadline here is a bomb that nothing stopped.
    limits = {"read_deadline": 300, "write_deadline": 300, "inspect_deadline": 300, "fetch_deadline": 3}
    with colophon(tmp_path_factory.mktemp("bad"), workers=1, sandbox="strict", **limits) as running:
        yield running
        children = running.children()
        assert len(children) <= 7, (
            "processes were left behind"
        )  # gunicorn's, the fork server, worker and spare with a pandoc each
    check_log(running.log)
    assert not list(Path("/tmp").glob("pwn*")), "an input became a flag"


def check_log(log: Path) -> None:
    """Each line is one record, with any title."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert all({"level", "message"} <= line.keys() or "event" in line for line in lines)


def place_of(problem: Mapping[str, Any]) -> str | int:
    """The field that a problem names first, else the line, else nothing."""
    first = (problem.get("errors") or [{}])[0]
    found: str | int = first.get("pointer") or first.get("line") or ""
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_bad_input(server: Server, row: Row) -> None:
    fields = {"to": row.to} if row.path == "/v1/convert" else {}
    answer = server.post(row.path, patience=PATIENCE, file=row.file, **fields, **row.fields)
    if answer.status == 200:
        code, problem = OK, {}
    else:
        problem = json.loads(answer.data)
        assert answer.headers["Content-Type"] == "application/problem+json"
        code = problem["code"]
        assert answer.status == error_classes()[code].status
        assert not [leak for leak in LEAKS if leak in answer.data]
    assert code == row.expected, answer.data[:300]
    assert place_of(problem) == row.place
    assert "X-Injected" not in answer.headers
    assert b"root:x:0" not in answer.data
    assert canary.hits() == 0
    good = server.post("/v1/convert", file=("good.md", ARTICLE.encode()), to="epub")
    assert good.status == 200


def test_enough_rows() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names)) >= 150
    assert not [row.name for row in ROWS if row.expected in ("internal-error", "engine-crashed", "deadline-exceeded")]


def test_the_canary_counts() -> None:
    assert canary.hits() == 0
    with socket.create_connection(canary.LISTENER.getsockname()):
        assert canary.hits() == 1
