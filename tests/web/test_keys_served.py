"""Keys as an operator meets them: made on the command line, requested by the service, sent by the client."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from colophon_client import Client, Problem
from tests.servers import COLOPHON, Server, colophon, free_port
from tests.web.conftest import ARTICLE

GOOD = ("a.md", ARTICLE.encode())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with colophon(folder, workers=1, keys="required") as running:
        yield running


def run(folder: Path, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    known |= {"COLOPHON_DATA_DIR": str(folder), **environ}
    return subprocess.run([COLOPHON, *argv], env=known, capture_output=True, text=True, timeout=120, check=False)


def made(folder: Path, *argv: str) -> str:
    return run(folder, "keys", "create", *argv).stdout.strip()


def test_a_key_from_its_making_to_its_end(server: Server, folder: Path) -> None:
    key = made(folder, "my shop", "--scope", "convert", "--requests", "50", "--queued", "9", "--days", "7")
    with Client(server.base, key=key) as client:
        assert client.convert(GOOD, "docx").data[:2] == b"PK"
        with pytest.raises(Problem, check=lambda error: error.code == "forbidden"):
            list(client.jobs())
    (listed,) = [json.loads(line) for line in run(folder, "keys", "list", "--json").stdout.splitlines()]
    assert (listed["name"], listed["scopes"], listed["limits"]["requests"]) == ("my shop", ["convert"], 50)
    assert key.rpartition("_")[2] not in json.dumps(listed)
    assert listed["limits"]["queued"] == 9
    assert "50 requests a minute; 9 items queued; expires" in run(folder, "keys", "list").stdout
    assert "REVOKED" in run(folder, "keys", "revoke", listed["id"]).stdout
    with (
        Client(server.base, key=key) as client,
        pytest.raises(Problem, check=lambda error: error.code == "unauthorized", match="revoked"),
    ):
        client.formats()
    no_one = run(folder, "keys", "revoke", "nobody")
    assert (no_one.returncode, no_one.stderr) == (1, "Error: The key does not exist.\n")


def test_jobs_from_a_shell(server: Server, folder: Path) -> None:
    made(folder, "a key that sees nothing")
    own, other, admin = (made(folder, name, "--scope", name) for name in ("jobs", "jobs", "admin"))
    with Client(server.base, key=own) as client:
        job = client.create_job([GOOD], "docx", name="of the shop")
        assert client.wait(job.id).owner == own.split("_")[1]

    def asked(key: str, *argv: str) -> subprocess.CompletedProcess[str]:
        return run(folder, "jobs", *argv, "--server", server.base, COLOPHON_KEY=key)

    assert asked(other, "list").stdout == asked(admin, "list", "--owner", other.split("_")[1]).stdout == ""
    line = asked(own, "list").stdout
    assert line == asked(admin, "list", "--owner", job.owner, "--state", "succeeded").stdout
    assert line.startswith(job.id) and line.endswith(f"  succeeded  of the shop  ({job.owner}; 1 succeeded)\n")
    (listed,) = [json.loads(each) for each in asked(admin, "list", "--json").stdout.splitlines()]
    assert json.loads(asked(admin, "show", job.id).stdout)["id"] == listed["id"] == job.id
    refused = asked(other, "delete", job.id)
    assert (refused.returncode, refused.stderr) == (1, "Error: The job does not exist.\n")
    assert asked(admin, "cancel", job.id).stdout == line
    assert asked(admin, "delete", job.id).returncode == 0
    assert asked(own, "list").stdout == ""
    away = run(folder, "jobs", "list", "--server", f"http://127.0.0.1:{free_port()}")
    assert away.returncode == 1 and "can't be reached" in away.stderr


def test_no_answer_waits_for_a_body_that_no_one_may_send(server: Server) -> None:
    host, port = server.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/convert HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 20000000\r\n\r\n"
        )
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"WWW-Authenticate: Bearer" in answer


def test_a_batch_sends_the_key_of_the_environment(server: Server, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text(ARTICLE, encoding="utf-8")
    argv = ("batch", str(tmp_path / "in"), "--to", "docx", "--out", str(tmp_path / "out"), "--server", server.base)
    assert run(folder, *argv).returncode == 1
    done = run(folder, *argv, COLOPHON_KEY=made(folder, "batch"))
    assert (done.returncode, (tmp_path / "out" / "a.docx").exists()) == (0, True), done.stderr


def test_beyond_loopback_it_says_that_a_key_is_asked_for(tmp_path: Path) -> None:
    """It is not started: no process has that address here."""
    argv = ("serve", "--host", "192.0.2.1", "--port", str(free_port()))
    said = run(tmp_path, *argv, COLOPHON_WORKERS="1").stderr
    assert "colophon keys create NAME" in said
    assert "colophon keys create" not in run(tmp_path, *argv, COLOPHON_WORKERS="1", COLOPHON_OPEN="true").stderr


def test_jobs_are_seen_by_their_own_key_alone(server: Server, folder: Path) -> None:
    with Client(server.base, key=made(folder, "one")) as one, Client(server.base, key=made(folder, "two")) as two:
        job = one.wait(one.create_job([GOOD], "docx").id)
        assert [each.id for each in one.jobs()] == [job.id]
        assert list(two.jobs()) == []
        with pytest.raises(Problem, check=lambda error: error.code == "not-found"):
            two.job(job.id)
