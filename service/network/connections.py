"""HTTP connections through the guard, with one deadline for all steps. The fetcher, webhooks and deliveries use them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from urllib.parse import SplitResult

from urllib3.connection import HTTPConnection, HTTPSConnection

from service.network.addresses import Guard, port_of


@contextlib.contextmanager
def connection(parts: SplitResult, guard: Guard, seconds: float) -> Iterator[GuardedHTTP | GuardedHTTPS]:
    """To the host of a URL that `guard.check` accepted.

    The lookup, all addresses, the handshakes, the request and every read end after `seconds` in all.
    """
    made = (GuardedHTTPS if parts.scheme == "https" else GuardedHTTP)(str(parts.hostname), port_of(parts), guard, seconds)
    watchdog = threading.Timer(seconds, made.leash.pull)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield made
    finally:
        watchdog.cancel()
        made.close()
        made.leash.release()


def target(parts: SplitResult) -> str:
    """The target in the request line."""
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


class Leash:
    """Ends a connection from another thread, also one that is opened later.

    It has a duplicate of the socket: TLS detaches the original, and a shutdown of the duplicate ends both.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pulled = False
        self._held: socket.socket | None = None

    def hold(self, made: socket.socket) -> None:
        """Raises TimeoutError if the connection is opened too late; then it is closed."""
        with self._lock:
            if not self._pulled:
                self._held = made.dup()
                return
        made.close()
        raise TimeoutError("the connection took too long")

    def pull(self) -> None:
        with self._lock:
            self._pulled = True
            if self._held is not None:
                with contextlib.suppress(OSError):  # closed already, as intended
                    self._held.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        with self._lock:
            if self._held is not None:
                self._held.close()
                self._held = None


class Dialling:
    """Connects to the address that the guard checked."""

    guard: Guard
    place: tuple[str, int]
    until: float
    leash: Leash

    def _prepare(self, guard: Guard, place: tuple[str, int], seconds: float) -> None:
        self.guard, self.place, self.until, self.leash = guard, place, time.monotonic() + seconds, Leash()

    def _new_conn(self) -> socket.socket:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline passed before the connection")
        made = self.guard.connect(*self.place, left)
        self.leash.hold(made)
        return made


class GuardedHTTP(Dialling, HTTPConnection):
    def __init__(self, host: str, port: int, guard: Guard, seconds: float) -> None:
        HTTPConnection.__init__(self, host, port, timeout=seconds)
        self._prepare(guard, (host, port), seconds)


class GuardedHTTPS(Dialling, HTTPSConnection):
    """TLS is verified against the host's name, though the socket goes to the checked address."""

    def __init__(self, host: str, port: int, guard: Guard, seconds: float) -> None:
        HTTPSConnection.__init__(self, host, port, timeout=seconds, ssl_context=ssl.create_default_context())
        self._prepare(guard, (host, port), seconds)
