"""A name server that is silent costs a bounded time, and a bounded number of threads."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from service.assets import lookups
from service.assets.guard import Guard
from service.assets.lookups import bounded, resolve
from service.errors import ForbiddenUrl
from service.jobs.webhooks.message import check_url


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
    assert resolve("127.0.0.1", 80, type=socket.SOCK_STREAM)[0][4] == ("127.0.0.1", 80)
    with pytest.raises(socket.gaierror):
        resolve("", 0, family=socket.AF_INET, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)


def test_silence_ends(silent: threading.Event) -> None:
    def look_up() -> Sequence[Any]:
        silent.wait(30)
        return []

    with pytest.raises(TimeoutError, match="silent"):
        bounded(look_up, 0.05)


def test_a_crowd_is_refused(silent: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "AT_ONCE", threading.BoundedSemaphore(1))

    def look_up() -> Sequence[Any]:
        silent.wait(30)
        return []

    with pytest.raises(TimeoutError, match="silent"):
        bounded(look_up, 0.05)
    with pytest.raises(TimeoutError, match="too many"):
        bounded(look_up, 0.05)


def test_a_webhook_at_a_silent_name_is_refused(silent: threading.Event) -> None:
    def look_up(*_: Any, **__: Any) -> Sequence[Any]:
        return bounded(lambda: [silent.wait(30)], 0.05)

    with pytest.raises(ForbiddenUrl, match="no address"):
        check_url("https://hook.example/", Guard(resolve=look_up))


def test_it_is_what_the_guard_asks() -> None:
    assert Guard().resolve is resolve
