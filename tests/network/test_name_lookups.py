"""A name server that is silent costs a bounded time, and a bounded number of threads."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from service.jobs.webhooks.message import check_url
from service.model.errors import ForbiddenUrl
from service.network import name_lookups
from service.network.addresses import Guard
from service.network.name_lookups import Busy, bounded


@pytest.fixture
def silent() -> Iterator[threading.Event]:
    """Look-ups wait for this; set at the end, so that no thread is left."""
    spoke = threading.Event()
    yield spoke
    spoke.set()
    for thread in threading.enumerate():
        if thread.name == "look-up":
            thread.join(30)


def test_an_answer_and_a_failure_come_through() -> None:
    assert bounded(lambda: [1], 5) == [1]

    def fails() -> Sequence[Any]:
        raise socket.gaierror("no such name")

    with pytest.raises(socket.gaierror):
        bounded(fails, 5)


def test_silence_ends(silent: threading.Event) -> None:
    def look_up() -> Sequence[Any]:
        silent.wait(30)
        return []

    with pytest.raises(TimeoutError, match="silent"):
        bounded(look_up, 0.05)


def test_a_crowd_is_refused(silent: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_lookups, "AT_ONCE", threading.BoundedSemaphore(1))

    def look_up() -> Sequence[Any]:
        silent.wait(30)
        return []

    with pytest.raises(TimeoutError, match="silent"):
        bounded(look_up, 0.05)
    with pytest.raises(Busy, match="too many"):
        bounded(look_up, 0.05)


def test_a_webhook_at_a_silent_name_is_refused(silent: threading.Event) -> None:
    def look_up(*_: Any, **__: Any) -> Sequence[Any]:
        return bounded(lambda: [silent.wait(30)], 0.05)

    with pytest.raises(ForbiddenUrl, match="no address"):
        check_url("https://hook.example/", Guard(resolve=look_up))


def test_the_guard_waits_no_longer_than_its_caller(silent: threading.Event) -> None:
    """Whatever resolver it has, and however long that takes."""

    def look_up(*_: Any, **__: Any) -> Sequence[Any]:
        silent.wait(30)
        return []

    with pytest.raises(TimeoutError):
        Guard(resolve=look_up).connect("name.example", 80, 0.05)
