"""A whole site on loopback: PostgreSQL, Redis, an S3 server (moto), fronts and Celery workers, as processes of their own.

Every setting is at its default but for those that say where things are, one warm engine worker a process, no cache of results,
and room in the queue for all that is pushed. Nothing is kept: folders and processes are gone at the end.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import urllib3

from bench import measure
from bench.ours import COLOPHON
from tests.backing import Running, postgresql, program, redis_server
from tests.servers import free_port

BOTO: Any = boto3  # untyped
BUCKET = "colophon"
KEYS = {"AWS_ACCESS_KEY_ID": "loopback", "AWS_SECRET_ACCESS_KEY": "loopback", "AWS_DEFAULT_REGION": "us-east-1"}
READY = 120.0  # seconds that all of it has to start
GRACE = 60  # seconds that a process has to drain
NEEDS = {"initdb": "postgresql", "redis-server": "redis-server"}  # program → Debian package


def missing() -> list[str]:
    """Debian packages that are not there."""
    return [package for name, package in NEEDS.items() if program(name) is None]


@dataclass
class Part:
    """A front or a worker; `spent` is the CPU of those that were killed, in seconds."""

    argv: list[str]
    environ: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    spent: float = 0.0

    def start(self) -> None:
        self.since = time.monotonic()
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(self.argv, env=self.environ, stdout=stream, stderr=stream)

    def kill(self) -> None:
        """SIGKILL, and it starts again on the same port."""
        assert self.process is not None
        self.spent = self.cpu()
        self.process.kill()
        self.process.wait()
        self.start()

    def cpu(self) -> float:
        return self.spent + (measure.cpu(measure.tree(self.process.pid)) if self.process else 0.0)

    def has_engine(self) -> bool:
        """Whether a warm engine stands behind it."""
        return self.process is not None and any("worker.lua" in measure.command(pid) for pid in measure.tree(self.process.pid))


@dataclass
class Site:
    database: Running
    broker: Running
    store: Running
    fronts: dict[str, Part] = field(default_factory=dict)  # by URL
    workers: list[Part] = field(default_factory=list)
    broker_since: float = field(default_factory=time.monotonic)
    broker_spent: float = 0.0

    def cpu(self) -> Counter[str]:
        """Seconds that each kind of process has used since its start."""
        servers = {"PostgreSQL": self.database, "Redis": self.broker, "S3 (moto)": self.store}
        seconds = {name: measure.cpu(measure.tree(each.process.pid)) for name, each in servers.items() if each.process}
        seconds["Redis"] += self.broker_spent
        seconds["fronts"] = sum(each.cpu() for each in self.fronts.values())
        seconds["workers"] = sum(each.cpu() for each in self.workers)
        return Counter(seconds)

    def kill_broker(self) -> None:
        """SIGKILL; its state is lost."""
        assert self.broker.process is not None
        self.broker_spent += measure.cpu([self.broker.process.pid])
        self.broker.end(9)
        self.broker.start()
        self.broker_since = time.monotonic()

    def bucket(self) -> dict[str, int]:
        """SHA-256 → bytes of every blob."""
        pages = s3(self.store.url).get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {entry["Key"].rsplit("/", 1)[-1]: entry["Size"] for page in pages for entry in page.get("Contents", ())}

    def logs(self) -> str:
        parts = [*self.fronts.values(), *self.workers]
        return "\n".join(f"== {part.log.name}\n{part.log.read_text(errors='replace')[-2000:]}" for part in parts)

    def start(self) -> None:
        for part in (*self.fronts.values(), *self.workers):
            part.start()
        end = time.monotonic() + READY
        while not (all(map(_ready, self.fronts)) and all(each.has_engine() for each in self.workers)):
            if time.monotonic() > end:
                raise SystemExit(f"the site was not ready within {READY:.0f} s\n{self.logs()}")
            time.sleep(0.1)

    def stop(self) -> None:
        processes = [part.process for part in (*self.fronts.values(), *self.workers) if part.process]
        for process in processes:
            process.terminate()
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
            process.kill()
            process.wait()


def _ready(url: str) -> bool:
    with contextlib.suppress(urllib3.exceptions.HTTPError):
        return urllib3.request("GET", f"{url}/readyz", retries=False, timeout=2).status == 200
    return False


def s3(url: str) -> Any:
    named = {"aws_access_key_id": "loopback", "aws_secret_access_key": "loopback", "region_name": "us-east-1"}
    return BOTO.client("s3", endpoint_url=url, **named)


@contextlib.contextmanager
def _store() -> Iterator[Running]:
    """A separate process, so that it shares no lock with the measuring one."""
    port = free_port()
    argv = [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    server = Running(argv, port, url=f"http://127.0.0.1:{port}")
    server.start()
    try:
        s3(server.url).create_bucket(Bucket=BUCKET)
        yield server
    finally:
        server.end(15)


@contextlib.contextmanager
def site(fronts: int, workers: int, room: int) -> Iterator[Site]:
    """Started and warm; `room` is how many items may wait."""
    with (
        tempfile.TemporaryDirectory(prefix="colophon-site-", ignore_cleanup_errors=True) as folder,
        postgresql(fsync="on") as database,
        redis_server() as broker,
        _store() as store,
    ):
        running = Site(database, broker, store)
        shared = {
            "database_url": f"{database.url}/postgres", "store": "s3", "s3_bucket": BUCKET, "s3_endpoint": store.url,
            "backend": "celery", "broker_url": broker.url, "workers": "1", "cache": "off", "log_level": "WARNING",
            "queue_items": str(room),
        }  # fmt: skip
        for number in range(fronts):
            port = free_port()
            part = _part(f"front-{number}", ["serve", "--port", str(port)], shared, Path(folder))
            running.fronts[f"http://127.0.0.1:{port}"] = part
        commands = [(f"worker-{number}", ["worker", "--backend", "celery"]) for number in range(workers)]
        running.workers = [_part(name, command, shared, Path(folder)) for name, command in commands]
        try:
            running.start()
            yield running
        finally:
            running.stop()


def _part(name: str, command: list[str], shared: dict[str, str], folder: Path) -> Part:
    """Each has a data folder of its own, as if it were on another machine; what a killed one leaves in its /tmp goes with it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environ = kept | KEYS | {f"COLOPHON_{key.upper()}": value for key, value in shared.items()}
    data, temporary = folder / name, folder / name / "tmp"
    temporary.mkdir(parents=True)
    environ |= {"COLOPHON_DATA_DIR": str(data), "TMPDIR": str(temporary)}
    return Part([str(COLOPHON), *command], environ, folder / f"{name}.log")
