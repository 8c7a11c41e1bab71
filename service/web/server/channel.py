"""One connection: its time limits, and its end."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct
import termios
import time
from typing import Any

from waitress.channel import HTTPChannel

from service.model.errors import ColophonError
from service.model.http_errors import RequestTimeout
from service.web.server.parsing import Parser
from service.web.server.refusals import Answer, Refusal

IDLE = 75.0  # seconds for which a connection is kept for a further request: longer than proxies keep theirs (60 s)
LINGER = 5.0  # seconds of silence after which a refused request has arrived, so that its sender can read the answer
LONGEST_LINGER = 30.0
NEW = 1.0  # seconds after which the request of a new connection should have come
CHECKED = 1_000_000  # bytes of a body after which the open bodies are counted again


class Channel(HTTPChannel):
    """waitress's connection; all but `service` and `write_soon` runs in the thread of the listener."""

    task_class, error_task_class, parser_class = Answer, Refusal, Parser
    request: Parser | None = None  # the one that is arriving

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.since = self.heard = self.sent = time.monotonic()  # waiting for a head, last byte received, last byte sent
        self.served = 0  # requests
        self.judging = False  # a thread decides whether the body is received
        self.unread = False  # the answer is sent before the request was complete
        self.lingering: float | None = None  # since when
        self.counted = 0  # bytes of the body when bodies were counted last

    # Receiving

    def readable(self) -> bool:
        if self.lingering is not None:
            return True
        return not self.judging and bool(super().readable())

    def handle_read(self) -> None:
        if self.lingering is None:
            super().handle_read()
            return
        with contextlib.suppress(OSError):  # these bytes are not used; the end of the connection closes it
            if self.recv(self.adj.recv_bytes):
                self.heard = time.monotonic()

    def received(self, data: bytes) -> bool:
        self.heard = time.monotonic()
        with self.requests_lock:
            if self.will_close or self.close_when_flushed or not data:
                return False
            while data:
                taken = self._feed(data)
                if self.request is None and self.unread:
                    break
                data = data[taken:] if taken < len(data) else b""
            arriving = self.request
            if arriving is not None and arriving.headers_finished and not self.judging and not self.requests:
                self._ask_for_body(arriving)
        return True

    def _feed(self, data: bytes) -> int:
        """The number of bytes that the request took. Holds the lock."""
        if self.request is None:
            self.request = self.parser_class(self.adj)
            self.since, self.counted = self.heard, 0
        request = self.request
        had_head = request.headers_finished
        taken: int = request.received(data)
        if request.headers_finished and not had_head and not request.error:
            request.caller = self.server.caller_of(self, request)
            if problem := self.server.refuses(self, request):
                request.error, request.completed = problem, True
        elif request.body_bytes_received - self.counted > CHECKED:
            self.counted = request.body_bytes_received
            if problem := self.server.full():
                request.error, request.completed = problem, True
        if request.completed:
            self._accept(request)
        return taken

    def _accept(self, request: Parser) -> None:
        """Passes the request to a thread, unless another one of this connection is before it. Holds the lock."""
        self.request = None
        self.sent_continue = False
        self.since = self.heard
        if request.error:
            self.unread = True
        if not request.empty:
            self.requests.append(request)
            if len(self.requests) == 1:
                self.server.add_task(self)

    def _ask_for_body(self, request: Parser) -> None:
        """Holds the lock."""
        if self.server.judge is not None and not request.allowed:
            self.judging = True
            self.server.judge_soon(self, request)
        elif request.expect_continue and not self.sent_continue:
            self.send_continue()

    def judged(self, request: Parser, allowed: bool) -> None:
        """Handles the result of `judge`: a refused body is not received, and the application answers with the reason."""
        with self.requests_lock:
            self.judging, self.heard = False, time.monotonic()
            if self.request is not request or not self.connected:
                return
            request.allowed = True
            if not allowed:
                request.headers["CONNECTION"], request.completed, self.unread = "close", True, True
                self._accept(request)
            elif request.expect_continue and not self.sent_continue:
                self.send_continue()

    def refuse(self, problem: ColophonError) -> None:
        """Answers an incomplete request with `problem`."""
        with self.requests_lock:
            request = self.request or self.parser_class(self.adj)
            request.error, request.completed = problem, True
            self._accept(request)

    # Sending

    def writable(self) -> bool:
        return self.lingering is None and bool(super().writable())

    def send(self, data: bytes, do_close: bool = True) -> int:
        count = int(super().send(data, do_close=do_close) or 0)
        if count:
            self.sent = time.monotonic()
        return count

    def write_soon(self, data: Any) -> Any:
        """The silence of a client counts from the time when it has something to read, not from the start of the request."""
        if not self.total_outbufs_len:
            self.sent = time.monotonic()
        return super().write_soon(data)

    def service(self) -> None:
        self.served += 1
        self.since = self.sent = time.monotonic()
        super().service()
        self.since = time.monotonic()

    # Time

    def expire(self, now: float, head: float, body: float) -> None:
        """Ends slow connections: `head` seconds for first line and headers, `body` seconds of silence in a body or an answer."""
        if self.lingering is not None:
            if now - self.heard > LINGER or now - self.lingering > LONGEST_LINGER:
                self.handle_close()
        elif self.total_outbufs_len:
            if now - self.sent > body:
                self._abort()
        elif self.requests or self.judging or self.will_close or self.close_when_flushed:
            return
        elif self.request is None:
            if now - self.since > (IDLE if self.served else head) and not self.arrived():
                self._abort()
        elif self.request.headers_finished:
            if now - self.heard > body:
                self.refuse(RequestTimeout(f"No data arrived for {body:g} seconds."))
        elif now - self.since > head:
            self.refuse(RequestTimeout(f"The headers took longer than {head:g} seconds."))

    def busy(self) -> bool:
        """Whether the head of a request has arrived and the request has not ended."""
        return bool(self.requests) or (self.request is not None and self.request.headers_finished)

    def idle(self) -> bool:
        """Whether it can be closed without a loss: no byte of a request has arrived, and no answer is being sent."""
        under_way = self.requests or self.request or self.total_outbufs_len or self.judging or self.lingering
        new = not self.served and time.monotonic() - self.since < NEW
        return not (under_way or new or self.arrived())

    # The end

    def arrived(self) -> int:
        """Bytes that have arrived and are not read yet. A close would now reset the connection."""
        return self._bytes(termios.FIONREAD)

    def _bytes(self, question: int) -> int:
        with contextlib.suppress(OSError):
            return int(struct.unpack("i", fcntl.ioctl(self.socket, question, bytes(4)))[0])
        return 0

    def _abort(self) -> None:
        """Closes, with a reset if the kernel still has bytes for a caller that does not read.

        Otherwise the kernel would keep them, and the caller the connection, for minutes.
        """
        if self._bytes(termios.TIOCOUTQ):
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.handle_close()

    def handle_close(self) -> None:
        """Closes at once, or later if the peer may still be sending. Otherwise it would lose the answer."""
        if self.unread and self.lingering is None and self.connected and not self.total_outbufs_len:
            self.lingering = self.heard = time.monotonic()
            self.will_close = self.close_when_flushed = False
            with contextlib.suppress(OSError):  # the peer has closed: the next read shows it
                self.socket.shutdown(socket.SHUT_WR)
            return
        super().handle_close()
