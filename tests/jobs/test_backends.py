"""The common behaviour of all backends, and a missing broker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.jobs.backends import BACKENDS, open_backend
from service.jobs.store import JobStore
from service.model.settings import BY_NAME, Settings
from service.storage import open_store
from tests.backing import redis_server
from tests.jobs.conftest import create_in
from tests.jobs.slow import ScriptedConverter
from tests.servers import free_port
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("name", BACKENDS)
def test_one_that_was_never_started_can_be_stopped(tmp_path: Path, name: str) -> None:
    settings = Settings(data_dir=str(tmp_path), backend=name)
    backend = open_backend(settings, JobStore(settings, open_store(settings)), ScriptedConverter(settings))
    assert backend.status() == {"name": name, "state": "stopped", "running": 0}
    backend.stop(0)
    backend.stop(0)


def test_an_unknown_one_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="local, celery"):
        Settings(data_dir=str(tmp_path), backend="cron")
    assert BY_NAME["backend"].choices == tuple(BACKENDS)


@pytest.mark.logs("a broker that is away is logged once")
def test_without_its_broker_jobs_are_accepted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(data_dir=str(tmp_path), backend="celery", broker_url=f"redis://127.0.0.1:{free_port()}/0")
    store = JobStore(settings, open_store(settings))
    backend = open_backend(settings, store, ScriptedConverter(settings))
    backend.start()
    job = create_in(store, 2)
    backend.announce(store.item_ids(job.id))
    wait_for(lambda: backend.status()["state"] == "broker-unreachable")
    assert store.get(job.id).state == "queued"
    backend.stop(0)
    store.close()
    assert [record.name for record in caplog.records if record.levelname == "WARNING"] == ["colophon.jobs"]


# As `colophon worker`, stopped while it starts: after its handlers stand and before Celery's do.
STOPPED = """
import sys, threading
from service.model.settings import Settings
from service.jobs.backends import open_backend
from service.jobs.store import JobStore
from service.storage import open_store
from service.conversion.converter import PoolConverter
settings = Settings(data_dir=sys.argv[1], backend="celery", broker_url=sys.argv[2], workers=1)
jobs, stop = JobStore(settings, open_store(settings)), threading.Event()
jobs.check()
stop.set()
open_backend(settings, jobs, PoolConverter(settings)).work(stop)
"""


@pytest.mark.usefixtures("redis_installed")
def test_a_celery_worker_that_is_stopped_while_it_starts_ends(tmp_path: Path) -> None:
    with redis_server() as broker:
        argv = [sys.executable, "-W", "ignore", "-c", STOPPED, str(tmp_path), broker.url]
        subprocess.run(argv, cwd=ROOT, check=True, timeout=60, capture_output=True)
