"""A proxy on loopback that misbehaves on command: between the service and a real server that works."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

GARBAGE = b"\x00\xffnothing that any protocol knows\r\n" * 20
PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<p>Log in</p>"
MIDWAY = 40  # bytes of an answer before the reset: within its head
FAULTS = ("refused", "reset", "reset midway", "silent", "garbage", "half an answer")


class BrokenProxy:
    """`fault` is "" or one of FAULTS or "portal"; setting it also ends what is connected, unless it is "silent"."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._fault = ""
        self._lock = threading.Lock()
        self._made: set[socket.socket] = set()
        self._listener = self._listen(0)
        self.port = int(self._listener.getsockname()[1])
        self._closed = False

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=128)
        threading.Thread(target=self._accept, args=(listener,), name="proxy", daemon=True).start()
        return listener

    @property
    def fault(self) -> str:
        return self._fault

    @fault.setter
    def fault(self, wanted: str) -> None:
        before, self._fault = self._fault, wanted
        if wanted == "refused" != before:
            self._stop_listening()
        elif before == "refused" != wanted:
            self._listener = self._listen(self.port)
        if wanted not in ("silent", "reset midway", "half an answer", "garbage", "portal"):
            self._reset_all()

    def _stop_listening(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def close(self) -> None:
        self._closed = True
        if self._fault != "refused":
            self._stop_listening()
        self._reset_all()

    def _reset_all(self) -> None:
        with self._lock:
            made, self._made = self._made, set()
        for each in made:
            _reset(each)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = listener.accept()
                threading.Thread(target=self._serve, args=(caller,), name="proxied", daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        if self._fault in ("reset", "refused") or self._closed:
            _reset(caller)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=30)
        except OSError:
            _reset(caller)
            return
        server.settimeout(None)
        with self._lock:
            self._made |= {caller, server}
        threading.Thread(target=self._pump, args=(caller, server, self._asked), name="proxied", daemon=True).start()
        self._pump(server, caller, self._answered)
        with self._lock:
            self._made -= {caller, server}

    def _pump(self, source: socket.socket, sink: socket.socket, passes: Callable[[bytes, socket.socket], bool]) -> None:
        with contextlib.suppress(OSError):
            while (data := source.recv(65_536)) and passes(data, sink):
                pass
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _asked(self, data: bytes, sink: socket.socket) -> bool:
        if self._fault != "silent":
            sink.sendall(data)
        return True

    def _answered(self, data: bytes, sink: socket.socket) -> bool:
        """Sends the answer, or what becomes of it. False where the connection ends."""
        fault = self._fault
        if fault == "silent":
            return True
        if fault in ("garbage", "portal"):
            sink.sendall(GARBAGE if fault == "garbage" else PORTAL)
            return False
        if fault in ("reset midway", "half an answer"):
            sink.sendall(data[:MIDWAY])
            if fault == "reset midway":
                _reset(sink)
            return False
        sink.sendall(data)
        return True


def _reset(made: socket.socket) -> None:
    with contextlib.suppress(OSError):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        made.shutdown(socket.SHUT_RD)
    made.close()


@contextmanager
def broken_proxy(target: int) -> Iterator[BrokenProxy]:
    """A proxy before `target` on loopback; it works until it gets a fault."""
    proxy = BrokenProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
