"""One attempt: what is sent, what the answer means, when the next one is due, and where nothing is ever sent."""

from __future__ import annotations

import base64
import itertools
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from service.jobs.records import Delivery
from service.jobs.webhooks import message
from service.model.errors import ForbiddenUrl
from service.network.addresses import Guard
from tests.receivers import Answer, Receiver, receiver

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWED = Delivery(
    id="evt_1", job_id="job_1", event_id=7, event="job.partial", url="", state="pending", attempts=0, next_at=NOW,
    last_status=None, last_error="", data={"state": "partial", "total": 3}, at=NOW, secrets=(SECRET,),
)  # fmt: skip


def send(server: Receiver, guard: Guard | None = None, **changed: Any) -> message.Attempt:
    delivery = replace(OWED, **{"url": server.url + "/hook?a=1", **changed})
    open_here = Guard(allow=(f"127.0.0.1:{server.server_address[1]}",))
    return message.send(delivery, message.body_of(delivery, "https://colophon.example/"), int(time.time()), guard or open_here)


def test_what_is_sent() -> None:
    with receiver(Answer(204)) as server:
        assert send(server) == message.Attempt(204)
        (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/hook?a=1")
    said = Webhook(SECRET).verify(asked.body, asked.headers)
    url = "https://colophon.example/v1/jobs/job_1"
    assert said["type"] == "job.partial"
    assert said["data"] == {"state": "partial", "total": 3, "id": "job_1", "url": url}
    assert datetime.fromisoformat(said["timestamp"]) == NOW
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("answer", "final"),
    [(Answer(500), False), (Answer(404), False), (Answer(410), True), (Answer(302, headers={"Location": "/other"}), False)],
)
def test_what_is_no_delivery(answer: Answer, final: bool) -> None:
    with receiver(answer) as server:
        attempt = send(server)
        assert len(server.asked) == 1, "a redirect is not followed"
    assert not attempt.delivered
    assert attempt.final is final
    assert str(answer.status) in attempt.error


def test_no_one_answers() -> None:
    with receiver(Answer(hang_up=True)) as server:
        attempt = send(server)
    assert (attempt.status, attempt.error) == (None, message.UNUSABLE)


def test_an_address_that_became_private_is_not_called() -> None:
    with receiver() as server:
        attempt = send(server, Guard(ports=frozenset({server.server_address[1]})))
        assert not server.asked
    assert attempt.status is None
    assert "public" in attempt.error


def test_attempts_grow_apart_and_end_after_a_day() -> None:
    failed = message.Attempt(500, "x")
    at, pauses, attempts = NOW, [], 0
    while (following := message.next_at(replace(OWED, attempts=attempts), failed, at)) is not None:
        pauses.append((following - at).total_seconds())
        at, attempts = following, attempts + 1
    assert 3.75 <= pauses[0] <= 6.25
    assert all(later > earlier for earlier, later in itertools.pairwise(pauses[:8]))
    assert max(pauses) <= 5 * 3600
    assert timedelta(hours=18) < at - NOW <= timedelta(days=1)
    assert 10 <= attempts <= 20


def test_a_clock_that_is_set_forward_ends_no_attempts_early() -> None:
    failed, later = message.Attempt(500, "x"), NOW + timedelta(days=3)
    for attempts in range(message.ENOUGH - 1):
        assert message.next_at(replace(OWED, attempts=attempts), failed, later) is not None
    assert message.next_at(replace(OWED, attempts=message.ENOUGH), failed, later) is None
    assert message.next_at(OWED, message.Attempt(503, "x", after=80_000.0), NOW + timedelta(hours=6)) is None


def test_no_further_attempt() -> None:
    assert message.next_at(OWED, message.Attempt(200), NOW) is None
    assert message.next_at(OWED, message.Attempt(410, "x", final=True), NOW) is None


def test_retry_after_is_honoured() -> None:
    with receiver(Answer(503, headers={"Retry-After": "900"})) as server:
        following = message.next_at(OWED, send(server), NOW)
    assert following is not None
    assert following - NOW >= timedelta(seconds=900)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost:80/", "http://169.254.169.254/", "ftp://example.com/", "http://[::1]/", "hook"]
)
def test_forbidden_url(url: str) -> None:
    with pytest.raises(ForbiddenUrl):
        message.check_url(url, Guard())


def test_a_host_without_an_address() -> None:
    def nowhere(*_: Any, **__: Any) -> Any:
        raise OSError("no such host")

    with pytest.raises(ForbiddenUrl, match="no address"):
        message.check_url("https://nowhere.example/", Guard(resolve=nowhere))
