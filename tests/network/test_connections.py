"""A connection always ends in time: a dead address first, a slow handshake, an answer in drips, over TLS too."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest

from service.network import connections
from service.network.addresses import Guard

SECONDS = 1.0
MOST = 15.0  # how long a test waits at most for what must end after SECONDS: the machine may be busy


@contextlib.contextmanager
def listener(handler: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port on which each connection goes to `handler`, in a thread of its own."""
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def handle(made: socket.socket) -> None:
            with made, contextlib.suppress(OSError):
                handler(made)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threads.append(threading.Thread(target=handle, args=(server.accept()[0],)))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
        accepting.join(30)
    for thread in threads:
        thread.join(30)


@contextlib.contextmanager
def deaf() -> Iterator[int]:
    """A port whose queue of connections is full, so that a further one gets no answer."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port = int(server.getsockname()[1])
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))
        time.sleep(0.1)
        yield port


def drip(made: socket.socket) -> None:
    made.recv(65_536)
    made.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(600):
        made.sendall(b"x")
        time.sleep(0.05)


def drip_without_end(made: socket.socket) -> None:
    """Until the client closes the connection."""
    made.recv(65_536)
    made.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while True:
        made.sendall(b"x")
        time.sleep(0.05)


def drip_lines(made: socket.socket) -> None:
    for _ in range(600):
        made.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.05)


def drip_handshake(made: socket.socket) -> None:
    """Records of TLS that never make a handshake."""
    made.sendall(b"\x16\x03\x03\x40\x00")
    for _ in range(600):
        made.sendall(b"\x02")
        time.sleep(0.05)


def guard(*ports: int) -> Guard:
    """Of a name with an address for each of `ports`, in this order."""

    def resolve(host: str, port: int, **_: Any) -> Sequence[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each)) for each in ports]

    return Guard(allow=("name.example",), resolve=resolve)


def ask(url: str, guard: Guard) -> None:
    with connections.connection(urlsplit(url), guard, SECONDS) as dialled:
        dialled.request("GET", "/", preload_content=False)
        response = dialled.getresponse()
        while response.read(1024):
            pass


@pytest.mark.parametrize(
    ("url", "handler"),
    [
        ("http://name.example/", drip),
        ("http://name.example/", drip_lines),
        ("https://name.example/", drip_handshake),
    ],
    ids=["body", "status lines", "handshake"],
)
@pytest.mark.parametrize("first_is_dead", [False, True])
def test_one_deadline_for_all_of_it(url: str, handler: Callable[[socket.socket], None], first_is_dead: bool) -> None:
    with deaf() as dead, listener(handler) as port:
        started = time.monotonic()
        with contextlib.suppress(Exception):  # cut off: which error it is depends on where it was
            ask(url, guard(dead, port) if first_is_dead else guard(port))
        assert time.monotonic() - started < MOST


def test_dead_addresses_share_the_time() -> None:
    with deaf() as one, deaf() as two, deaf() as three:
        started = time.monotonic()
        with pytest.raises(OSError):
            guard(one, two, three).connect("name.example", 80, SECONDS)
        assert time.monotonic() - started < MOST


def test_a_slow_name_and_a_late_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket that comes after the end is closed at once."""
    with listener(drip) as port:
        late = socket.create_connection(("127.0.0.1", port))

        def connect(*_: object) -> socket.socket:
            time.sleep(0.3)
            return late

        monkeypatch.setattr(Guard, "connect", connect)
        with (
            pytest.raises(Exception, match="too long"),
            connections.connection(urlsplit("http://name.example/"), Guard(), 0.1) as dialled,
        ):
            dialled.connect()
        assert late.fileno() == -1
