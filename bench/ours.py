"""Our side: a service of our own, asked over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from bench import measure

BUNDLE = ".bundle.zip"  # next to an article: the same with its pictures as files
COLOPHON = Path(sys.executable).parent / "colophon"


class Service:
    """A running `colophon serve`; safe to use from several threads."""

    def __init__(self, process: subprocess.Popen[bytes], base: str, connections: int) -> None:
        self.process, self.base = process, base
        self.http = urllib3.PoolManager(maxsize=connections)

    def convert(self, article: Path, to: str, out: Path) -> None:
        bundle = article.with_suffix(BUNDLE)
        out.write_bytes(self.ask((bundle if bundle.exists() else article).read_bytes(), to).data)

    def ask(self, data: bytes, to: str, headers: dict[str, str] | None = None) -> urllib3.BaseHTTPResponse:
        """The answer to one conversion. Raises RuntimeError for anything but 200 and 304."""
        is_bundle = data.startswith(b"PK")
        form: dict[str, str | tuple[str, bytes, str]] = {
            "file": ("article.zip", data, "application/zip") if is_bundle else ("article.md", data, "text/markdown"),
            "to": to,
            "images": "link",
        }
        answer = self.http.request("POST", f"{self.base}/v1/convert", fields=form, headers=headers, retries=False, timeout=300)
        if answer.status not in (200, 304):
            raise RuntimeError(f"{to}: {answer.status} {answer.data[:500]!r}")
        return answer

    def pids(self) -> list[int]:
        return [self.process.pid]

    def cpu(self) -> float:
        return measure.cpu(measure.tree(self.process.pid))


@contextmanager
def service(connections: int = 1, **settings: str) -> Iterator[Service]:
    """A service on a free loopback port with an empty data folder; no cache unless `cache` says otherwise.

    Its deadlines are as long as the peers have: on a busy machine a slow conversion is to be a figure, not a failure.
    """
    given = {"cache": "off", "log_level": "ERROR", "read_deadline": "120", "write_deadline": "600"} | settings
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environ = kept | {f"COLOPHON_{name.upper()}": value for name, value in given.items()} | {"COLOPHON_DATA_DIR": folder}
        port = _free_port()
        process = subprocess.Popen([COLOPHON, "serve", "--port", str(port)], env=environ, stderr=subprocess.DEVNULL)
        running = Service(process, f"http://127.0.0.1:{port}", connections)
        try:
            _wait_until_ready(running)
            yield running
        finally:
            running.http.clear()
            process.terminate()
            process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(running: Service, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and running.process.poll() is None:
        try:
            if running.http.request("GET", f"{running.base}/readyz", retries=False, timeout=2).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the service did not become ready")
