"""Real servers for the tests: on loopback, on free ports, stopped afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import urllib3

COLOPHON = Path(sys.executable).parent / "colophon"
VARIABLES: tuple[str, ...] = ("PATH", "HOME", "LANG")  # of our own environment that a server is given


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running `colophon serve`."""

    process: subprocess.Popen[bytes]
    base: str
    log: Path
    http: urllib3.PoolManager

    def post(
        self, path: str, headers: dict[str, str] | None = None, patience: float = 120, **fields: Any
    ) -> urllib3.BaseHTTPResponse:
        """Multipart; a field is text, or a tuple of name and bytes. `patience` is in seconds."""
        return self.http.request("POST", self.base + path, fields=fields, headers=headers, retries=False, timeout=patience)

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        return self.http.request("GET", self.base + path, headers=headers, retries=False, timeout=60)

    def children(self) -> list[int]:
        """Every process below the server, by the kernel's own list."""
        found, todo = [], [self.process.pid]
        while todo:
            pid = todo.pop()
            for thread in Path(f"/proc/{pid}/task").glob("*/children"):
                below = [int(each) for each in thread.read_text(encoding="ascii").split()]
                found += below
                todo += below
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def colophon(folder: Path, **settings: object) -> Iterator[Server]:
    """A service with its data in `folder`; keyword arguments are settings."""
    port = free_port()
    environ = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    environ |= {f"COLOPHON_{name.upper()}": str(value) for name, value in settings.items()}
    environ["COLOPHON_DATA_DIR"] = str(folder)
    log = folder / "serve.log"
    with log.open("wb") as stream, urllib3.PoolManager(maxsize=8) as http:
        process = subprocess.Popen([COLOPHON, "serve", "--port", str(port)], env=environ, stderr=stream, stdout=stream)
        server = Server(process, f"http://127.0.0.1:{port}", log, http)
        try:
            wait_until_ready(server)
            yield server
        finally:
            if process.poll() is None:
                server.stop()


@contextmanager
def hosting(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[ThreadingHTTPServer]:
    """A host on loopback that the service may call. Its handler can note requests in the list `server.seen`."""
    host = ThreadingHTTPServer(("127.0.0.1", port), handler)
    host.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=host.serve_forever)
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        thread.join()
        host.server_close()


def wait_until_ready(server: Server, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server ended: {server.log.read_text(encoding='utf-8')}")
        try:
            if server.get("/readyz").status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"not ready after {seconds} s: {server.log.read_text(encoding='utf-8')}")
