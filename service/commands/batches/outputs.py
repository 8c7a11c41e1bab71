"""Artifacts of batches: they are never articles of a batch, in any folder."""

from __future__ import annotations

import os
from pathlib import Path

from service.commands.batches.manifest import NAME, Manifest
from service.commands.batches.report import LINES, PAGE

OWN = frozenset({NAME, LINES, PAGE})


class Outputs:
    """`out` is the folder of this batch. Folders of other batches contain a manifest."""

    def __init__(self, out: Path) -> None:
        self.out = Path(absolute(out))
        self._made: dict[Path, frozenset[str]] = {}

    def holds(self, file: Path, base: Path) -> bool:
        """Whether `file` is an artifact of a batch, or is in `out`, which is below the folder of articles `base`."""
        path = absolute(file)
        if path.startswith(f"{self.out}{os.sep}") and self.out.parent.is_relative_to(absolute(base)):
            return True
        return path in self._made_above(Path(path).parent)

    def _made_above(self, folder: Path) -> frozenset[str]:
        """The artifacts of batches whose OUT is `folder` or above it, as absolute paths."""
        if folder not in self._made:
            above = self._made_above(folder.parent) if folder != folder.parent else frozenset[str]()
            self._made[folder] = above | _made_in(folder)
        return self._made[folder]


def _made_in(folder: Path) -> frozenset[str]:
    found = Manifest(folder)
    if not found.path.is_file():
        return frozenset()
    files = OWN.union(*(entry.files for entry in found.entries))
    return frozenset(absolute(folder / file) for file in files)


def absolute(path: Path) -> str:
    """Resolves `..`, but not links: two links to a file are two articles."""
    return os.path.normpath(path.absolute())
