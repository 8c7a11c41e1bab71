"""The states of an item and of a job, and which may follow which.

    queued ──► running ──► succeeded ──► expired
      │  ▲        │  │                      ▲
      │  └────────┘  └──► failed ───────────┤
      └──────────────────► cancelled ───────┘

An item goes back to `queued` when its lease ran out or its holder gave it back; `attempts` was counted before it started.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

State = Literal["queued", "running", "succeeded", "failed", "cancelled", "expired"]

FOLLOWING: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"running", "cancelled", "failed"}),
    "running": frozenset({"queued", "succeeded", "failed", "cancelled"}),
    "succeeded": frozenset({"expired"}),
    "failed": frozenset({"expired"}),
    "cancelled": frozenset({"expired"}),
    "expired": frozenset(),
}
FINAL = frozenset({"succeeded", "failed", "cancelled", "expired"})
MOST_ATTEMPTS = 3


def may_follow(before: str, after: str) -> bool:
    return after in FOLLOWING[before]


def job_state(counts: Mapping[str, int]) -> str:
    """The state of a job from the number of its items in each state. `failed` means that all failed."""
    if counts.get("running") or (counts.get("queued") and _any(counts, FINAL)):
        return "running"
    if counts.get("queued"):
        return "queued"
    for state in ("succeeded", "failed", "cancelled"):
        if counts.get(state):
            return state if state != "cancelled" or not counts.get("failed") else "failed"
    return "expired"


def _any(counts: Mapping[str, int], states: Iterable[str]) -> bool:
    return any(counts.get(state) for state in states)
