"""PostgreSQL and Redis for the tests and `bench.scale`: Debian's packages, private, on loopback and free ports.

They are stopped afterwards.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.servers import free_port


def program(name: str) -> str | None:
    """Debian keeps PostgreSQL's programs off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def _as_someone() -> dict[str, Any]:
    """PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@dataclass
class Running:
    """A server process that can be killed and started again on the same port and folder."""

    argv: list[str]
    port: int
    options: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    url: str = ""

    def start(self, seconds: float = 30) -> None:
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(self.argv, **quiet, **self.options)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.argv[0]} ended with {self.process.returncode}")
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.argv[0]} does not listen")

    def _answers(self) -> bool:
        if self.url.startswith("postgresql"):
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(f"{self.url}/postgres", connect_timeout=2):
                return True
        else:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return True
        return False

    def end(self, number: int = signal.SIGINT) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(30)


@contextmanager
def postgresql(fsync: str = "off") -> Iterator[Running]:
    """A new cluster's server; its URL lacks a database's name. No test cuts the power, so none needs fsync."""
    as_someone = _as_someone()
    with tempfile.TemporaryDirectory(prefix="colophon-pg-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        data.mkdir()
        for path in (Path(folder), data):
            path.chmod(0o700)
            if as_someone:
                os.chown(path, as_someone["user"], as_someone["group"])
        initdb = [
            str(program("initdb")),
            "-D",
            str(data),
            "-U",
            "colophon",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_someone)
        port = free_port()
        argv = [
            str(program("postgres")),
            "-D",
            str(data),
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            folder,
            "-c",
            f"fsync={fsync}",
        ]
        server = Running(argv, port, {"cwd": folder, **as_someone}, url=f"postgresql://colophon@127.0.0.1:{port}")
        server.start()
        try:
            yield server
        finally:
            server.end()


@contextmanager
def redis_server() -> Iterator[Running]:
    """With nothing kept on disk: what it knew is gone when it is killed."""
    with tempfile.TemporaryDirectory(prefix="colophon-redis-") as folder:
        port = free_port()
        argv = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]
        server = Running(argv, port, url=f"redis://127.0.0.1:{port}/0")
        server.start()
        try:
            yield server
        finally:
            server.end(signal.SIGTERM)
