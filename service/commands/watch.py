"""`--watch`: converts an article again when it, or a file that it names, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

INTERVAL = 0.5  # seconds between two checks of the files

State = Mapping[Path, tuple[int, int] | None]  # path → time of change in ns and size; None: no such file


def watch(
    files: Sequence[str],
    read: Callable[[str], Iterable[Path]],
    convert: Callable[[Sequence[str]], object],
    wait: Callable[[], object],
) -> None:
    """Calls `convert` with the changed articles after each `wait`, until `wait` raises. `read`: the files of an article."""
    seen = {file: _state(read(file)) for file in files}
    while True:
        wait()
        before = {file: _state(read(file)) for file in files}
        changed = [file for file in files if before[file] != seen[file]]
        if changed:
            convert(changed)
            for file in changed:  # a change during the conversion is found in the next round
                after = _state(read(file))
                seen[file] = {path: before[file].get(path, now) for path, now in after.items()}


def _state(paths: Iterable[Path]) -> State:
    return {path: _of(path) for path in paths}


def _of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
