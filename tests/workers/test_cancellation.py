"""A conversion ended from outside: its workers are killed at once, and the next call is served."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.workers import cpu_time
from service.workers.cancellation import Cancellation, Cancelled
from tests.waiting import wait_for
from tests.workers.test_pool import echo, gone, pool_of, rested


def test_a_strike_kills_the_worker_at_work_and_a_spare_serves(tmp_path: Path) -> None:
    pool, cancellation = pool_of(tmp_path), Cancellation()
    try:
        asked = rested(pool)["pid"]
        used = cpu_time.of(asked)
        with ThreadPoolExecutor(1) as threads:
            call = threads.submit(pool.call, "spin", {}, deadline=60, cancellation=cancellation)
            wait_for(lambda: cpu_time.of(asked) > used + 0.1)  # it is at work
            cancellation.cancel()
            with pytest.raises(Cancelled):
                call.result(30)
        assert gone(asked)
        assert echo(pool)["pid"] != asked
        assert pool.counts["cancelled"] == 1 and not pool.counts["crash"]
    finally:
        pool.stop(0)


def test_what_was_struck_before_is_not_begun() -> None:
    cancellation, killed = Cancellation(), list[str]()
    cancellation.cancel()
    with pytest.raises(Cancelled), cancellation.around(lambda: killed.append("now")):
        raise AssertionError("it was begun")
    assert not killed


def test_a_strike_afterwards_kills_no_one() -> None:
    cancellation, killed = Cancellation(), list[str]()
    with cancellation.around(lambda: killed.append("late")):
        pass
    cancellation.cancel()
    assert not killed
