"""Which leases have ended, whatever becomes of the clock.

Times in the database are of a clock that can be set: by an operator, by NTP, by the host of a virtual machine that was
asleep. Set back, it would keep the items of a dead runner for as long; set forward, it would take the items of all live
runners. So the observer goes by its own monotonic clock: a lease that no one renews has ended, and one that looks late by
a clock that was just set gets the time to be renewed. (Kubernetes' leader election observes its leases in the same way.)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

JUMP = 2.0  # seconds by which the database's clock and ours may differ between two looks


@dataclass(frozen=True, slots=True)
class Lease:
    """Of one running item. `until` changes with each heartbeat, `fence` with each change of hands."""

    item_id: str
    job_id: str
    fence: int
    until: float


class Leases:
    """What one process has seen of them. `lease` is in seconds; runners renew theirs thrice in that time."""

    def __init__(self, lease: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._lease, self._monotonic = lease, monotonic
        self._since: dict[Lease, float] = {}
        self._last: tuple[float, float] | None = None
        self._doubt_until = 0.0

    def ended(self, running: Sequence[Lease], now: float) -> list[Lease]:
        """Those of the `running` whose holders are lost; `now` is the database's clock."""
        mine = self._monotonic()
        if self._last is not None and abs((now - self._last[0]) - (mine - self._last[1])) > JUMP:
            self._doubt_until = mine + self._lease
        self._last = (now, mine)
        self._since = {lease: self._since.get(lease, mine) for lease in running}
        return [lease for lease, since in self._since.items() if self._has_ended(now - lease.until, mine - since, mine)]

    def _has_ended(self, late: float, silent: float, mine: float) -> bool:
        """One that is later than another whole lease was not seen in time, or the clock was set: then half a lease shows it."""
        if late <= 0:
            return silent >= self._lease
        believed = mine >= self._doubt_until and late <= self._lease
        return believed or silent >= self._lease / 2
