"""One message to one receiver: its address, its text, and the meaning of the answer."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from urllib3.exceptions import HTTPError

from service import __version__
from service.jobs.records import Delivery
from service.jobs.webhooks import signature
from service.model.errors import ColophonError, ForbiddenUrl
from service.network.addresses import Guard, normalize, port_of
from service.network.connections import connection, target

SECONDS = 10.0  # for one attempt in all: the lookup, every address, the request and every read
MOST_READ = 1_024  # of an answer's body, which is not used
DAY = timedelta(days=1)
FIRST, FACTOR, LONGEST = 5.0, 3.0, 4 * 3_600.0  # seconds between attempts: 5, 15, 45, … four hours
ENOUGH = 9  # attempts within the first five hours: with fewer, a clock that was set forward did not give the receiver its day
UNUSABLE = "the receiver is unreachable or too slow"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The end of an attempt: a status, or the reason for its absence; `after` is the receiver's Retry-After, in seconds."""

    status: int | None
    error: str = ""
    after: float = 0.0
    final: bool = False  # another attempt would fail too

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def check_url(url: str, guard: Guard) -> str:
    """The URL that will be called. Raises ForbiddenUrl if it has no public address."""
    normal = normalize(url)
    parts = guard.check(normal)
    try:
        guard.addresses(str(parts.hostname), port_of(parts))
    except (OSError, UnicodeError) as error:
        raise ForbiddenUrl(f"The host {parts.hostname} has no address.") from error
    return normal


def body_of(delivery: Delivery, public_url: str) -> bytes:
    """`type`, `timestamp`, `data`, without details: the receiver requests them. The bytes are the same at every attempt."""
    url = f"{public_url.rstrip('/')}/v1/jobs/{delivery.job_id}"
    said: dict[str, Any] = {
        "type": delivery.event,
        "timestamp": delivery.at.isoformat().replace("+00:00", "Z"),
        "data": {**delivery.data, "id": delivery.job_id, "url": url},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def send(delivery: Delivery, body: bytes, timestamp: int, guard: Guard, traceparent: str = "") -> Attempt:
    """One attempt; never raises. Redirects are not followed, because only the URL of the job was checked."""
    headers = signature.headers(delivery.secrets, delivery.id, timestamp, body)
    headers |= {"traceparent": traceparent} if traceparent else {}
    headers |= {"Content-Type": "application/json", "User-Agent": f"Colophon/{__version__}", "Content-Length": str(len(body))}
    try:
        parts = guard.check(delivery.url)
        with connection(parts, guard, SECONDS) as dialled:
            dialled.request("POST", target(parts), body=body, headers=headers, preload_content=False)
            answer = dialled.getresponse()
            answer.read(MOST_READ)
            return _meant(answer.status, answer.headers.get("Retry-After", ""))
    except ColophonError as error:
        return Attempt(None, error.detail)
    except (HTTPError, HTTPException, OSError, ValueError):
        return Attempt(None, UNUSABLE)


def _meant(status: int, retry_after: str) -> Attempt:
    if 200 <= status < 300:
        return Attempt(status)
    after = float(retry_after) if retry_after.isdecimal() and len(retry_after) < 6 else 0.0
    redirected = "; redirects are not followed" if 300 <= status < 400 else ""
    return Attempt(status, f"the receiver answered {status}{redirected}", after, final=status == 410)


def next_at(delivery: Delivery, attempt: Attempt, now: datetime) -> datetime | None:
    """The time of the next attempt; None if it is delivered, refused permanently, or older than a day."""
    if attempt.delivered or attempt.final:
        return None
    pause = min(LONGEST, FIRST * FACTOR**delivery.attempts) * random.uniform(0.75, 1.25)  # noqa: S311 - spread, no secret
    at = now + timedelta(seconds=max(pause, attempt.after))
    had_its_day = delivery.attempts + 1 >= ENOUGH or attempt.after > LONGEST
    return None if had_its_day and at - delivery.at > DAY else at
