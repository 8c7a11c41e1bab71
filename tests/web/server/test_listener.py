"""Slow and broken connections against a real service: who holds a connection holds no thread, and everything ends in time."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from tests.servers import Server, colophon
from tests.web.conftest import ARTICLE
from tests.web.test_headers import ALWAYS

MANY = 130  # more connections than the service has threads
FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"
POST = b"POST /v1/convert HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM
GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HEAD_TIMEOUT, BODY_TIMEOUT = 3, 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("listener")
    limits = {"head_timeout": HEAD_TIMEOUT, "body_timeout": BODY_TIMEOUT, "open_requests": 6, "max_upload": 200_000}
    with colophon(folder, workers=1, **limits) as running:
        yield running


@dataclass
class Raw:
    """The bytes of a connection, until it ended or the answer was complete."""

    data: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.data.split(b" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        lines = self.data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]


def connect(server: Server, source: str = "") -> socket.socket:
    host, port = server.base.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=60, source_address=(source, 0) if source else None)


def talk(server: Server, data: bytes, then: bytes = b"") -> Raw:
    """Sends, then reads until the service closes the connection."""
    started = time.monotonic()
    with connect(server) as made:
        made.sendall(data)
        with contextlib.suppress(OSError):  # refused meanwhile: the answer is there all the same
            made.sendall(then)
        found = b""
        while part := made.recv(65_536):
            found += part
    return Raw(found, time.monotonic() - started)


def chunked(body: bytes) -> bytes:
    return POST + b"Transfer-Encoding: chunked\r\n\r\n" + body


MALFORMED = {
    "a chunk of no size": (chunked(b"zz\r\nhello\r\n0\r\n\r\n"), 400),
    "a negative chunk": (chunked(b"-5\r\nhello\r\n0\r\n\r\n"), 400),
    "a chunk without its end": (chunked(b"5\r\nhelloXX0\r\n\r\n"), 400),
    "an endless size": (chunked(b"1" * 5_000), 400),
    "an endless trailer": (chunked(b"0\r\n" + b"X: " + b"a" * 20_000), 431),
    "two kinds of length": (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
    "a negative length": (POST + b"Content-Length: -5\r\n\r\nhello", 400),
    "a length of 5,000 digits": (POST + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n", 400),
    "chunked in HTTP/1.0": (POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a coding twice": (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "another coding": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
    "a body that is too large": (POST + b"Content-Length: 200001\r\n\r\n", 413),
    "a chunk that says it is too large": (chunked(b"f" * 40 + b"\r\nhello"), 413),
    "chunks that are too large": (
        chunked(b"7530\r\n" + b"a" * 30_000 + b"\r\n") + 8 * (b"7530\r\n" + b"a" * 30_000 + b"\r\n"),
        413,
    ),
    "a long first line": (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "a first line without end": (b"GET /" + b"a" * 90_000, 414),
    "a long header": (GET + b"X: " + b"a" * 9_000 + b"\r\n\r\n", 431),
    "many headers": (GET + b"".join(b"X-%d: a\r\n" % number for number in range(200)) + b"\r\n", 431),
    "large headers": (GET + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 8_000) for number in range(20)) + b"\r\n", 431),
    "a folded header": (GET + b"X: a\r\n b\r\n\r\n", 400),
    "a header without a name": (GET + b": a\r\n\r\n", 400),
    "a blank before the colon": (GET + b"X : a\r\n\r\n", 400),
    "a header without a colon": (GET + b"banana\r\n\r\n", 400),
    "a zero byte": (GET + b"X: a\0b\r\n\r\n", 400),
    "8,000 blanks": (GET + b"X:" + b" " * 8_000 + b"\0\r\n\r\n", 400),
    "no Host": (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (GET + b"Host: b\r\n\r\n", 400),
    "an address of another host": (b"GET http://b/healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "no version": (b"GET /healthz\r\n\r\n", 400),
    "another version": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "an address that can't be parsed": (b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_requests_get_a_problem_and_an_end(server: Server, name: str) -> None:
    data, status = MALFORMED[name]
    answer = talk(server, data)
    assert answer.status == status, answer.data
    problem = json.loads(answer.body)
    assert problem["status"] == status
    assert problem["type"] == f"/problems/{problem['code']}"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Connection"].lower() == "close"
    assert {key: answer.headers.get(key) for key in ALWAYS} == ALWAYS
    assert problem["instance"] == f"urn:request:{answer.headers['X-Request-Id']}"


def test_a_refused_body_does_not_cost_the_answer(server: Server) -> None:
    """The sender is still sending when the answer goes out: a reset would take the answer from it."""
    answer = talk(server, POST + b"Content-Length: 8000000\r\n\r\n", b"a" * 8_000_000)
    assert answer.status == 413
    assert json.loads(answer.body)["limit"] == 200_000


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\nX-A: ", 408),
        (POST + b"Content-Length: 1000\r\n\r\n--x\r\n", 408),
        (chunked(b"5\r\nhel"), 408),
        (b"", None),
    ],
    ids=["half a header", "a body that stops", "a chunk that stops", "nothing"],
)
def test_silence_ends(server: Server, data: bytes, status: int | None) -> None:
    answer = talk(server, data)
    assert answer.data == b"" if status is None else answer.status == status


def test_a_head_in_drips_ends(server: Server) -> None:
    """Each byte comes in time, the whole does not."""
    with connect(server) as made, contextlib.suppress(OSError):
        made.sendall(b"GET / HTTP/1.1\r\nX: ")
        made.settimeout(0.2)
        for _ in range(300):
            made.sendall(b"a")
            with contextlib.suppress(TimeoutError):
                assert made.recv(65_536).startswith(b"HTTP/1.1 408")
                return
    raise AssertionError("it did not end")


def everywhere(number: int) -> str:
    return f"127.0.8.{number % 200 + 1}"


@contextlib.contextmanager
def crowd(server: Server, data: bytes, source: Callable[[int], str] = everywhere) -> Iterator[None]:
    """`MANY` connections of different addresses that say `data` and no more."""
    with contextlib.ExitStack() as stack:
        for number in range(MANY):
            made = stack.enter_context(connect(server, source(number)))
            with contextlib.suppress(OSError):
                made.sendall(data)
        yield


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\nX: ", POST + b"Content-Length: 9000\r\n\r\n--x\r\n", b""], ids=["heads", "bodies", "nothing"]
)
def test_a_crowd_of_slow_connections_stops_no_one(server: Server, data: bytes) -> None:
    with crowd(server, data):
        assert server.get("/healthz").status == 200
        assert server.get("/readyz").status == 200
        assert server.post("/v1/convert", file=("a.md", ARTICLE.encode()), to="epub").status == 200


def test_one_address_has_a_limit_and_probes_have_none(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(connect(server, "127.0.8.1")).sendall(POST + b"Content-Length: 9000\r\n\r\n--x\r\n")
        time.sleep(0.5)
        with urllib3.PoolManager(source_address=("127.0.8.1", 0)) as same:
            refused = same.request("GET", server.base + "/v1/formats", retries=False)
            assert (refused.status, refused.json()["code"]) == (429, "too-many-open-requests")
            assert int(refused.headers["Retry-After"]) >= 1
            assert same.request("GET", server.base + "/healthz", retries=False).status == 200
        assert server.get("/v1/formats").status == 200


def test_a_connection_is_kept_for_further_requests(server: Server) -> None:
    with connect(server) as made:
        for _ in range(3):
            made.sendall(GET + b"\r\n")
            found = b""
            while not found.endswith(b'{"status": "ok"}'):
                found += made.recv(65_536)
            assert found.startswith(b"HTTP/1.1 200")
        made.sendall(2 * (GET + b"\r\n"))  # pipelined
        found = b""
        while found.count(b'{"status": "ok"}') < 2:
            found += made.recv(65_536)


def test_a_body_is_sent_for_when_it_is_wanted(server: Server) -> None:
    with connect(server) as made:
        made.sendall(POST + b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        assert made.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        made.sendall(b"--x--\r\n\r\n")
        assert made.recv(65_536).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("chunk", [1, 7, 100_000])
def test_a_chunked_body_is_a_body(server: Server, chunk: int) -> None:
    body, kind = urllib3.encode_multipart_formdata({"file": ("a.md", ARTICLE.encode()), "to": "markdown"})
    parts = [body[at : at + chunk] for at in range(0, len(body), chunk)]
    answer = server.http.request(
        "POST", server.base + "/v1/convert", body=iter(parts), headers={"Content-Type": kind}, chunked=True, retries=False
    )
    assert answer.status == 200


def test_the_oldest_of_the_largest_crowd_makes_room(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1, connections=20) as server:
        with crowd(server, b"GET / HTTP/1.1\r\nX: ", lambda _: "127.0.8.9"):
            assert server.get("/healthz").status == 200
        with connect(server, "127.0.8.1") as mine:
            mine.sendall(b"GET /healthz HTTP/1.1\r\n")
            with crowd(server, b"", lambda _: "127.0.8.9"):
                mine.sendall(b"Host: 127.0.0.1\r\n\r\n")
                assert mine.recv(65_536).startswith(b"HTTP/1.1 200")


def test_who_is_served_when_the_service_ends_gets_an_answer(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1) as server, connect(server) as idle, connect(server) as made:
        body, kind = urllib3.encode_multipart_formdata({"file": ("a.md", ARTICLE.encode()), "to": "pdf"})
        head = f"POST /v1/convert HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        made.sendall(head.encode() + body[:-10])
        time.sleep(0.3)
        server.process.terminate()
        time.sleep(0.7)
        made.sendall(body[-10:])
        found = b""
        while part := made.recv(65_536):
            found += part
        assert found.startswith(b"HTTP/1.1 200")
        assert b"Connection: close" in found
        assert idle.recv(100) == b""
        assert server.process.wait(60) == 0


def test_a_caller_who_reads_no_answer_loses_the_connection(tmp_path: Path) -> None:
    """The kernel of the service holds the end of the answers: only a reset reaches the caller, and frees the memory."""
    pages = b"GET /openapi.yaml HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 60
    with colophon(tmp_path, workers=1, body_timeout=2) as server, socket.socket() as made:
        host, port = server.base.removeprefix("http://").split(":")
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.connect((host, int(port)))
        made.sendall(pages)
        hung_up = select.poll()
        hung_up.register(made, select.POLLRDHUP)
        assert hung_up.poll(90_000)
        assert server.get("/healthz").status == 200
