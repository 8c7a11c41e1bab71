"""Where workers come from: warm at once, alone from the start, and nothing of them is left."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schemas import options
from service.conversion.converter import PoolConverter
from service.model.document import Source
from service.model.errors import EngineCrashed
from service.model.settings import Settings
from service.workers import cpu_time
from service.workers.deadlines import Limits
from service.workers.fork_server import ForkServer
from service.workers.pool import WorkerPool
from service.workers.worker import NICER, Worker
from tests.waiting import wait_for
from tests.workers.test_pool import MODULE, echo, gone, pool_of


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    server = ForkServer(Settings(data_dir=str(tmp_path_factory.mktemp("data"))), MODULE)
    yield server
    server.close()


def worker_of(server: ForkServer) -> Worker:
    worker = Worker(server)
    worker.wait_until_ready()
    return worker


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def open_files(pid: int) -> list[str]:
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the one by which we look
            found.append(os.readlink(link))  # noqa: PTH115 (sockets and pipes are not paths)
    return found


def test_a_worker_is_a_fork_in_a_session_of_its_own(server: ForkServer) -> None:
    worker = worker_of(server)
    assert parent(worker.pid) == server.process.pid
    assert os.getsid(worker.pid) == worker.pid
    worker.close()
    assert gone(worker.pid)


def test_workers_can_be_nicer_than_the_front(tmp_path: Path) -> None:
    server = ForkServer(Settings(data_dir=str(tmp_path)), MODULE, nicer=5)
    worker = worker_of(server)
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        assert os.getpriority(os.PRIO_PROCESS, server.process.pid) == ours
        assert os.getpriority(os.PRIO_PGRP, worker.pid) == min(19, ours + 5)
        worker.slow_down()
        assert os.getpriority(os.PRIO_PGRP, worker.pid) == min(19, ours + 5 + NICER)
        if worker.speed_up():  # it takes a privilege
            assert os.getpriority(os.PRIO_PGRP, worker.pid) == min(19, ours + 5)
    finally:
        worker.close()
        server.close()


def test_the_server_has_one_thread(server: ForkServer) -> None:
    """A fork has but the thread that forks: what another held would be held for ever."""
    worker_of(server).close()
    assert len(list(Path(f"/proc/{server.process.pid}/task").iterdir())) == 1


def test_a_worker_holds_no_stream_of_another(server: ForkServer) -> None:
    """Nor the way to the server: it could ask for processes."""
    first, second = worker_of(server), worker_of(server)
    assert not [name for name in open_files(second.pid) if name.startswith("socket:")]
    shared = set(open_files(first.pid)) & set(open_files(second.pid))
    assert not [name for name in shared if name.startswith("pipe:")]
    first.close()
    second.close()


def test_what_ended_leaves_nothing_in_the_server(server: ForkServer) -> None:
    worker_of(server).close()  # it has started by then
    files, before = open_files(server.process.pid), open_files(os.getpid())
    for _ in range(3):
        worker_of(server).close()
    assert children(server.process.pid) == []
    assert len(open_files(server.process.pid)) == len(files)
    assert len(open_files(os.getpid())) <= len(before)


def test_the_exit_code_is_reported(server: ForkServer) -> None:
    worker = worker_of(server)
    assert worker.process.poll() is None
    with pytest.raises(EngineCrashed) as caught:
        worker.call("die", {}, [], Limits((20,)))
    assert caught.value.__notes__[0].startswith("exit 7;")
    assert not worker.alive
    worker.close()
    assert worker.process.poll() == 7

    worker = worker_of(server)
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.process.wait() == -signal.SIGKILL
    worker.close()


def test_an_idle_worker_that_died_is_not_alive(server: ForkServer) -> None:
    worker = worker_of(server)
    assert worker.alive
    os.kill(worker.pid, signal.SIGKILL)
    wait_for(lambda: not worker.alive)
    worker.close()
    assert not worker.alive


def test_its_end_is_theirs(tmp_path: Path) -> None:
    server = ForkServer(Settings(data_dir=str(tmp_path)), MODULE)
    worker = worker_of(server)
    server.close()
    assert gone(worker.pid)
    worker.close()
    with pytest.raises(EngineCrashed):
        Worker(server)


def test_one_that_was_forked_just_now_can_be_closed(server: ForkServer) -> None:
    """It may not lead a group of its own yet."""
    for _ in range(30):
        worker = Worker(server)
        worker.close()
        assert worker.process.poll() == -signal.SIGKILL


def books() -> float:
    """CPU-seconds of all children that were waited for, and of theirs."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def used_by(pool: WorkerPool) -> float:
    return sum(cpu_time.of(worker.pid) for worker in list(pool._all))


def test_what_its_workers_cost_is_in_our_books(tmp_path: Path) -> None:
    """The server waits for its workers before it ends, because otherwise their cost is unknown."""
    before, pool = books(), pool_of(tmp_path)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(pool.call, "burn", {"file": str(tmp_path / "enough")}, deadline=60)
        wait_for(lambda: used_by(pool) > 0.5)
        (tmp_path / "enough").touch()
        call.result(30)
    used = used_by(pool)
    pool.stop(0)
    assert books() - before > used


def test_one_that_does_not_answer_is_ended(tmp_path: Path) -> None:
    server = ForkServer(Settings(data_dir=str(tmp_path)), MODULE)
    worker_of(server).close()
    server._control.settimeout(0.2)
    os.kill(server.process.pid, signal.SIGSTOP)
    with pytest.raises(EngineCrashed):
        Worker(server)
    assert not server.alive
    server.close()


@pytest.mark.logs("a death is logged")
def test_the_pool_goes_on_when_the_server_was_killed(tmp_path: Path) -> None:
    pool: WorkerPool = pool_of(tmp_path)
    try:
        first = echo(pool)
        server = parent(first["pid"])
        wait_for(lambda: pool.status()["idle"] == 2)
        workers = list(pool._all)
        os.kill(server, signal.SIGKILL)
        wait_for(lambda: not any(worker.alive for worker in workers))
        again = echo(pool)
        assert parent(again["pid"]) not in (server, os.getpid())
    finally:
        pool.stop(0)


def libraries(worker: Worker) -> str:
    return Path(f"/proc/{worker.pid}/maps").read_text(encoding="ascii")


@pytest.mark.parametrize(("targets", "loaded"), [(None, True), (("docx", "pdf"), True), (("epub", "docx"), False), ((), False)])
def test_the_pdf_engine_is_loaded_where_a_pdf_may_be_written(
    tmp_path: Path, targets: tuple[str, ...] | None, loaded: bool
) -> None:
    server = ForkServer(Settings(data_dir=str(tmp_path)), MODULE, targets)
    try:
        worker = worker_of(server)
        assert ("libpango" in libraries(worker)) == loaded
        worker.close()
    finally:
        server.close()


def test_a_worker_without_the_pdf_engine_loads_it_when_it_is_needed(tmp_path: Path) -> None:
    with PoolConverter(Settings(data_dir=str(tmp_path), workers=1), spares=0, targets=("epub",)) as converter:
        source = Source("a.md", b"---\ntitle: T\n---\n\nFive words and $x^2$ too.\n")
        outcome, _ = converter.convert(source, options.load(("pdf", "epub"), {}))
    assert [artifact.data[:4] for artifact in outcome.artifacts] == [b"%PDF", b"PK\x03\x04"]
