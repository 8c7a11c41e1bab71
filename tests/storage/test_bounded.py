"""A folder that never grows beyond its limit."""

from __future__ import annotations

import os
from pathlib import Path

from service.storage.bounded import BoundedFolder


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
