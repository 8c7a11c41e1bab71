"""The content of a catalogue for both formats: shelves, and on each shelf the publications of one job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.jobs.records import Item, Job, StoredArtifact
from service.model.errors import NotFound
from service.web.jobs import access, serializers
from service.web.services import services

FINISHED = ("succeeded", "partial")
PAGES = 10  # pages of jobs that a search for the latest artifact reads
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """A finished job."""

    id: str
    title: str
    updated: datetime
    size: int
    path: str  # below the root of the catalogue


@dataclass(frozen=True, slots=True)
class Publication:
    """An item with its artifacts. `metadata` is that of a conversion (docs/metadata.md)."""

    id: str
    title: str
    updated: datetime
    metadata: Mapping[str, Any]
    artifacts: tuple[StoredArtifact, ...]

    def says(self, name: str) -> str:
        """A text field; empty if it is missing."""
        return str(self.metadata.get(name) or "")

    @property
    def authors(self) -> list[str]:
        return [str(each["name"]) for each in self.metadata.get("authors") or ()]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`path` and `next` are below the root of the catalogue; `next` is empty on the last page."""

    id: str
    title: str
    updated: datetime
    path: str
    shelves: tuple[Shelf, ...] = ()
    publications: tuple[Publication, ...] = ()
    next: str = ""


def root(cursor: str | None, limit: int) -> Catalogue:
    """The finished jobs, newest first. A page may have fewer jobs, because unfinished ones are skipped."""
    found, after = access.page(cursor, limit, None, None)
    shelves = tuple(map(_shelf, filter(_is_finished, found)))
    updated = max((each.updated for each in shelves), default=datetime.fromtimestamp(0, UTC))
    return Catalogue("catalogue", "Colophon", updated, "", shelves, next=f"?cursor={after}" if after else "")


def shelf(job_id: str, cursor: str | None, limit: int) -> Catalogue:
    """The items of a job that have artifacts, in its order. Raises NotFound, Gone."""
    job = access.job(job_id)
    items, after = services().jobs.items(job.id, cursor, limit)
    of = _shelf(job)
    books = tuple(_publication(each, of.updated) for each in items if each.artifacts)
    return Catalogue(of.id, of.title, of.updated, of.path, publications=books, next=f"{of.path}?cursor={after}" if after else "")


def latest(target: str, name: str) -> StoredArtifact:
    """The newest artifact of that format, of jobs with that name if one is given. Raises NotFound."""
    for job in _newest():
        if _is_finished(job) and name in ("", job.name) and target in job.conversion.to:
            made = services().jobs.artifacts(job.id, AT_ONCE)
            if found := next((each for each in made if each.format == target), None):
                return found
    of = f" named {name!r}" if name else ""
    raise NotFound(f"No finished job{of} has an artifact of the format {target!r}.")


def _newest() -> Iterator[Job]:
    cursor: str | None = None
    for _ in range(PAGES):
        found, cursor = access.page(cursor, AT_ONCE, None, None)
        yield from found
        if cursor is None:
            return


def _is_finished(job: Job) -> bool:
    return job.state in FINISHED


def _shelf(job: Job) -> Shelf:
    updated = job.ended_at or job.created_at
    title = job.name or f"{serializers.time(job.created_at)}"
    return Shelf(job.id, title, updated, job.counts["succeeded"], f"/jobs/{job.id}")


def _publication(item: Item, updated: datetime) -> Publication:
    metadata = item.metadata or {}
    return Publication(item.id, str(metadata.get("title") or item.name), item.ended_at or updated, metadata, item.artifacts)
