"""The artifacts of earlier runs, one line per article. The next run uses it to skip finished articles, however this run ends."""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

NAME = "colophon-manifest.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """A converted article: its name, its path relative to OUT, and its files, as paths below OUT."""

    name: str
    mark: str
    origin: str
    files: tuple[str, ...]


class Manifest:
    """A context manager. Lines are only added; the last one for a name counts."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    @functools.cached_property
    def entries(self) -> list[Entry]:
        """The entries, without lines that a crash cut off or an earlier release wrote."""
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines() if self.path.exists() else []
        return [entry for line in lines if (entry := _entry(line))]

    def __enter__(self) -> Manifest:
        cut_off = self.path.exists() and self.path.read_bytes()[-1:] not in (b"", b"\n")
        self._file = self.path.open("a", encoding="utf-8")
        if cut_off:
            self._file.write("\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, entry: Entry) -> None:
        self._file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        self._file.flush()


def _entry(line: str) -> Entry | None:
    try:
        said = json.loads(line)
        name, mark, origin = (str(said[field]) for field in ("name", "mark", "origin"))
        return Entry(name, mark, origin, tuple(map(str, said["files"])))
    except (ValueError, KeyError, TypeError):
        return None
