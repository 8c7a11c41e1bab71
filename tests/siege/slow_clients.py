"""Clients that hold connections and hardly use them: half a head, a body in drips, an answer that is not read.

Each holds one connection of every kind in SLOW at once, from an address of its own, and opens it again when the service ends it.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers import Server

TICK = 1.0  # seconds between two drips
STANDS = 60.0  # seconds after which a connection that says nothing has stood too long, on a busy machine too
SMALL = 4096  # bytes that the kernel keeps for a slow reader
FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"
POST = b"POST /v1/convert HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FORM
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n'
PAGES = b"GET /openapi.yaml HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 40


@dataclass(frozen=True)
class Kind:
    """`first` is sent at once and `drip` with each tick. A tick reads at most `reads` bytes. `ends`: the service ends it."""

    first: bytes
    drip: bytes = b""
    reads: int = 65_536
    ends: bool = True


SLOW: dict[str, Kind] = {
    "nothing": Kind(b""),
    "half a head": Kind(b"GET / HTTP/1.1\r\nX: "),
    "a head in drips": Kind(b"GET / HTTP/1.1\r\nX: ", b"a"),
    "half a body": Kind(POST + b"Content-Length: 90000\r\n\r\n" + PART),
    "a body in drips": Kind(POST + b"Content-Length: 90000\r\n\r\n" + PART, b"a", ends=False),
    "half a chunk": Kind(POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"),
    "chunks in drips": Kind(POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", ends=False),
    "an answer in drips": Kind(PAGES, reads=64, ends=False),
    "an answer without a reader": Kind(PAGES, reads=0),
}


@dataclass
class Held:
    """One connection and what has come of it."""

    kind: Kind
    made: socket.socket
    since: float = field(default_factory=time.monotonic)
    data: bytes = b""

    def tick(self) -> bool:
        """Sends and reads a little. Returns False where the service has ended the connection."""
        try:
            if self.kind.drip:
                self.made.send(self.kind.drip)
            if self.kind.reads:
                part = self.made.recv(self.kind.reads)
                self.data = (self.data + part)[:4096]
                return bool(part)
            return not _hung_up(self.made)
        except BlockingIOError:
            return True
        except OSError:
            return False

    @property
    def stands(self) -> bool:
        """Whether it is there for longer than the service says."""
        return self.kind.ends and time.monotonic() - self.since > STANDS


def hold(server: Server, source: str, end: float, tell: Callable[[int, str, str], None]) -> None:
    """One slow client until `end`. `tell` gets the status (0: closed without an answer), the kind, and what is wrong."""
    held: dict[str, Held] = {}
    try:
        while time.monotonic() < end:
            for name in SLOW:
                if name not in held:
                    _open(server, source, name, held, tell)
                elif not held[name].tick() or held[name].stands:
                    _ended(name, held.pop(name), tell)
            time.sleep(max(0.0, min(TICK, end - time.monotonic())))
    finally:
        for each in held.values():
            each.made.close()


def _open(server: Server, source: str, name: str, held: dict[str, Held], tell: Callable[[int, str, str], None]) -> None:
    host, port = server.base.removeprefix("http://").split(":")
    made = socket.socket()
    try:
        if SLOW[name].reads < SMALL:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        made.settimeout(STANDS)
        made.bind((source, 0))
        made.connect((host, int(port)))
        made.sendall(SLOW[name].first)
        made.setblocking(False)
    except OSError as error:
        made.close()
        tell(0, name, f"{name}: no connection, {error}")
    else:
        held[name] = Held(SLOW[name], made)


def _ended(name: str, held: Held, tell: Callable[[int, str, str], None]) -> None:
    held.made.close()
    status = int(held.data.split(b" ", 2)[1]) if held.data.startswith(b"HTTP/1.1 ") else 0
    wrong = ""
    if held.stands:
        wrong = f"{name}: the connection stands for {time.monotonic() - held.since:.0f} s"
    elif status >= 500 and not (status == 503 and b"\r\nRetry-After: " in held.data):
        wrong = f"{name}: {status}"
    tell(status, name, wrong)


def _hung_up(made: socket.socket) -> bool:
    """Whether the service has closed a connection whose answer is not read."""
    poll = select.poll()
    poll.register(made, select.POLLRDHUP)
    return bool(poll.poll(0))
