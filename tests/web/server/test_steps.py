"""The loop of the listener, one step at a time: no connection is reset that a request has reached or is about to."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from service.model.settings import Settings
from service.web.server import channel
from service.web.server.listener import Listener
from tests.waiting import wait_for

GET = b"GET /v1/formats HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LONG_AGO = -1_000.0


def application(_: Any, start: Callable[..., Any]) -> list[bytes]:
    start("200 OK", [("Content-Length", "4")])
    return [b"text"]


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setblocking(False)
    made = Listener(application, Settings(data_dir=str(tmp_path), workers=1), listening, None)
    yield made
    made.drain(0)
    listening.close()


def connect(listener: Listener, data: bytes = b"") -> socket.socket:
    made = socket.create_connection(listener.socket.getsockname(), timeout=30)
    made.sendall(data)
    return made


def answer(listener: Listener, made: socket.socket, end: bytes = b"text") -> bytes:
    """The bytes until `end`, or until the service closes the connection. Raises ConnectionResetError."""
    made.setblocking(False)
    found, late = b"", time.monotonic() + 100
    while not found.endswith(end) and time.monotonic() < late:
        listener.step()
        with contextlib.suppress(BlockingIOError):
            part = made.recv(65_536)
            if not part:
                return found
            found += part
    return found


def only(listener: Listener) -> channel.Channel:
    """The one connection, once it is accepted."""
    if threading.current_thread() is threading.main_thread():
        wait_for(lambda: listener.active_channels or listener.step())
    (found,) = listener.active_channels.values()
    return found  # type: ignore[no-any-return]


def test_a_new_connection_is_not_closed_with_the_one_whose_number_it_gets(listener: Listener) -> None:
    with connect(listener) as old:
        listener.step()
        closing = only(listener)
        closing.since, listener.next_look = LONG_AGO, 0.0
        with connect(listener, GET) as new:
            assert answer(listener, new).endswith(b"text")
            assert old.recv(100) == b""


def test_nor_with_the_one_that_makes_room_for_it(listener: Listener) -> None:
    listener.most = 1
    with connect(listener) as old:
        listener.step()
        old.sendall(b"GET / HT")  # an event of the old connection in the same step as the new connection
        with connect(listener, GET) as new:
            assert answer(listener, new).endswith(b"text")


def test_where_no_room_can_be_made_the_loop_pauses(listener: Listener) -> None:
    listener.most = 0
    with connect(listener, GET) as made:
        listener.step()
        assert listener.next_accept and not listener.active_channels
        listener.most, listener.next_accept = 10, 0.0
        assert answer(listener, made).endswith(b"text")


@pytest.mark.parametrize("served", [0, 1])
def test_a_request_that_has_arrived_keeps_its_connection(listener: Listener, served: int) -> None:
    """The loop was late: the caller was not."""
    with connect(listener) as made:
        listener.step()
        waiting = only(listener)
        made.sendall(GET)
        waiting.served, waiting.since, listener.next_look = served, LONG_AGO, 0.0
        assert answer(listener, made).endswith(b"text")


def test_an_answer_that_begins_late_is_not_taken_for_one_that_no_one_reads(listener: Listener) -> None:
    """An answer that took longer than `body_timeout` to make has just begun when the loop looks at it."""
    with connect(listener, GET) as made:
        looked = list[bool]()

        def late(environ: Any, start: Callable[..., Any]) -> list[bytes]:
            only(listener).sent = LONG_AGO
            return application(environ, start)

        plain = channel.HTTPChannel._flush_some

        def flush(self: channel.Channel, do_close: bool = True) -> Any:
            if not looked:  # between the buffer and the socket
                looked.append(True)
                self.expire(time.monotonic(), 10, 30)
            return plain(self, do_close)

        listener.application = late
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(channel.Channel, "_flush_some", flush, raising=False)
            assert answer(listener, made).endswith(b"text")
        assert looked


def test_between_two_requests_a_connection_is_not_taken_for_a_new_one(listener: Listener) -> None:
    """A request of a minute: its connection is kept for the next one, and not ended by the time since its head came."""
    with connect(listener, GET) as made:

        def slow(environ: Any, start: Callable[..., Any]) -> list[bytes]:
            assert only(listener).served == 1
            return application(environ, start)

        listener.application = slow
        assert answer(listener, made).endswith(b"text")
        wait_for(lambda: not only(listener).requests)
        made.sendall(GET)
        listener.application = application
        assert answer(listener, made).endswith(b"text")


def test_an_end_of_the_service_answers_who_has_connected(listener: Listener) -> None:
    waiting = [connect(listener, GET) for _ in range(3)]
    listener.drain(30)
    for made in waiting:
        with made:
            found = made.recv(65_536)
            assert found.startswith(b"HTTP/1.1 200") and b"Connection: close" in found
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(listener.sockinfo[3], timeout=5)


@pytest.mark.parametrize(("refused", "silent", "kept"), [(20, 1, True), (20, 6, False), (31, 1, False)])
def test_a_refused_upload_may_go_on_while_bytes_come(listener: Listener, refused: float, silent: float, kept: bool) -> None:
    """Its sender reads the answer after the last byte; a fixed time would reset the connection of a slow one."""
    with connect(listener, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n") as made:
        assert answer(listener, made, b"}").startswith(b"HTTP/1.1 413")
        wait_for(lambda: listener.step() or only(listener).lingering is not None)
        found, now = only(listener), time.monotonic()
        found.lingering, found.heard = now - refused, now - silent
        found.expire(now, 10, 30)
        assert (found in listener.active_channels.values()) == kept
