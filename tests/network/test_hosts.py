"""The state of hosts is bounded, expires, and is separate for each tenant."""

from __future__ import annotations

import threading

import pytest

from service.network import hosts
from service.network.hosts import Pauses, Place, Turns

HERE = Place("", "a.example", 443)


def test_a_turn_is_waited_for_and_forgotten() -> None:
    turns = Turns(1)
    with turns.at(HERE, 1), turns.at(HERE._replace(port=80), 1), pytest.raises(TimeoutError), turns.at(HERE, 0.01):
        raise AssertionError("two connections at once")
    assert len(turns) == 0
    with turns.at(HERE, 0):
        assert len(turns) == 1


def test_turns_under_load_leave_nothing() -> None:
    turns, most, now = Turns(2), [0], [0]
    lock = threading.Lock()

    def use() -> None:
        for _ in range(50):
            with turns.at(HERE, 30):
                with lock:
                    now[0] += 1
                    most[0] = max(most[0], now[0])
                with lock:
                    now[0] -= 1

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most[0] <= 2
    assert len(turns) == 0


def test_pauses_end_and_are_bounded() -> None:
    now = [0.0]
    pauses = Pauses(lambda: now[0])
    pauses.add(HERE)
    assert HERE in pauses
    assert HERE._replace(tenant="other") not in pauses
    now[0] = hosts.PAUSE
    assert HERE not in pauses
    assert len(pauses) == 0
    for number in range(hosts.MOST_PAUSED + 10):
        pauses.add(Place("", f"h{number}.example", 80))
    assert len(pauses) == hosts.MOST_PAUSED
    assert Place("", f"h{number}.example", 80) in pauses
