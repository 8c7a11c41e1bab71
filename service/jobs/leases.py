"""Decides which leases have ended, even if the clock is changed.

Times in the database are of a clock that can be set: by an operator, by NTP, by the host of a suspended virtual
machine. If it is set back, items of a dead runner would stay with it; if it is set forward, all live runners would lose their
items. So the observer uses its own monotonic clock: a lease that is not renewed has ended, and a lease that seems late after
a change of the clock gets time to be renewed. (Kubernetes' leader election observes its leases in the same way.)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

JUMP = 2.0  # seconds by which the two clocks may differ between two observations


@dataclass(frozen=True, slots=True)
class Lease:
    """The lease of one running item. `until` changes with each heartbeat, `fence` with each new owner."""

    item_id: str
    job_id: str
    fence: int
    until: float


class Leases:
    """The observations of one process. `lease` is in seconds; runners renew their leases three times in that time."""

    def __init__(self, lease: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._lease, self._monotonic = lease, monotonic
        self._since: dict[Lease, float] = {}
        self._last: tuple[float, float] | None = None
        self._doubt_until = 0.0

    def ended(self, running: Sequence[Lease], now: float) -> list[Lease]:
        """The leases of `running` whose owners are lost; `now` is the database's clock."""
        mine = self._monotonic()
        if self._last is not None and abs((now - self._last[0]) - (mine - self._last[1])) > JUMP:
            self._doubt_until = mine + self._lease
        self._last = (now, mine)
        self._since = {lease: self._since.get(lease, mine) for lease in running}
        return [lease for lease, since in self._since.items() if self._has_ended(now - lease.until, mine - since, mine)]

    def _has_ended(self, late: float, silent: float, mine: float) -> bool:
        """One that is late by another whole lease was not observed in time, or the clock was set: then half a lease decides."""
        if late <= 0:
            return silent >= self._lease
        believed = mine >= self._doubt_until and late <= self._lease
        return believed or silent >= self._lease / 2
