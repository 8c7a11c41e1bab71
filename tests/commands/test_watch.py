"""`--watch` converts what changed, and only that."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from service.commands.watch import watch


class Stopped(Exception):
    pass


def watched(files: dict[str, set[Path]], steps: Sequence[Callable[[], None]]) -> list[list[str]]:
    """The conversions after each step."""
    left, done = list(steps), list[list[str]]()

    def wait() -> None:
        if not left:
            raise Stopped
        left.pop(0)()

    with pytest.raises(Stopped):
        watch(list(files), lambda file: files[file], lambda changed: done.append(list(changed)), wait)
    return done


def test_only_what_changed_is_converted(tmp_path: Path) -> None:
    a, b, image = (tmp_path / name for name in ("a.md", "b.md", "x.png"))
    for path in (a, b):
        path.write_text("one", encoding="utf-8")
    files = {"a.md": {a, image}, "b.md": {b}}
    steps = [lambda: None, lambda: put(a, "other"), lambda: put(image, "new"), image.unlink, lambda: None, lambda: put(b, "!")]
    assert watched(files, steps) == [["a.md"], ["a.md"], ["a.md"], ["b.md"]]


def test_a_change_during_the_conversion_is_not_missed(tmp_path: Path) -> None:
    a = tmp_path / "a.md"
    put(a, "one")
    done: list[int] = []
    waits = iter([lambda: put(a, "two!"), lambda: None, lambda: None])

    def wait() -> None:
        step = next(waits, None)
        if step is None:
            raise Stopped
        step()

    def convert(_: Sequence[str]) -> None:
        done.append(1)
        if len(done) == 1:
            put(a, "three")

    with pytest.raises(Stopped):
        watch(["a.md"], lambda _: {a}, convert, wait)
    assert len(done) == 2


def put(path: Path, text: str) -> None:
    """Writes with a time of its own, however fast the test is."""
    earlier = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(earlier + 1, earlier + 1_000_000_000))
