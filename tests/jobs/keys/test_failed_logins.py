"""Wrong keys are counted by address, in minutes that end, and in a table that does not grow."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.jobs.keys import failed_logins
from service.jobs.keys.failed_logins import WrongKeys
from service.model.errors import TooManyWrongKeys, Unauthorized
from service.telemetry import metrics

WRONG = Unauthorized()


class Clock:
    """A clock that moves on request."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def codes(found: WrongKeys, *addresses: str) -> list[str]:
    return [found.refusal(address, WRONG).code for address in addresses]


@pytest.mark.logs("it warns of the address")
def test_each_address_has_its_minute(clock: Clock) -> None:
    found = WrongKeys(2, clock)
    assert codes(found, "a", "a", "b", "a", "b", "b") == ["unauthorized"] * 3 + [TooManyWrongKeys.code, "unauthorized"] + [
        TooManyWrongKeys.code
    ]
    clock.seconds += 59.5
    assert codes(found, "a", "c") == [TooManyWrongKeys.code, "unauthorized"]
    clock.seconds += 0.5
    assert codes(found, "a", "b", "c") == ["unauthorized"] * 3


@pytest.mark.logs("it warns of the address")
def test_the_end_of_the_minute_is_reported(clock: Clock) -> None:
    found = WrongKeys(1, clock)
    assert found.refusal("a", WRONG) is WRONG
    clock.seconds += 12.5
    refused = found.refusal("a", WRONG)
    assert (refused.status, refused.retry_after, refused.extra) == (429, 48, {"limit": 1})


def test_no_limit(clock: Clock) -> None:
    assert codes(WrongKeys(0, clock), *["a"] * 100) == ["unauthorized"] * 100


def test_the_log_has_the_address_once_a_minute(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    found = WrongKeys(2, clock)
    for _ in range(2):
        codes(found, *["192.0.2.7"] * 9)
        clock.seconds += 60
    assert [record.address for record in caplog.records] == ["192.0.2.7"] * 2  # type: ignore[attr-defined]
    caplog.clear()


@pytest.mark.logs("it warns of the address")
def test_they_are_counted_by_answer(clock: Clock) -> None:
    before = [metrics.WRONG_KEYS.labels(answer)._value.get() for answer in ("refused", "limited")]
    codes(WrongKeys(2, clock), *["a"] * 7)
    after = [metrics.WRONG_KEYS.labels(answer)._value.get() for answer in ("refused", "limited")]
    assert [new - old for old, new in zip(before, after, strict=True)] == [2, 5]


@pytest.mark.logs("it warns of the address")
def test_the_table_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is full the oldest goes, which ends the soonest; what is over goes first."""
    monkeypatch.setattr(failed_logins, "MOST", 3)
    found = WrongKeys(1, clock)
    codes(found, "a")
    clock.seconds += 1
    codes(found, "b", "c", "d", "e")
    assert list(found._windows) == ["c", "d", "e"]
    assert codes(found, "c", "a") == [TooManyWrongKeys.code, "unauthorized"]
    clock.seconds += 60
    codes(found, "f")
    assert list(found._windows) == ["f"]


@pytest.mark.logs("it warns of the address")
def test_threads_that_guess(clock: Clock) -> None:
    found = WrongKeys(10, clock)
    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(lambda _: found.refusal("a", WRONG).code, range(200)))
    assert said.count("unauthorized") == 10
