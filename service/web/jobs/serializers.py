"""Jobs, items, artifacts and deliveries as the JSON of answers; `schemas.py` describes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import request

from service.jobs.records import Delivery, Item, Job, StoredArtifact
from service.model import errors
from service.web import problems, responses
from service.web.services import settings

WEBHOOK = "webhook"
ENDED = ("succeeded", "failed", "cancelled", "expired")  # states of items


def base() -> str:
    """The address of this service, without a slash at the end."""
    return str(settings().public_url or request.host_url).rstrip("/")


def path_of(job_id: str) -> str:
    return f"/v1/jobs/{job_id}"


def time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def job(of: Job) -> dict[str, Any]:
    """A job without its items, for lists."""
    url = base() + path_of(of.id)
    return {
        "id": of.id,
        "name": of.name,
        "owner": of.tenant,
        "state": of.state,
        "to": list(of.conversion.to),
        "total": of.total,
        "counts": dict(of.counts),
        "progress": round(sum(of.counts[state] for state in ENDED) / of.total, 4),
        "created_at": time(of.created_at),
        "started_at": time(of.started_at),
        "ended_at": time(of.ended_at),
        "expires_at": time(of.expires_at),
        "url": url,
        "events_url": url + "/events",
        "archive_url": url + "/archive",
    }


def whole_job(of: Job, items: Sequence[Item], next_items: str | None, deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """A job with its first items; `next_items` is the cursor of `…/items` for the rest."""
    shown = [item(each) for each in items]
    reported = [delivery(each) for each in deliveries if each.kind == WEBHOOK]
    return job(of) | {
        "items": shown,
        "next_items": next_items,
        "artifacts": [{key: each[key] for key in SLIM} for found in shown for each in found["artifacts"]],
        "webhook": {"url": of.webhook_url, "deliveries": reported} if of.webhook_url else None,
        "deliveries": [{"kind": each.kind, "to": each.url, **delivery(each)} for each in deliveries if each.kind != WEBHOOK],
    }


SLIM = ("id", "job", "item", "name", "format", "media_type", "size", "sha256", "url")


def item(of: Item) -> dict[str, Any]:
    metadata = responses.public_metadata(of.metadata) if of.metadata else None
    return {
        "id": of.id,
        "position": of.position,
        "name": of.name,
        "state": of.state,
        "attempts": of.attempts,
        "started_at": time(of.started_at),
        "ended_at": time(of.ended_at),
        "metadata": metadata,
        "problem": None if of.problem is None else problems.document(errors.from_dict(of.problem)),
        "notices": list(of.notices),
        "artifacts": [artifact(each) for each in of.artifacts],
    }


def artifact(of: StoredArtifact) -> dict[str, Any]:
    return {
        "id": of.id,
        "job": of.job_id,
        "item": of.item_id,
        "name": of.name,
        "format": of.format,
        "media_type": of.media_type,
        "size": of.size,
        "sha256": of.sha256,
        "url": f"{base()}{path_of(of.job_id)}/artifacts/{of.id}",
        "notices": list(of.notices),
        "report": dict(of.report),
    }


def delivery(of: Delivery) -> dict[str, Any]:
    return {
        "id": of.id,
        "event": of.event,
        "state": of.state,
        "attempts": of.attempts,
        "next_at": time(of.next_at),
        "last_status": of.last_status,
        "last_error": of.last_error,
    }
