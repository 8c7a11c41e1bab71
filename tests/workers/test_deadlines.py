"""Each step of a call has a deadline of its own, and the caller's is for all of them: with real workers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.model.errors import DeadlineExceeded, EngineCrashed
from service.model.settings import Settings
from service.workers.cancellation import Cancellation
from service.workers.deadlines import limits_of
from tests.waiting import wait_for
from tests.workers.test_pool import echo, gone, pool_of

LONG = 60.0  # never reached


def converted(folder: Path, steps: list[float], deadline: float | None = None, **settings: Any) -> dict[str, Any]:
    pool = pool_of(folder, **settings)
    try:
        return pool.call("convert", {"steps": steps}, deadline=deadline)[0]
    finally:
        pool.stop(0)


def test_the_second_step_has_its_own_time(tmp_path: Path) -> None:
    assert converted(tmp_path, [0.0, 7.0], read_deadline=6.0, write_deadline=LONG)["pid"]


@pytest.mark.parametrize("slow_after", [0.1, 0.0])
@pytest.mark.parametrize(
    ("steps", "limits"),
    [
        ([LONG, 0.0], {"read_deadline": 0.4, "write_deadline": LONG}),
        ([0.0, LONG], {"read_deadline": LONG, "write_deadline": 0.4}),
        ([0.2, LONG], {"read_deadline": 0.4, "write_deadline": 0.4}),
    ],
)
def test_a_step_that_takes_too_long_is_ended(
    tmp_path: Path, steps: list[float], limits: dict[str, float], slow_after: float
) -> None:
    with pytest.raises(DeadlineExceeded):
        converted(tmp_path, steps, slow_after=slow_after, **limits)


def test_the_callers_deadline_is_for_all_steps(tmp_path: Path) -> None:
    with pytest.raises(DeadlineExceeded):
        converted(tmp_path, [0.3, LONG], deadline=0.5, read_deadline=LONG, write_deadline=LONG)


@pytest.mark.logs("a death is logged")
def test_a_worker_gets_no_time_by_asking_for_it(tmp_path: Path) -> None:
    with pytest.raises(EngineCrashed):
        converted(tmp_path, [0.0, 0.0, LONG], read_deadline=LONG, write_deadline=LONG)


def test_one_that_is_ended_is_charged_for_both_steps(tmp_path: Path) -> None:
    pool, cancellation = pool_of(tmp_path, read_deadline=LONG, write_deadline=0.3), Cancellation()
    try:
        pid = echo(pool)["pid"]
        with pytest.raises(DeadlineExceeded):
            pool.call("convert", {"steps": [0.3, LONG]}, cancellation=cancellation)
        assert cancellation.cpu >= 0.6
        assert pool.counts == {"deadline": 1}
        assert echo(pool)["pid"] != pid or gone(pid)
    finally:
        pool.stop(0)


def test_a_call_of_two_steps_wears_like_two_calls(tmp_path: Path) -> None:
    pool = pool_of(tmp_path, worker_conversions=4)
    try:
        pids = []
        for _ in range(4):
            wait_for(lambda: pool.status()["idle"] == 2)  # else a new spare answers in between
            pids.append(pool.call("convert", {"steps": [0.0, 0.0]})[0]["pid"])
        assert len(set(pids)) == 2
    finally:
        pool.stop(0)


def test_a_book_has_its_own_time() -> None:
    settings = Settings(read_deadline=1.0, write_deadline=2.0, book_deadline=3.0, preview_deadline=4.0)
    book = {"conversion": {"options": {"combine": True}}}
    assert limits_of("convert", settings, None, book).steps == (3.0, 3.0)
    assert limits_of("convert", settings, 2.5, {"conversion": {"options": {"combine": False}}}).steps == (1.0, 2.0)
    assert limits_of("preview", settings, None, book).steps == (4.0,)
