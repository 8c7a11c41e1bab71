"""The state of a key's quota, in the fields of draft-ietf-httpapi-ratelimit-headers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.jobs.keys.records import Limits
from service.model.errors import Place, QuotaExceeded

REQUESTS, CONVERSIONS, CPU, QUEUED = "requests", "conversions", "cpu-seconds", "queued"
MINUTE, DAY = 60, 86_400
WHAT = {
    REQUESTS: "requests a minute",
    CONVERSIONS: "conversions at once",
    CPU: "CPU-seconds of conversions a day",
    QUEUED: "items of jobs that have not ended",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`left` of `limit`; `reset`: seconds until all of it is available again, None if unknown."""

    quota: str
    limit: int
    left: int
    reset: int | None = None
    refused: bool = False

    def refusal(self, places: Sequence[Place] = (), retry_after: int | None = None) -> QuotaExceeded:
        """`retry_after`: seconds after which enough is likely to be available, if that is not `reset`."""
        detail = f"This API key may have {self.limit} {WHAT[self.quota]}."
        extra = {"quota": self.quota, "limit": self.limit}
        return QuotaExceeded(detail, places=places, retry_after=retry_after or self.reset, extra=extra)


def policies(limits: Limits) -> str:
    """RateLimit-Policy: every limit of a key."""
    rows = (
        (limits.requests, f'"{REQUESTS}";q={limits.requests};w={MINUTE}'),
        (limits.conversions, f'"{CONVERSIONS}";q={limits.conversions};qu="concurrent-requests"'),
        (limits.cpu_seconds, f'"{CPU}";q={limits.cpu_seconds};qu="cpu-seconds";w={DAY}'),
        (limits.queued, f'"{QUEUED}";q={limits.queued};qu="items"'),
    )
    return ", ".join(text for limit, text in rows if limit)


def written(standings: Iterable[Standing]) -> str:
    """RateLimit: the remaining amounts."""
    return ", ".join(f'"{each.quota}";r={each.left}' + ("" if each.reset is None else f";t={each.reset}") for each in standings)
