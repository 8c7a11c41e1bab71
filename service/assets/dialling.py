"""Connections that the guard dials, with an end from outside: what the fetcher and the webhooks speak HTTP over."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import SplitResult

from urllib3.connection import HTTPConnection, HTTPSConnection

from service.assets.guard import Guard


@contextlib.contextmanager
def connection(parts: SplitResult, guard: Guard, seconds: float) -> Iterator[GuardedHTTP | GuardedHTTPS]:
    """To the host of a URL that `guard.check` passed; whatever it waits for, it ends after `seconds` in all."""
    https = parts.scheme == "https"
    made = (GuardedHTTPS if https else GuardedHTTP)(str(parts.hostname), parts.port or (443 if https else 80), guard, seconds)
    watchdog = threading.Timer(seconds, made.close_hard)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield made
    finally:
        watchdog.cancel()
        made.close()


def target(parts: SplitResult) -> str:
    """What stands in the request line."""
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


class Dialling:
    """Dials what the guard checked; `close_hard` ends it from another thread, whatever it waits for."""

    guard: Guard
    place: tuple[str, int]
    seconds: float
    dialled: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        self.dialled = self.guard.connect(*self.place, self.seconds)
        return self.dialled

    def close_hard(self) -> None:
        if self.dialled is None:
            return
        with contextlib.suppress(OSError):  # closed already: what was wanted
            self.dialled.shutdown(socket.SHUT_RDWR)


class GuardedHTTP(Dialling, HTTPConnection):
    def __init__(self, host: str, port: int, guard: Guard, seconds: float) -> None:
        HTTPConnection.__init__(self, host, port, timeout=seconds)
        self.guard, self.place, self.seconds = guard, (host, port), seconds


class GuardedHTTPS(Dialling, HTTPSConnection):
    """TLS is verified against the host's name, though the socket goes to the checked address."""

    def __init__(self, host: str, port: int, guard: Guard, seconds: float) -> None:
        HTTPSConnection.__init__(self, host, port, timeout=seconds, ssl_context=ssl.create_default_context())
        self.guard, self.place, self.seconds = guard, (host, port), seconds
