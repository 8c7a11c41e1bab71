"""Folders of killed processes are swept; those in use, those of others, and what links lead to are not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.storage import temporary_folders
from service.storage.temporary_folders import PREFIX, Folder, folder, sweep
from service.workers.pool import WorkerPool
from tests.waiting import wait_for
from tests.workers.test_pool import MODULE, Settings

ROOT = Path(__file__).resolve().parent.parent.parent
# Creates a folder, prints it, and locks it until its standard input ends.
HOLDER = """
import sys
from service.storage.temporary_folders import Folder
held = Folder()
print(held.name, flush=True)
sys.stdin.read()
held.cleanup()
"""
# The same with a pool of workers.
FRONT = """
import sys
from service.model.settings import Settings
from service.workers.pool import WorkerPool
pool = WorkerPool(Settings(data_dir=sys.argv[1], workers=1), "tests.workers.program", spares=0)
assert pool.wait_until_ready()
print("ready", flush=True)
sys.stdin.read()
"""
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A process whose temporary folder is `tmp_path`."""
    started: list[subprocess.Popen[str]] = []

    def started_with(program: str, *argv: str) -> subprocess.Popen[str]:
        environ = {**os.environ, "TMPDIR": str(tmp_path)}
        command = [sys.executable, "-c", program, *argv]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, cwd=ROOT, env=environ, text=True, stdin=pipe, stdout=pipe))
        return started[-1]

    yield started_with
    for process in started:
        process.kill()
        process.communicate()


def reported(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_killed_process_leaves_its_folder_to_the_next(start: Start, tmp_path: Path) -> None:
    killed, living = start(HOLDER), start(HOLDER)
    left, used = Path(reported(killed)), Path(reported(living))
    (left / "deep" / "er").mkdir(parents=True)
    (left / "deep" / "er" / "picture.png").write_bytes(b"x")
    assert sweep(str(tmp_path)) == 0
    killed.kill()
    killed.wait()
    assert sweep(str(tmp_path)) == 1
    assert not left.exists() and used.is_dir()
    living.communicate("")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_killed_fronts_worker(
    start: Start, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is swept by the next pool that starts, while that pool works in folders of its own."""
    data = str(tmp_path_factory.mktemp("data"))
    front = start(FRONT, data)
    assert reported(front) == "ready"
    left = list(tmp_path.glob(f"{PREFIX}*"))
    assert len(left) == 2  # the worker's, and that of the server which forked it
    front.kill()
    front.wait()
    assert all(each.is_dir() for each in left)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pool = WorkerPool(Settings(data_dir=data, workers=1), MODULE, spares=0)
    try:
        wait_for(lambda: not any(each.exists() for each in left))
        assert pool.call("echo", {"say": "hello"}, deadline=20)[0]["said"] == "hello"
        assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 2
        assert sweep() == 0
    finally:
        pool.stop(0)
    assert list(tmp_path.glob(f"{PREFIX}*")) == []


def test_what_is_not_left_over_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    treasure, root = tmp_path / "treasure", tmp_path / "root"
    treasure.mkdir()
    (treasure / "gold").write_text("gold")
    root.mkdir()
    (root / f"{PREFIX}linked__").symlink_to(treasure)
    (root / f"{PREFIX}filefile").write_text("a file")
    for name in ("colophon-out", f"{PREFIX}1", f"{PREFIX}UPPERCAS", f"{PREFIX}abcdefgh.bak", f"my-{PREFIX}abcdefgh"):
        (root / name).mkdir()
    before = sorted(root.iterdir())
    assert sweep(str(root)) == 0
    assert sorted(root.iterdir()) == before
    left = root / f"{PREFIX}leftover"
    left.mkdir()
    (left / "way-out").symlink_to(treasure)
    (left / "deep").mkdir()
    (left / "deep" / "way-out").symlink_to(treasure / "gold")
    with monkeypatch.context() as another:
        another.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert sweep(str(root)) == 0
    assert sweep(str(root)) == 1
    assert sorted(root.iterdir()) == before
    assert (treasure / "gold").read_text() == "gold"
    assert sweep(str(tmp_path / "nowhere")) == 0


def test_none_is_swept_before_it_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def use(_: int) -> bool:
        with folder() as name:
            (Path(name) / "file").write_text("x")
            return (Path(name) / "file").read_text() == "x"

    with ThreadPoolExecutor(4) as threads:
        used = threads.map(use, range(200))
        swept = [threads.submit(sweep) for _ in range(200)]
        assert all(used)
        assert all(each.exception() is None for each in swept)
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_swept_meanwhile_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lock, swept = temporary_folders._lock, list[str]()

    def late(descriptor: int) -> bool:
        if not swept:  # another is quicker
            swept.extend(each.name for each in tmp_path.iterdir())
            assert sweep() == 1
        return lock(descriptor)

    monkeypatch.setattr(temporary_folders, "_lock", late)
    made = Folder()
    assert [Path(made.name).name] != swept
    assert Path(made.name).is_dir()
    made.cleanup()
    made.cleanup()
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(temporary_folders.fcntl, "flock", refused)
    with folder() as name:
        assert sweep() == 0
        assert Path(name).is_dir()
    assert list(tmp_path.iterdir()) == []
