"""The answers of the client: the service's JSON as frozen records. `raw` is the whole JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENDED = frozenset({"succeeded", "partial", "failed", "cancelled", "expired"})


@dataclass(frozen=True, slots=True)
class Download:
    """An artifact in an answer; `sha256` was compared with `data`, `notices` is their number."""

    name: str
    media_type: str
    data: bytes
    sha256: str
    notices: int

    def save(self, folder: Path | str = ".") -> Path:
        """Writes the file under its own name and returns its path."""
        path = Path(folder) / plain_name(self.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data)
        return path


@dataclass(frozen=True, slots=True)
class Saved:
    """An artifact that was written to `path`; its SHA-256 was compared. `raw` has its report too."""

    path: Path
    format: str
    media_type: str
    sha256: str
    notices: tuple[Mapping[str, Any], ...]
    raw: Mapping[str, Any]


def plain_name(name: str) -> str:
    """A safe file name: it cannot lead out of its folder."""
    plain = name.replace("/", "_").replace("\\", "_")
    return plain if plain.strip(".") else "artifact"


@dataclass(frozen=True, slots=True)
class JobArtifact:
    """A file of a job; `size` in bytes, `item` is the id of its item."""

    id: str
    item: str
    name: str
    format: str
    media_type: str
    size: int
    sha256: str
    url: str
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> JobArtifact:
        names = ("id", "item", "name", "format", "media_type", "size", "sha256", "url")
        return cls(**{name: raw[name] for name in names}, raw=raw)


@dataclass(frozen=True, slots=True)
class Item:
    """One source in a job; `problem` is the problem document of a failure, else None."""

    id: str
    position: int
    name: str
    state: str
    problem: Mapping[str, Any] | None
    notices: tuple[Mapping[str, Any], ...]
    artifacts: tuple[JobArtifact, ...]
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Item:
        artifacts = tuple(JobArtifact.of(each) for each in raw["artifacts"])
        plain = (raw["id"], raw["position"], raw["name"], raw["state"], raw["problem"])
        return cls(*plain, notices=tuple(raw["notices"]), artifacts=artifacts, raw=raw)


@dataclass(frozen=True, slots=True)
class Job:
    """The state of a job at the time of the request. If `next_items` is set, `items` are the first. `owner` is a key's id."""

    id: str
    state: str
    total: int
    counts: Mapping[str, int]
    items: tuple[Item, ...]
    next_items: str | None
    raw: Mapping[str, Any]
    owner: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Job:
        items = tuple(Item.of(each) for each in raw.get("items", ()))
        return cls(raw["id"], raw["state"], raw["total"], raw["counts"], items, raw.get("next_items"), raw, raw.get("owner", ""))

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a job; `id` is the point to resume after, `kind` for example `item.succeeded`."""

    id: str
    kind: str
    data: Mapping[str, Any]

    @property
    def last(self) -> bool:
        """Whether it is the job's final event."""
        subject, _, what = self.kind.partition(".")
        return subject == "job" and what in ENDED
