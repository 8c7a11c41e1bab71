"""The client against servers that misbehave: what is tried again, what is raised, and that a file is whole or not there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from colophon_client import Client, JobArtifact, Problem, Unreachable
from tests.receivers import Answer, receiver

BUSY = Answer(503, json.dumps({"code": "queue-full", "detail": "Full.", "retry_after": 0}).encode(), {"Retry-After": "0"})
JOB = json.dumps({"id": "job_1", "state": "queued", "total": 1, "counts": {}}).encode()
FILE = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(FILE).hexdigest()


def artifact(**changed: Any) -> JobArtifact:
    raw = {
        "id": "art_1", "job": "job_1", "item": "item_1", "name": "a.pdf", "format": "pdf", "media_type": "application/pdf",
        "size": len(FILE), "sha256": SHA256, "url": "",
    }  # fmt: skip
    return JobArtifact.of(raw | changed)


def test_a_full_service_is_asked_again() -> None:
    with receiver(BUSY, BUSY, Answer(200, b'{"readers": []}')) as server, Client(server.url) as client:
        assert client.formats() == {"readers": []}
        assert len(server.asked) == 3


def test_in_the_end_the_problem_is_raised() -> None:
    with receiver(BUSY) as server, Client(server.url, tries=2) as client:
        with pytest.raises(Problem, check=lambda error: error.code == "queue-full") as caught:
            client.formats()
        assert len(server.asked) == 3
    assert (caught.value.detail, caught.value.retry_after) == ("Full.", 0)


def refusal(code: str, retryable: bool) -> Answer:
    document = {"code": code, "detail": "Too many.", "retryable": retryable, "retry_after": 0}
    return Answer(429, json.dumps(document).encode(), {"Retry-After": "0"})


@pytest.mark.parametrize("stream", [False, True])
def test_a_wrong_key_stays_wrong(stream: bool, tmp_path: Path) -> None:
    with receiver(refusal("too-many-wrong-keys", False)) as server, Client(server.url, key="x", tries=2) as client:
        with pytest.raises(Problem, check=lambda error: error.code == "too-many-wrong-keys", match="Too many"):
            client.download(artifact(), tmp_path / "a.pdf") if stream else client.formats()
        assert len(server.asked) == 1


def test_a_quota_is_waited_for() -> None:
    used_up = refusal("quota-exceeded", True)
    with receiver(used_up, used_up, Answer(200, b'{"readers": []}')) as server, Client(server.url) as client:
        assert client.formats() == {"readers": []}
        assert len(server.asked) == 3


@pytest.mark.logs("urllib3 logs each broken connection")
@pytest.mark.parametrize("answer", [Answer(429, b"<html>"), Answer(429, b"[]"), Answer(503, b"{" * 999, cut=9)])
def test_what_says_nothing_of_another_try_is_tried_again(answer: Answer) -> None:
    with receiver(answer, Answer(200, b'{"readers": []}')) as server, Client(server.url) as client:
        assert client.formats() == {"readers": []}
        assert len(server.asked) == 2


@pytest.mark.logs("urllib3 logs each broken connection")
def test_a_job_is_created_under_one_key_however_often_it_is_tried() -> None:
    conflict = Answer(409, b'{"code": "idempotency-conflict", "detail": "Under way.", "retry_after": 0}')
    with receiver(Answer(hang_up=True), BUSY, conflict, Answer(202, JOB)) as server, Client(server.url) as client:
        assert client.create_job([("a.md", b"text")], "pdf").id == "job_1"
        keys = {asked.headers["idempotency-key"] for asked in server.asked}
    assert len(keys) == 1
    assert len(server.asked) == 4


def test_a_problem_carries_its_document() -> None:
    document = {
        "code": "validation-error", "detail": "Unknown option 'tok'.", "status": 422, "title": "…",
        "errors": [{"pointer": "/tok", "detail": "Unknown.", "new": 1}],
    }  # fmt: skip
    with receiver(Answer(422, json.dumps(document).encode())) as server, Client(server.url) as client:
        with pytest.raises(Problem, check=lambda error: error.code == "validation-error") as caught:
            client.convert(("a.md", b"text"), "pdf", tok=True)
        assert len(server.asked) == 1
    assert isinstance(caught.value, Problem)
    assert caught.value.places[0].pointer == "/tok"
    assert caught.value.extra == document


def test_a_problem_of_a_newer_service_is_a_problem_all_the_same() -> None:
    body = b'{"code": "moon-phase", "detail": "Not tonight."}'
    with receiver(Answer(422, body)) as server, Client(server.url) as client, pytest.raises(Problem, match="Not tonight"):
        client.formats()


@pytest.mark.logs("urllib3 logs each broken connection")
@pytest.mark.parametrize(
    "answer", [Answer(502, b"<html>"), Answer(404, b"no JSON"), Answer(200, b"<html>"), Answer(hang_up=True)]
)
def test_no_colophon(answer: Answer) -> None:
    with receiver(answer) as server, Client(server.url, tries=1) as client, pytest.raises(Unreachable):
        client.formats()


def test_no_one_there() -> None:
    with Client("http://127.0.0.1:9", tries=0) as client, pytest.raises(Unreachable, match="can't be reached"):
        client.capacity()


def test_a_download_goes_on_where_the_connection_broke(tmp_path: Path) -> None:
    rest = Answer(206, FILE[100_000:], {"Content-Range": f"bytes 100000-{len(FILE) - 1}/{len(FILE)}"})
    with receiver(Answer(200, FILE, cut=100_000), rest) as server, Client(server.url) as client:
        path = client.download(artifact(), tmp_path / "deep" / "a.pdf")
        assert server.asked[1].headers["range"] == "bytes=100000-"
    assert path.read_bytes() == FILE
    assert [each.name for each in path.parent.iterdir()] == ["a.pdf"]


def test_a_download_begins_again_where_ranges_are_not_known(tmp_path: Path) -> None:
    with receiver(Answer(200, FILE, cut=100_000), Answer(200, FILE)) as server, Client(server.url) as client:
        assert client.download(artifact(), tmp_path / "a.pdf").read_bytes() == FILE


@pytest.mark.parametrize(
    "answer", [Answer(200, FILE[:-1] + b"x"), Answer(200, FILE, cut=5), Answer(404, b'{"code": "not-found"}')]
)
def test_a_download_is_whole_or_not_there(answer: Answer, tmp_path: Path) -> None:
    with receiver(answer) as server, Client(server.url, tries=1) as client, pytest.raises((Unreachable, Problem)):
        client.download(artifact(), tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


def test_events_are_resumed_after_the_last_one_seen() -> None:
    def event(number: int, kind: str) -> bytes:
        return f"id: {number}\nevent: {kind}\ndata: {{}}\n\n".encode()

    first = event(1, "job.created") + event(2, "item.succeeded")
    with (
        receiver(
            Answer(200, first + b"id: 3\nevent: job.succeeded", cut=len(first) + 8), Answer(200, event(3, "job.succeeded"))
        ) as server,
        Client(server.url) as client,
    ):
        assert [each.id for each in client.events("job_1")] == ["1", "2", "3"]
        assert [asked.headers.get("last-event-id") for asked in server.asked] == [None, "2"]


def test_events_after_the_last_one_are_none() -> None:
    with receiver(Answer(204)) as server, Client(server.url) as client:
        assert list(client.events("job_1", "7")) == []


@pytest.mark.timeout(30)
def test_streams_leave_their_places_to_others(tmp_path: Path) -> None:
    """However they end: read up to the last event, empty, or left in the middle: a place that is kept is lost for ever."""
    reported = b"".join(b"id: %d\nevent: %s\ndata: {}\n\n" % event for event in ((1, b"item.running"), (2, b"job.succeeded")))
    stream = Answer(200, reported + b": more\n" * 100_000)
    answers = [stream, stream, stream, Answer(204), Answer(200, FILE), Answer(200, b'{"readers": []}')]
    with receiver(*answers) as server, Client(server.url, connections=1) as client:
        assert [len(list(client.events("job_1"))) for _ in range(2)] == [2, 2]
        unread = client.events("job_1")
        assert next(unread).id == "1"
        unread.close()  # type: ignore[attr-defined]
        assert list(client.events("job_1", "2")) == []
        client.download(artifact(), tmp_path / "a.pdf")
        assert client.formats() == {"readers": []}
