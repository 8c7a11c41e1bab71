"""A folder that never grows beyond its limit."""

from __future__ import annotations

import errno
import io
import os
import time
from pathlib import Path

import pytest

from service.storage.bounded_folder import BoundedFolder


def name(number: int) -> str:
    return f"{number:064x}"


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("??/*"))


def test_what_was_put_is_there_for_another_process(tmp_path: Path) -> None:
    BoundedFolder(tmp_path, 1000).put(name(1), b"one")
    assert BoundedFolder(tmp_path, 1000).get(name(1)) == b"one"
    assert BoundedFolder(tmp_path, 1000).get(name(2)) is None


def test_the_oldest_go_first(tmp_path: Path) -> None:
    folder = BoundedFolder(tmp_path, 1000)
    for number in range(30):
        folder.put(name(number), bytes(100))
        os.utime(tmp_path / name(number)[:2] / name(number), (number, number))
        assert size(tmp_path) <= 1000
    assert folder.get(name(29)) and not folder.get(name(0))


def test_replacing_does_not_count_twice(tmp_path: Path) -> None:
    folder = BoundedFolder(tmp_path, 1000)
    for _ in range(30):
        folder.put(name(1), bytes(400))
        folder.put(name(2), bytes(400))
    assert folder.get(name(1)) and folder.get(name(2))


def test_what_is_too_old_is_not_given(tmp_path: Path) -> None:
    folder = BoundedFolder(tmp_path, 1000, lifetime=60)
    folder.put(name(1), b"one")
    os.utime(tmp_path / name(1)[:2] / name(1), (1, 1))
    assert folder.get(name(1)) is None


def test_nothing_is_kept_without_room(tmp_path: Path) -> None:
    folder = BoundedFolder(tmp_path / "none", 0)
    folder.put(name(1), b"one")
    assert folder.get(name(1)) is None
    assert not folder.folder.exists()


def test_a_full_disk_costs_the_entry_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = BoundedFolder(tmp_path, 1000)

    class Full(io.FileIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", lambda descriptor, _: Full(descriptor, "wb"))
        assert not folder.put(name(1), b"one")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert folder.put(name(1), b"one") and folder.get(name(1)) == b"one"


def test_a_folder_that_can_not_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = BoundedFolder(tmp_path / "file" / "cache", 1000)
    assert not folder.put(name(1), b"one")
    assert folder.get(name(1)) is None


def test_what_killed_processes_left_over_is_removed(tmp_path: Path) -> None:
    left, writing = tmp_path / ".new-left", tmp_path / ".new-writing"
    for path in (left, writing):
        path.write_bytes(b"half")
    os.utime(left, (time.time() - 7_200, time.time() - 7_200))
    assert BoundedFolder(tmp_path, 1000).put(name(1), b"one")
    assert writing.exists() and not left.exists()
