"""The socket on which the service listens, its connections, and the threads behind them.

Limits: the number of connections: above it, the callers with the most lose their oldest; the number of open
requests of an address; the bytes of open bodies, as many as one of the largest size for each thread. Probes have their own
threads, so that they are answered even if all others are busy.
"""

from __future__ import annotations

import resource
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from service.model.errors import ColophonError, Unavailable
from service.model.http_errors import TooManyOpenRequests
from service.model.settings import Settings
from service.web.authentication import network_of
from service.web.request_log import PROBES
from service.web.server.channel import Channel
from service.web.server.parsing import LONGEST_HEAD, Parser

LIVENESS = "/healthz"
PROBE_THREADS = 4
LOOK = 0.5  # seconds between two checks for slow connections
STEP = 0.25  # seconds of one wait for events
FILES_OF_A_CONNECTION = 3  # its socket, and temporary files for a body and an answer
FILES_OF_THE_SERVICE = 256
ACCEPTED_AT_ONCE = 64
Judge = Callable[[Mapping[str, Any]], bool]


class Threads:
    """Requests, probes, and the one that only says that the process lives."""

    def __init__(self, count: int) -> None:
        self.pools = {
            name: ThreadPoolExecutor(size, thread_name_prefix=name)
            for name, size in (("request", count), ("probe", PROBE_THREADS), ("liveness", 1))
        }

    def add_task(self, channel: Channel) -> None:
        request = channel.requests[0]
        path = "" if request.error else request.path
        name = "liveness" if path == LIVENESS else "probe" if request.error or path in PROBES else "request"
        self.pools[name].submit(channel.service)

    def shutdown(self) -> None:
        for pool in self.pools.values():
            pool.shutdown(wait=False, cancel_futures=True)


class Listener(TcpWSGIServer):
    """`judge` decides by the head of a request whether its body is received; None: always."""

    channel_class = Channel

    def __init__(self, application: Any, settings: Settings, listening: socket.socket, judge: Judge | None) -> None:
        self.settings, self.judge, self.draining = settings, judge, False
        self.sockets: dict[int, Any] = {}
        self.most = min(settings.connections, _files() // FILES_OF_A_CONNECTION)
        self.next_look = self.next_accept = 0.0
        self.pending = False  # connections wait to be accepted
        address = (listening.family, listening.type, listening.proto, listening.getsockname())
        super().__init__(
            application, self.sockets, True, listening, Threads(settings.threads), _adjustments(settings), address, False
        )

    # Called in a loop

    def step(self) -> None:
        """Waits for events and handles them.

        Connections are closed before a poll, and accepted after all of its events are handled: a new connection gets the
        number of one that was closed, and an event of the old one would end the new one.
        """
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + LOOK
            self.maintenance(now)
        wasyncore.loop(STEP, True, self.sockets, 1)
        if self.pending:
            self.pending = False
            self._accept()

    def drain(self, seconds: float) -> None:
        """Accepts connections that wait already, then no more. Open requests may end within `seconds`."""
        self.draining = True
        self._accept()
        self.accepting = False
        self.del_channel()
        self.socket.close()  # later connections are refused at once
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._close_idle():
            self.step()
        self.task_dispatcher.shutdown()
        wasyncore.close_all(self.sockets, ignore_all=True)

    def _close_idle(self) -> bool:
        """Whether connections are left."""
        for channel in list(self.active_channels.values()):
            if channel.idle():
                channel.handle_close()
        return bool(self.active_channels)

    # Connections

    def readable(self) -> bool:
        return bool(self.accepting) and time.monotonic() >= self.next_accept

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            channel.expire(now, self.settings.head_timeout, self.settings.body_timeout)

    def handle_accept(self) -> None:
        self.pending = True

    def _accept(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            if len(self.active_channels) >= self.most and not self._make_room():
                return
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == before:
                return

    def _make_room(self) -> bool:
        """Closes the oldest connection that waits for its caller, of the address with the most of them.

        Returns False if nothing waits for the place, or all connections are busy.
        """
        if not select.select([self.socket], [], [], 0)[0]:
            return False
        waiting = [each for each in self.active_channels.values() if not each.requests and not each.total_outbufs_len]
        if not waiting:
            self.next_accept = time.monotonic() + STEP
            return False
        crowd = Counter(network_of(str(each.addr[0])) for each in waiting).most_common(1)[0][0]
        found = sorted((each for each in waiting if network_of(str(each.addr[0])) == crowd), key=lambda each: each.since)
        oldest = next((each for each in found if not each.arrived()), found[0])
        oldest.unread = False
        oldest.handle_close()
        return True

    # Requests

    def caller_of(self, channel: Channel, request: Parser) -> str:
        """The address, by the same rule as in the application (ProxyFix); of IPv6 the network."""
        said = [each.strip() for each in request.headers.get("X_FORWARDED_FOR", "").split(",")]
        count = self.settings.proxies
        return network_of(said[-count] if count and len(said) >= count else str(channel.addr[0]))

    def refuses(self, channel: Channel, request: Parser) -> ColophonError | None:
        """The reason why a request is refused after its head."""
        limit = self.settings.open_requests
        if not limit or request.path in PROBES or len(self.active_channels) <= limit:
            return None
        busy = [each for each in self.active_channels.values() if each is not channel and each.busy()]
        if sum(_caller(each) == request.caller for each in busy) < limit:
            return None
        return TooManyOpenRequests(f"At most {limit} open requests per address are allowed.", retry_after=1)

    def full(self) -> ColophonError | None:
        """The reason why the rest of a body is not received."""
        bodies = (each.request.body_bytes_received for each in self.active_channels.values() if each.request)
        waiting = (request.body_bytes_received for each in self.active_channels.values() for request in list(each.requests))
        if sum(bodies) + sum(waiting) <= self.settings.threads * self.settings.max_upload:
            return None
        return Unavailable("Too many uploads at once.", retry_after=5)

    def judge_soon(self, channel: Channel, request: Parser) -> None:
        self.task_dispatcher.pools["request"].submit(self._judge, channel, request)

    def _judge(self, channel: Channel, request: Parser) -> None:
        allowed = True  # if unknown, the application decides
        try:
            if self.judge is not None:
                allowed = self.judge(channel.task_class(channel, request).get_environment())
        finally:
            self.trigger.pull_trigger(lambda: channel.judged(request, allowed))


def _caller(channel: Channel) -> str:
    request = channel.requests[0] if channel.requests else channel.request
    return str(request.caller) if request is not None else ""


def _files() -> int:
    """Open files that are left for connections."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(FILES_OF_A_CONNECTION, (1_048_576 if soft == resource.RLIM_INFINITY else soft) - FILES_OF_THE_SERVICE)


def _adjustments(settings: Settings) -> Adjustments:
    return Adjustments(
        ident="", backlog=2048, recv_bytes=16_384, inbuf_overflow=262_144, outbuf_overflow=1_048_576,
        max_request_header_size=LONGEST_HEAD, max_request_body_size=settings.max_upload + 1,
        clear_untrusted_proxy_headers=False, log_socket_errors=False, server_name=settings.host,
    )  # fmt: skip
