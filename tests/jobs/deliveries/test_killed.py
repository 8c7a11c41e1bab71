"""Front and workers are killed between the artifact and its delivery: the receiver gets it once.

Killed before the receiver has it, a later start sends it. Killed after the receiver has it and before that is recorded, it is
sent again: the same bytes to the same URL, so that one object is there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from service.jobs.records import Destination
from service.jobs.store import JobStore
from service.model.settings import Settings
from service.storage import open_store
from tests.jobs.conftest import new_job
from tests.servers import COLOPHON, VARIABLES, free_port
from tests.waiting import wait_for

pytestmark = pytest.mark.timeout(600)
TIMEOUT = 8.0  # seconds for an attempt; a delivery of a dead process is taken again after one and a half times that


class Objects(ThreadingHTTPServer):
    """Keeps an object for each URL, as an object store does. The first request waits for `released`."""

    daemon_threads = True

    def __init__(self, keeps_first: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Put)
        self.keeps_first, self.objects, self.requests = keeps_first, dict[str, list[bytes]](), 0
        self.arrived, self.released, self.lock = threading.Event(), threading.Event(), threading.Lock()


class _Put(BaseHTTPRequestHandler):
    server: Objects

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_PUT(self) -> None:
        with self.server.lock:
            self.server.requests += 1
            is_first = self.server.requests == 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not is_first or self.server.keeps_first:
            self.server.objects.setdefault(self.path, []).append(body)
        if is_first:
            self.server.arrived.set()
            self.server.released.wait(300)
            return
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def objects(keeps_first: bool) -> Iterator[Objects]:
    server = Objects(keeps_first)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def front(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A service in a process group of its own, with its workers; SIGKILL for all of them at the end."""
    names = ("data_dir", "database_url", "deliver_put", "deliver_http", "deliver_timeout", "fetch_allow", "workers", "lease")
    environ = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    environ |= {f"COLOPHON_{name.upper()}": str(settings[name]) for name in names}
    with log.open("ab") as stream:
        argv = [str(COLOPHON), "serve", "--port", str(free_port())]
        process = subprocess.Popen(argv, env=environ, stdout=stream, stderr=stream, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("keeps_first", [False, True], ids=["before it arrived", "after it arrived"])
def test_killed_between_artifact_and_delivery(job_settings: Settings, tmp_path: Path, keeps_first: bool) -> None:
    about = {"deliver_put": True, "deliver_http": True, "deliver_timeout": TIMEOUT, "fetch_allow": "127.0.0.0/8,127.0.0.1"}
    settings = replace(job_settings, **about)
    store = JobStore(settings, open_store(settings))
    log = tmp_path / "front.log"
    with objects(keeps_first) as receiver:
        url = f"http://127.0.0.1:{receiver.server_address[1]}/book.epub?signature=1"
        job, _ = store.create(replace(new_job(store), destinations=(Destination("put", url, 0),)))
        with front(settings, log):
            wait_for(receiver.arrived.is_set, lambda: log.read_text(errors="replace")[-3_000:])
        assert [each.state for each in store.deliveries(job.id)] == ["pending"]
        with front(settings, log):
            wait_for(
                lambda: [each.state for each in store.deliveries(job.id)] == ["delivered"],
                lambda: log.read_text(errors="replace")[-3_000:],
            )
        (artifact,) = store.items(job.id)[0][0].artifacts
        received = receiver.objects.pop("/book.epub?signature=1")
        assert receiver.objects == {} and set(received) == {store.blobs.get(artifact.sha256)}
        assert len(received) == receiver.requests - (not keeps_first)
    store.close()
