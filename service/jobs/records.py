"""What the job store takes and gives: frozen records. Times are aware UTC datetimes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.model.document import Conversion


@dataclass(frozen=True, slots=True)
class NewAsset:
    """A blob next to a source: `name` is the reference as it is in the article."""

    name: str
    key: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class NewSource:
    """One article of a job; `key` is that of its bytes in the store, and they are durable already.

    Many assets are kept as a list in the store, whose key is `asset_list`, and not in the row of each item.
    """

    name: str
    key: str
    media_type: str = ""
    charset: str = ""
    assets: Sequence[NewAsset] = ()
    asset_list: str = ""
    address: str = ""
    fetched_at: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The request that made a job: its id, which the logs name, and its W3C `traceparent`; empty where there was none."""

    request_id: str = ""
    traceparent: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where artifacts of a job go. `kind` is a row of `jobs.deliveries.senders`: put, s3 or mail.

    `target` is a pre-signed URL, a prefix or an address; a URL is a secret. `artifact` is the place of the one artifact that goes
    there, in the order of sources and formats; None for all.
    """

    kind: str
    target: str = field(repr=False)
    artifact: int | None = None

    @property
    def shown(self) -> str:
        """The target without what is secret: of a URL, query and fragment are left out."""
        return self.target.partition("?")[0].partition("#")[0] if self.kind == "put" else self.target


@dataclass(frozen=True, slots=True)
class NewJob:
    """`fingerprint` represents the whole request: with the same idempotency key it must be the same."""

    conversion: Conversion
    sources: Sequence[NewSource]
    tenant: str = ""
    name: str = ""
    webhook_url: str = ""
    webhook_secrets: Sequence[str] = ()
    idempotency_key: str = ""
    fingerprint: str = ""
    origin: Origin = Origin()
    destinations: Sequence[Destination] = ()


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    tenant: str
    name: str
    state: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None
    conversion: Conversion
    webhook_url: str
    total: int
    counts: Mapping[str, int]  # state of items → how many; every state is there
    delivers: bool = False  # its artifacts go somewhere


@dataclass(frozen=True, slots=True)
class NewArtifact:
    """An artifact whose bytes are in the store under `sha256`."""

    name: str
    format: str
    media_type: str
    size: int
    sha256: str
    report: Mapping[str, Any] = field(default_factory=dict)
    notices: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class StoredArtifact:
    id: str
    job_id: str
    item_id: str
    name: str
    format: str
    media_type: str
    size: int
    sha256: str
    report: Mapping[str, Any]
    notices: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Item:
    """`problem` is a ColophonError's `as_dict` (`model.errors.from_dict` reads it back), None unless it failed."""

    id: str
    job_id: str
    position: int
    name: str
    state: str
    attempts: int
    problem: Mapping[str, Any] | None
    notices: list[dict[str, Any]]
    metadata: Mapping[str, Any] | None
    source_key: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    artifacts: tuple[StoredArtifact, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """An item that one runner holds until its lease ends; `fence` grows with each change of hands."""

    item_id: str
    job_id: str
    tenant: str
    owner: str
    fence: int
    attempt: int
    lease: float  # seconds
    conversion: Conversion
    source: NewSource
    waited: float = 0.0  # seconds since the job was accepted
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Event:
    """`id` counts from 1 within the job, without gaps."""

    id: int
    job_id: str
    kind: str
    data: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook that is owed, or was, or artifacts on their way to a destination (`kind` is that of it).

    `event` is the kind of the event; `data` and `at` are the event's own. States: pending, delivered, failed. `attempts` counts
    those that were recorded; `secrets` sign a webhook, the newest first. `url` has nothing secret where artifacts go.
    """

    id: str
    job_id: str
    event_id: int
    event: str
    url: str
    state: str
    attempts: int
    next_at: datetime | None
    last_status: int | None
    last_error: str
    data: Mapping[str, Any]
    at: datetime
    secrets: Sequence[str] = field(default=(), repr=False)
    origin: Origin = Origin()
    kind: str = "webhook"
    place: int = 0
    destination: Destination | None = field(default=None, repr=False)
    tenant: str = ""
    name: str = ""  # of the job


@dataclass(frozen=True, slots=True)
class Depth:
    """How full the queue is: items that wait, seconds since the oldest of them was accepted, items that run."""

    queued: int
    oldest: float
    running: int
