"""An alarm rings once, at the moment that it was last set to, unless it is called off before."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator

import pytest

from service.workers.timer import Alarm

FAR = 1_000.0
PATIENCE = 20.0


@pytest.fixture
def alarm() -> Iterator[Alarm]:
    each = Alarm("test-alarm")
    yield each
    each.stop()


@pytest.fixture
def rung() -> queue.Queue[str]:
    return queue.Queue()


def test_it_rings_at_its_moment_and_not_before(alarm: Alarm, rung: queue.Queue[str]) -> None:
    moment = time.monotonic() + 0.05
    alarm.set(moment, lambda: rung.put("now"))
    assert rung.get(timeout=PATIENCE) == "now"
    assert time.monotonic() >= moment
    assert rung.empty()


def test_an_earlier_moment_wakes_it(alarm: Alarm, rung: queue.Queue[str]) -> None:
    alarm.set(time.monotonic() + FAR, lambda: rung.put("late"))
    alarm.set(time.monotonic() - 1, lambda: rung.put("early"))
    assert rung.get(timeout=PATIENCE) == "early"


def test_what_is_called_off_does_not_ring(alarm: Alarm, rung: queue.Queue[str]) -> None:
    alarm.set(time.monotonic() + 0.1, lambda: rung.put("called off"))
    alarm.clear()
    alarm.set(time.monotonic() + 0.2, lambda: rung.put("after"))  # its thread still wakes at the first moment
    assert rung.get(timeout=PATIENCE) == "after"
    alarm.clear()
    alarm.set(time.monotonic(), lambda: rung.put("idle before"))
    assert rung.get(timeout=PATIENCE) == "idle before"


def test_what_rings_may_set_it_again(alarm: Alarm, rung: queue.Queue[str]) -> None:
    def again() -> None:
        rung.put("first")
        alarm.set(time.monotonic() + 0.01, lambda: rung.put("second"))

    alarm.set(time.monotonic(), again)
    assert [rung.get(timeout=PATIENCE), rung.get(timeout=PATIENCE)] == ["first", "second"]


def test_stopped_it_has_no_thread() -> None:
    alarm, before = Alarm("test-alarm-stopped"), set(threading.enumerate())
    alarm.set(time.monotonic() + FAR, lambda: None)
    (thread,) = set(threading.enumerate()) - before
    alarm.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_fails_takes_no_later_alarm_along(alarm: Alarm, rung: queue.Queue[str]) -> None:
    def fail() -> None:
        rung.put("failed")
        raise OSError

    alarm.set(time.monotonic(), fail)
    assert rung.get(timeout=PATIENCE) == "failed"
    assert alarm._thread
    alarm._thread.join(PATIENCE)
    alarm.set(time.monotonic(), lambda: rung.put("later"))
    assert rung.get(timeout=PATIENCE) == "later"
