"""The path of each artifact of a job in its archive, and below the prefix of a delivery: the same each time."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Protocol

from service.jobs.records import Item, StoredArtifact
from service.model.artifact_names import Names, safe_path

REPORT, MANIFEST = "report.jsonl", "manifest.json"  # names that the archive keeps for itself


class Items(Protocol):
    """The part of the job store that is used here."""

    def items(self, job_id: str, cursor: str | None, limit: int) -> tuple[list[Item], str | None]: ...


class Paths:
    """The path of each artifact: with its folders, inside the archive, and unique."""

    def __init__(self) -> None:
        self._names = Names([REPORT, MANIFEST])

    def free(self, item: Item, artifact: StoredArtifact) -> str:
        folder, name = posixpath.dirname(item.name), artifact.name.rpartition("/")[2]
        stem, suffix = posixpath.splitext(posixpath.join(safe_path(folder), safe_path(name) or "article"))
        return self._names.free(stem, [suffix]) + suffix


def named(items: Iterable[Item]) -> Iterator[tuple[Item, StoredArtifact, str]]:
    """Each artifact with its path."""
    paths = Paths()
    for item in items:
        for artifact in item.artifacts:
            yield item, artifact, paths.free(item, artifact)


def items_of(jobs: Items, job_id: str) -> Iterator[Item]:
    """All items, in the order of the sources, read page by page."""
    cursor: str | None = ""
    while cursor is not None:
        page, cursor = jobs.items(job_id, cursor, 100)
        yield from page
