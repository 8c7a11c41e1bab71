"""The records of the job store. They are frozen. Times are aware UTC datetimes."""

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
    """One article of a job; `key` is the key of its bytes in the store, which are durable already.

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
    """The request that created a job: its id in the logs, and its W3C `traceparent`; empty if there was none."""

    request_id: str = ""
    traceparent: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination of artifacts. `kind` is a row of `jobs.deliveries.senders`: put, s3 or mail.

    `target` is a pre-signed URL, a prefix or an address; a URL is a secret. `artifact` is the place of the only artifact for
    it, in the order of sources and formats; None for all.
    """

    kind: str
    target: str = field(repr=False)
    artifact: int | None = None

    @property
    def shown(self) -> str:
        """The target without secrets: query and fragment of a URL are left out."""
        return self.target.partition("?")[0].partition("#")[0] if self.kind == "put" else self.target


@dataclass(frozen=True, slots=True)
class NewJob:
    """`fingerprint` represents the whole request. It must be the same for the same idempotency key."""

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
    counts: Mapping[str, int]  # state of items → number; contains every state
    delivers: bool = False  # its artifacts have a destination


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
    """An item that one runner owns until its lease ends; `fence` grows with each new owner."""

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
    """A webhook, or the delivery of artifacts to a destination (`kind` is its kind), pending or ended.

    `event` is the kind of the event; `data` and `at` are the event's own. States: pending, delivered, failed. `attempts` counts
    recorded attempts; `secrets` sign a webhook, the newest first. The `url` of a delivery of artifacts has no secrets.
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
    """The state of the queue: waiting items, seconds since the oldest of them was accepted, running items."""

    queued: int
    oldest: float
    running: int
