"""Requests of time stamps: several attempts, one deadline, only addresses that the guard opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from service.model.errors import TimeStampUnavailable
from service.network import time_stamps
from service.network.addresses import Guard
from tests import signatures

OPEN = Guard(allow=("127.0.0.1",))


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, str]]:
    """An authority that echoes what `answers` says, and its address."""
    monkeypatch.setattr(time_stamps, "PAUSE", 0.01)

    class Echo:
        def __init__(self) -> None:
            self.answers: list[bytes] = []
            self.queries: list[bytes] = []

        def respond(self, query: bytes) -> bytes:
            self.queries.append(query)
            return self.answers.pop(0)

    echo = Echo()
    with signatures.serving(echo) as url:
        yield echo, url


def test_a_response(authority: tuple[Any, str]) -> None:
    echo, url = authority
    echo.answers = [b"stamped"]
    assert time_stamps.request(url, b"query", OPEN, 600) == b"stamped"
    assert echo.queries == [b"query"]


def test_a_failure_is_tried_again(authority: tuple[Any, str]) -> None:
    echo, url = authority
    echo.answers = [b"", b"", b"stamped"]  # an empty answer is a 500
    assert time_stamps.request(url, b"query", OPEN, 600) == b"stamped"


def test_after_three_failures_there_is_none(authority: tuple[Any, str]) -> None:
    echo, url = authority
    echo.answers = [b""] * 9
    with pytest.raises(TimeStampUnavailable) as caught:
        time_stamps.request(url, b"query", OPEN, 600)
    assert len(echo.queries) == 3 and caught.value.retryable and "HTTP 500" in str(caught.value.__cause__)


def test_a_response_that_is_too_large(authority: tuple[Any, str]) -> None:
    echo, url = authority
    echo.answers = [b"x" * (time_stamps.LARGEST + 1)] * 3
    with pytest.raises(TimeStampUnavailable):
        time_stamps.request(url, b"query", OPEN, 600)


def test_an_address_that_is_not_open(authority: tuple[Any, str]) -> None:
    echo, url = authority
    with pytest.raises(TimeStampUnavailable, match="not allowed"):
        time_stamps.request(url, b"query", Guard(), 600)
    assert echo.queries == []


def test_no_time(authority: tuple[Any, str]) -> None:
    with pytest.raises(TimeStampUnavailable):
        time_stamps.request(authority[1], b"query", OPEN, 0)
