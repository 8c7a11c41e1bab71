"""A conversion ended from outside: its workers are killed at once, and the next call is served."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from service.engines.halt import Halt, Halted
from tests.engines.test_workers import echo, gone, pool_of
from tests.jobs.slow import wait_for


def test_a_strike_kills_the_worker_at_work_and_a_spare_serves(tmp_path: Path) -> None:
    pool, halt = pool_of(tmp_path), Halt()
    try:
        echo(pool)
        wait_for(lambda: pool.status()["idle"] == 2)  # either may be the one at work
        before = {worker.pid for worker in pool._all}
        began = time.monotonic()
        threading.Timer(0.3, halt.strike).start()
        with pytest.raises(Halted):
            pool.call("spin", {}, deadline=60, halt=halt)
        assert time.monotonic() - began < 30
        (killed,) = (pid for pid in before if gone(pid, 1))
        assert echo(pool)["pid"] != killed
        assert pool.counts["halted"] == 1 and not pool.counts["crash"]
    finally:
        pool.stop(0)


def test_what_was_struck_before_is_not_begun() -> None:
    halt, killed = Halt(), list[str]()
    halt.strike()
    with pytest.raises(Halted), halt.around(lambda: killed.append("now")):
        raise AssertionError("it was begun")
    assert not killed


def test_a_strike_afterwards_kills_nobody() -> None:
    halt, killed = Halt(), list[str]()
    with halt.around(lambda: killed.append("late")):
        pass
    halt.strike()
    assert not killed
