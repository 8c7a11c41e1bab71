"""Server-Sent Events by the letter of the WHATWG."""

from __future__ import annotations

import pytest

from colophon_client.events import lines, parse
from colophon_client.records import Event

STREAM = (
    b"retry: 2000\n\n: a comment\nid: 1\nevent: job.created\ndata: {}\n\n"
    b'id: 2\nevent: item.failed\ndata: {"name":\ndata: "\xe7\x81\xaf"}\n\n: still here\n\nid: 3\ndata: {"cut": '
)


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_events_whatever_the_chunks(size: int) -> None:
    chunks = [STREAM[start : start + size] for start in range(0, len(STREAM), size)]
    found = list(parse(lines(chunks)))
    assert found == [Event("1", "job.created", {}), Event("2", "item.failed", {"name": "灯"})]


@pytest.mark.parametrize(
    ("kind", "last"),
    [("job.partial", True), ("job.succeeded", True), ("job.cancelled", True), ("job.running", False), ("item.failed", False)],
)
def test_last(kind: str, last: bool) -> None:
    assert Event("1", kind, {}).last is last
