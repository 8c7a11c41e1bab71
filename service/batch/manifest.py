"""What earlier runs made, a line an article: by it the next run knows what is done, however this one ends."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType

NAME = "colophon-manifest.jsonl"


class Manifest:
    """A context manager; lines are only ever added, and the last one for a name counts."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def done(self) -> dict[str, str]:
        """Name → mark; a line that was cut off by a crash is none."""
        found: dict[str, str] = {}
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines() if self.path.exists() else ():
            try:
                entry = json.loads(line)
                found[entry["name"]] = entry["mark"]
            except (ValueError, KeyError, TypeError):
                continue
        return found

    def __enter__(self) -> Manifest:
        cut_off = self.path.exists() and self.path.read_bytes()[-1:] not in (b"", b"\n")
        self._file = self.path.open("a", encoding="utf-8")
        if cut_off:
            self._file.write("\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, name: str, mark: str) -> None:
        self._file.write(json.dumps({"name": name, "mark": mark}, ensure_ascii=False) + "\n")
        self._file.flush()
