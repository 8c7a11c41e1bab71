"""The states of items and jobs, and their transitions.

    item   queued ──► running ──► succeeded ─┐
             ▲  │        │  └───► failed ────┤
             └──┼────────┘                   ├──► expired
                └──────► cancelled ──────────┘

A running item becomes queued again if its worker is lost or drains, or if another attempt may solve its failure.
The state of a job is derived from its items, except `expired`.
"""

from __future__ import annotations

from collections.abc import Mapping

ITEM_STATES: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"running", "cancelled"}),
    "running": frozenset({"queued", "succeeded", "failed", "cancelled"}),
    "succeeded": frozenset({"expired"}),
    "failed": frozenset({"expired"}),
    "cancelled": frozenset({"expired"}),
    "expired": frozenset(),
}
JOB_STATES = ("queued", "running", "succeeded", "partial", "failed", "cancelled", "expired")
ENDED = frozenset({"succeeded", "partial", "failed", "cancelled", "expired"})


def job_state(counts: Mapping[str, int], started: bool) -> str:
    """The state of a job whose items are in these states; `started` says whether one of them ever ran."""
    if counts["queued"] or counts["running"]:
        return "running" if started else "queued"
    if counts["expired"]:
        return "expired"
    if counts["cancelled"]:
        return "cancelled"
    if counts["failed"]:
        return "partial" if counts["succeeded"] else "failed"
    return "succeeded"
