"""A listener on loopback that must never get a connection: hostile inputs name it, and the kernel keeps connections."""

from __future__ import annotations

import atexit
import socket

LISTENER = socket.create_server(("127.0.0.1", 0))
LISTENER.setblocking(False)
atexit.register(LISTENER.close)
HOST = f"127.0.0.1:{LISTENER.getsockname()[1]}"
URL = f"http://{HOST}/"


def hits() -> int:
    """The number of connections so far."""
    count = 0
    try:
        while True:
            LISTENER.accept()[0].close()
            count += 1
    except BlockingIOError:
        return count
