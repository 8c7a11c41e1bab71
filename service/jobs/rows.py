"""Rows as records, once for each table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from service.jobs.records import Delivery, Destination, Event, Item, Job, NewAsset, NewSource, Origin, StoredArtifact
from service.jobs.tables import COUNTS
from service.model import codec

Row = Mapping[Any, Any]


def moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def job(row: Row) -> Job:
    times = {name: moment(row[name]) for name in ("created_at", "started_at", "ended_at", "expires_at")}
    same = {name: row[name] for name in ("id", "tenant", "name", "state", "webhook_url", "total")}
    more = {"counts": {name: row[name] for name in COUNTS}, "delivers": bool(row["destinations"])}
    return Job(**same, **times, **more, conversion=codec.unpack_conversion(row["conversion"]))  # type: ignore[arg-type]


def item(row: Row, artifacts: Sequence[StoredArtifact] = ()) -> Item:
    same = {name: row[name] for name in ("id", "job_id", "position", "name", "state", "attempts", "problem", "metadata")}
    return Item(
        **same,
        notices=row["notices"] or [],
        source_key=row["source"]["key"],
        started_at=moment(row["started_at"]),
        ended_at=moment(row["ended_at"]),
        artifacts=tuple(artifacts),
    )


def artifact(row: Row) -> StoredArtifact:
    return StoredArtifact(**{name: row[name] for name in StoredArtifact.__slots__})


def event(row: Row) -> Event:
    return Event(row["id"], row["job_id"], row["kind"], row["data"], _at(row))


def delivery(row: Row, secrets: Sequence[str] = (), destinations: Sequence[Mapping[str, Any]] = ()) -> Delivery:
    same = ("id", "job_id", "event_id", "event", "url", "state", "attempts", "last_status", "last_error", "data", "kind", "place",
            "tenant", "name")  # fmt: skip
    kept = {name: row[name] for name in same} | {"next_at": moment(row["next_at"]), "at": _at(row)}
    to = Destination(**destinations[row["place"]]) if destinations and row["kind"] != "webhook" else None
    return Delivery(**kept, secrets=tuple(secrets), origin=Origin(**row["origin"]), destination=to)


def _at(row: Row) -> datetime:
    return datetime.fromtimestamp(row["at"], UTC)


def pack_source(source: NewSource) -> dict[str, Any]:
    """The source in the row of an item. A list of assets that is in the store is not repeated."""
    return asdict(replace(source, assets=()) if source.asset_list else source)


def pack_assets(assets: Sequence[NewAsset]) -> bytes:
    """A list of assets as a blob."""
    return json.dumps([[asset.name, asset.key, asset.media_type] for asset in assets], ensure_ascii=False).encode()


def unpack_assets(data: bytes) -> tuple[NewAsset, ...]:
    return tuple(NewAsset(*each) for each in json.loads(data))


def unpack_source(data: Mapping[str, Any]) -> NewSource:
    return NewSource(**{**data, "assets": tuple(NewAsset(**asset) for asset in data["assets"])})


def keys_of(source: NewSource) -> Iterable[str]:
    """The keys of all blobs that the item needs."""
    return (source.key, *filter(None, [source.asset_list]), *(asset.key for asset in source.assets))
