"""The metrics for Prometheus: the pool and the queue, also from a process that serves nothing else."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from service.jobs.metrics import of_pool
from service.model.errors import DeadlineExceeded
from service.model.settings import Settings
from service.workers.pool import WorkerPool
from tests.servers import COLOPHON, free_port

MODULE = "tests.workers.program"


def test_ends_of_workers_are_counted_by_cause(tmp_path: Path) -> None:
    pool = WorkerPool(Settings(data_dir=str(tmp_path), workers=1, worker_conversions=2), MODULE)
    try:
        for _ in range(2):
            pool.call("echo", {"say": "x"}, deadline=20)
        with pytest.raises(DeadlineExceeded):
            pool.call("sleep", {"seconds": 60}, deadline=0.3)
        reported = {each.name: each for each in of_pool(pool.status())}
    finally:
        pool.stop(0)
    endings = {sample.labels["cause"]: sample.value for sample in reported["colophon_worker_endings"].samples}
    assert endings == {"recycled": 1, "deadline": 1}
    assert {sample.labels["state"] for sample in reported["colophon_workers"].samples} == {
        "alive",
        "idle",
        "paused",
        "size",
        "slow",
    }


def test_a_worker_process_reports_its_own(tmp_path: Path) -> None:
    port = free_port()
    environ = {"PATH": "/usr/bin:/bin", "COLOPHON_DATA_DIR": str(tmp_path), "COLOPHON_METRICS_PORT": str(port)}
    log = tmp_path / "worker.log"
    with log.open("wb") as stream:
        process = subprocess.Popen([COLOPHON, "worker", "--workers", "1"], env=environ, stderr=stream, stdout=stream)
        try:
            text = read(f"http://127.0.0.1:{port}/metrics", process)
        finally:
            process.terminate()
            assert process.wait(60) == 0
    reported = {family.name for family in families(text)}
    assert {"colophon_workers", "colophon_queue_items", "colophon_stage_seconds", "colophon_job_wait_seconds"} <= reported
    assert {json.loads(line)["level"] for line in log.read_text(encoding="utf-8").splitlines()} <= {"info"}


def test_a_port_that_is_taken_stops_the_start(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environ = {"PATH": "/usr/bin:/bin", "COLOPHON_DATA_DIR": str(tmp_path), "COLOPHON_METRICS_PORT": port}
        argv = [COLOPHON, "worker", "--workers", "1"]
        run = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert f"COLOPHON_METRICS_PORT: 127.0.0.1:{port} cannot be used" in run.stderr
    assert "Traceback" not in run.stderr


def read(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> str:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.1)
