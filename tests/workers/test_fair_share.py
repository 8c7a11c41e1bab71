"""The use of a caller is remembered for some time, and for a limited number of callers."""

from __future__ import annotations

import pytest

from service.workers import fair_share as room
from service.workers.fair_share import HALF_LIFE, Usage


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_half_is_forgotten_in_half_a_life() -> None:
    clock = Clock()
    usage = Usage(clock)
    usage.end("a", usage.begin("a"), 8.0)
    assert usage.lately("a") == 8
    clock.now += HALF_LIFE
    assert usage.lately("a") == pytest.approx(4)
    usage.end("a", usage.begin("a"), 1.0)
    assert usage.lately("a") == pytest.approx(5)
    assert (usage.lately("b"), usage.lately(None)) == (0, 0)


def test_calls_under_way_count_as_they_go_and_at_the_end_for_what_they_cost() -> None:
    clock = Clock()
    usage = Usage(clock)
    first, second = usage.begin("a"), usage.begin("a")
    clock.now += 3
    assert usage.lately("a") == 6
    usage.end("a", first, 0.5)
    assert usage.lately("a") == 3.5
    usage.end("a", second, 0.5)
    assert usage.lately("a") == 1.0
    assert not usage._under_way


def test_heavy_is_who_has_used_much_more_than_another_who_is_there() -> None:
    clock = Clock()
    usage = Usage(clock)
    usage.end("a", usage.begin("a"), 8.0)
    assert not usage.heavy("a")  # it is alone
    usage.end("b", usage.begin("b"), 7.0)
    assert not usage.heavy("a") and not usage.heavy("b")
    usage.end("c", usage.begin("c"), 0.0)
    assert usage.heavy("a") and usage.heavy("b") and not usage.heavy("c") and not usage.heavy("unknown")
    clock.now += HALF_LIFE
    usage.end("a", usage.begin("a"), 0.0)
    assert not usage.heavy("a")  # the others have gone
    usage.end("c", usage.begin("c"), 0.0)
    assert usage.heavy("a")
    clock.now += 3 * HALF_LIFE
    usage.end("c", usage.begin("c"), 0.0)
    assert not usage.heavy("a")  # it is forgotten


def test_of_many_callers_those_are_forgotten_who_have_used_the_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 10)
    usage = Usage(Clock())
    for number in range(500):
        usage.end(f"{number}", usage.begin(f"{number}"), 100.0 if number == 7 else 0.01)
        assert len(usage._spent) <= 10
    assert usage.lately("7") == 100
