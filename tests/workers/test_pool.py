"""The pool with real processes and real signals: what fails, fails alone, and nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from service.model.errors import (
    ColophonError,
    DeadlineExceeded,
    Draining,
    EmptyDocument,
    EngineCrashed,
    Internal,
    QueueFull,
    TooComplex,
)
from service.model.settings import SETTINGS, Settings
from service.workers import cpu_time
from service.workers.cancellation import Cancellation
from service.workers.pool import WorkerPool
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
MODULE = "tests.workers.program"
BOMB = b"[" * 12 + b"x" + b"]" * 12  # hangs pandoc's `markdown` reader for minutes


def pool_of(tmp_path: Path, **settings: Any) -> WorkerPool:
    return WorkerPool(Settings(data_dir=str(tmp_path), **({"workers": 1} | settings)), MODULE)


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerPool]:
    pool = pool_of(tmp_path_factory.mktemp("data"))
    yield pool
    pool.stop(0)


def echo(pool: WorkerPool, say: str = "hello") -> dict[str, Any]:
    answer, _ = pool.call("echo", {"say": say}, deadline=20)
    assert answer["said"] == say
    return answer


def rested(pool: WorkerPool) -> dict[str, Any]:
    """The next worker: a new spare would be used before a worker that was returned earlier."""
    wait_for(lambda: pool.status()["idle"] == pool.size + pool.spares)
    return echo(pool)


def ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def gone(pid: int, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not (found := ended(pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_header_and_blobs_come_back(pool: WorkerPool) -> None:
    answer, parts = pool.call("echo", {"say": "你好"}, [b"", b"\0\xff" * 100_000], deadline=20)
    assert answer["said"] == "你好"
    assert parts == [b"", b"\0\xff" * 100_000]


@pytest.mark.parametrize(
    ("operation", "error"),
    [("refuse", EmptyDocument), ("recurse", TooComplex), ("eat", TooComplex)],
)
def test_a_failing_operation_fails_alone(pool: WorkerPool, operation: str, error: type[ColophonError]) -> None:
    before = rested(pool)["pid"]
    with pytest.raises(error):
        pool.call(operation, {}, deadline=20)
    assert echo(pool)["pid"] == before


@pytest.mark.logs("the private cause goes to the log")
def test_an_unexpected_error_is_ours_and_its_cause_private(pool: WorkerPool) -> None:
    with pytest.raises(Internal) as caught:
        pool.call("fail", {}, deadline=20)
    assert "secret" not in str(caught.value.as_dict())
    assert "/srv/secret" in str(caught.value.__cause__)
    echo(pool)


@pytest.mark.logs("the private cause goes to the log")
@pytest.mark.parametrize(("starved", "error"), [(False, EngineCrashed), (True, TooComplex)])
def test_an_error_of_a_library_is_a_clear_problem_and_ends_the_worker(
    pool: WorkerPool, starved: bool, error: type[ColophonError]
) -> None:
    before = rested(pool)["pid"]
    with pytest.raises(error):
        pool.call("break_library", {"starved": starved}, deadline=60)
    assert echo(pool)["pid"] != before


@pytest.mark.logs("a death is logged")
@pytest.mark.parametrize(
    ("says", "error"),
    [
        ("GLib-ERROR: failed to allocate 8192 bytes", TooComplex),
        ("memory allocation of 1048576 bytes failed", TooComplex),
        ("terminate called after throwing an instance of 'std::bad_alloc'", TooComplex),
        ("Segmentation fault", EngineCrashed),
    ],
)
def test_a_death_for_want_of_memory_is_too_complex(pool: WorkerPool, says: str, error: type[ColophonError]) -> None:
    rested(pool)
    with pytest.raises(error):
        pool.call("abort", {"says": says}, deadline=60)
    echo(pool)


def test_prints_do_not_break_the_frames(pool: WorkerPool) -> None:
    pool.call("speak", {}, deadline=20)
    echo(pool)


def test_a_deadline_kills_the_group_and_a_spare_serves(pool: WorkerPool) -> None:
    before = rested(pool)
    with pytest.raises(DeadlineExceeded):
        pool.call("read", {"format": "markdown"}, [BOMB], deadline=1.0)
    assert gone(before["pid"])
    assert gone(before["pandoc"])
    assert echo(pool)["pid"] != before["pid"]


@pytest.mark.logs("a death is logged")
@pytest.mark.parametrize("operation", ["die", "lose_pandoc"])
def test_a_death_fails_only_its_call(pool: WorkerPool, operation: str) -> None:
    before = rested(pool)
    try:
        pool.call(operation, {}, deadline=20)
    except EngineCrashed:
        assert operation == "die"
    assert echo(pool)["pid"] != before["pid"]
    assert gone(before["pandoc"])


@pytest.mark.logs("a death is logged")
@pytest.mark.parametrize("victim", ["pid", "pandoc"])
def test_kill_9_in_mid_call_fails_only_that_call(pool: WorkerPool, victim: str) -> None:
    before = rested(pool)
    used = cpu_time.of(before[victim])
    with ThreadPoolExecutor(1) as threads:
        operation, header, blobs = ("spin", {}, []) if victim == "pid" else ("read", {"format": "markdown"}, [BOMB])
        call = threads.submit(pool.call, operation, header, blobs, 60)
        wait_for(lambda: cpu_time.of(before[victim]) > used + 0.2)  # it is at work
        os.kill(before[victim], signal.SIGKILL)
        with pytest.raises(EngineCrashed):
            call.result(30)
    assert echo(pool)["pid"] != before["pid"]
    assert gone(before["pid"])
    assert gone(before["pandoc"])


def test_a_full_pool_says_when_to_come_back(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, queue_wait=0.2)
    try:
        rested(pool)
        with ThreadPoolExecutor(1) as threads:
            busy = threads.submit(pool.call, "linger", {"file": str(tmp_path / "enough")}, [], 60)
            wait_for(lambda: pool.status()["idle"] == 1)
            with pytest.raises(QueueFull) as caught:
                echo(pool)
            assert caught.value.retry_after and caught.value.retry_after >= 1
            (tmp_path / "enough").touch()
            busy.result()
    finally:
        pool.stop(0)


def test_a_worn_worker_is_replaced(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, worker_conversions=2)
    try:
        pids = [rested(pool)["pid"] for _ in range(4)]
        assert len(set(pids)) == 2
    finally:
        pool.stop(0)


def test_stop_lets_calls_end_and_leaves_nothing(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    facts = rested(pool)
    with ThreadPoolExecutor(1) as threads:
        last = threads.submit(pool.call, "sleep", {"seconds": 0.5}, [], 20)
        wait_for(lambda: pool.status()["idle"] == 1)
        pool.stop(30)
        assert last.result() == ({}, [])
    assert gone(facts["pid"])
    assert gone(facts["pandoc"])
    with pytest.raises(Draining):
        echo(pool)


FRONT = """
import sys, time
from service.model.settings import Settings
from service.workers.pool import WorkerPool
pool = WorkerPool(Settings(data_dir=sys.argv[1], workers=1), "tests.workers.program")
answer, _ = pool.call("echo", {}, deadline=30)
print(answer["pid"], answer["pandoc"], flush=True)
busy = {"idle": ("sleep", {"seconds": 0}, []), "pandoc": ("read", {"format": "markdown"}, [b"[" * 12 + b"x" + b"]" * 12])}
busy["python"] = ("spin", {}, [])
pool.call(*busy[sys.argv[2]], 60)
time.sleep(60)
"""


@pytest.mark.parametrize("what", ["idle", "python", "pandoc"])
def test_the_death_of_the_front_kills_workers_and_pandocs(tmp_path: Path, what: str) -> None:
    """Idle they would see the end of their input; busy, they see nothing."""
    front = subprocess.Popen([sys.executable, "-c", FRONT, str(tmp_path), what], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert front.stdout is not None
    pids = [int(pid) for pid in front.stdout.readline().split()]
    time.sleep(0.5)
    front.kill()
    front.wait()
    front.stdout.close()
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


@pytest.mark.logs("a worker that can't start is logged")
def test_a_program_that_does_not_start_is_our_fault(tmp_path: Path) -> None:
    pool = WorkerPool(Settings(data_dir=str(tmp_path), workers=1), "tests.engines.no_such_program")
    try:
        with pytest.raises(Internal):
            pool.call("echo", {}, deadline=1)
    finally:
        pool.stop(0)


@pytest.mark.logs("calls at the edge of their deadline are killed")
def test_no_worker_that_is_dying_gets_the_next_call(tmp_path: Path) -> None:
    """A call that ends in the very moment of its deadline may answer or fail; the one after it must not suffer."""
    pool = pool_of(tmp_path, workers=1)
    try:
        for number in range(12):
            with contextlib.suppress(DeadlineExceeded):
                pool.call("sleep", {"seconds": 0.3}, deadline=0.29 + number * 0.003)
            assert echo(pool)
    finally:
        pool.stop()


def echo_of(pool: WorkerPool, tenant: str, say: str = "hello") -> dict[str, Any]:
    answer, _ = pool.call("echo", {"say": say}, [say.encode()], deadline=20, cancellation=Cancellation(tenant, tenant))
    return answer


def memory_of(pid: int) -> bytes:
    """All that the process can write to."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if rights.startswith("rw"):
                start, end = (int(each, 16) for each in span.split("-"))
                memory.seek(start)
                with contextlib.suppress(OSError):
                    found.append(memory.read(end - start))
    return b"".join(found)


def test_no_worker_reads_the_documents_of_two_tenants(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    try:
        seen: dict[str, set[int]] = {"a": set(), "b": set(), "c": set(), "": set()}
        for tenant in ("a", "b", "a", "c", "c", "", "b", "a"):
            seen[tenant].add(echo_of(pool, tenant)["pid"])
        pids = [pid for found in seen.values() for pid in found]
        assert len(pids) == len(set(pids))
        wait_for(lambda: len(pool.status()["counts"]) == 0 and pool.status()["alive"] <= pool.size + pool.spares + 2)
    finally:
        pool.stop(0)


def test_one_tenant_keeps_its_workers(tmp_path: Path) -> None:
    pool = pool_of(tmp_path)
    try:
        wait_for(lambda: pool.status()["idle"] == pool.size + pool.spares)
        assert len({echo_of(pool, "a")["pid"] for _ in range(5)} | {echo_of(pool, "b")["pid"] for _ in range(5)}) == 2
    finally:
        pool.stop(0)


def test_what_one_tenant_sent_is_not_in_the_memory_that_the_next_one_gets(tmp_path: Path) -> None:
    pool, marker = pool_of(tmp_path), os.urandom(16).hex()
    try:
        wait_for(lambda: pool.status()["idle"] == pool.size + pool.spares)
        try:
            memory_of(os.getpid())
        except PermissionError:
            pytest.skip("the memory of processes can't be read here")
        first = echo_of(pool, "a", marker)["pid"]
        assert marker.encode() in memory_of(first)  # it does stay there
        second = echo_of(pool, "b", "of b")
        assert marker.encode() not in memory_of(second["pid"]) + memory_of(second["pandoc"])
    finally:
        pool.stop(0)


def test_a_worker_holds_no_secret_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = os.urandom(12).hex()
    for name in ("AWS_SECRET_ACCESS_KEY", "COLOPHON_DATABASE_URL", "OTEL_EXPORTER_OTLP_HEADERS"):
        monkeypatch.setenv(name, secret)
    texts = [each.name for each in SETTINGS if each.withheld and not each.choices and isinstance(each.default, str)]
    withheld = dict.fromkeys(texts, f"postgresql://u:{secret}@h/d")
    pool = pool_of(tmp_path, **withheld)
    try:
        answer = echo_of(pool, "a", "ready")
        parent = int(Path(f"/proc/{answer['pid']}/stat").read_text().rsplit(")", 1)[1].split()[1])
        for pid in (answer["pid"], answer["pandoc"], parent):
            assert secret.encode() not in Path(f"/proc/{pid}/environ").read_bytes()
            assert secret.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
            with contextlib.suppress(PermissionError):
                assert secret.encode() not in memory_of(pid)
    finally:
        pool.stop(0)
