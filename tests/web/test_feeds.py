"""Feeds over HTTP: a book of the entries, or a job with an item for each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

FEED = Path(__file__).parents[2] / "examples" / "collections" / "feed" / "feed.atom"
Send = Callable[..., Any]


def test_a_feed_is_a_book(send: Send) -> None:
    answer = send("/v1/convert", file=("feed.atom", FEED.read_bytes()), to="markdown", headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.data
    assert answer.json["metadata"]["title"] == "The pilot's log"
    codes = {notice["code"]: notice for notice in answer.json["notices"]}
    assert codes["feed-summaries"]["data"]["entries"] == ["Winter berths"]
    text = send("/v1/convert", file=("feed.atom", FEED.read_bytes()), to="markdown").data.decode()
    at = [text.index(title) for title in ("The new crane", "Low water", "Winter berths")]
    assert at == sorted(at)
    assert "nine tonnes" in text and "https://pilot.example/2025/low-water" in text


def test_entries_since(send: Send) -> None:
    answer = send("/v1/convert", file=("x.xml", FEED.read_bytes()), to="markdown", since="2025-02-11")
    text = answer.data.decode()
    assert "Low water" in text and "Winter berths" not in text
    answer = send("/v1/convert", file=("x.xml", FEED.read_bytes()), to="markdown", since="2099-01-01")
    assert (answer.status_code, answer.json["code"]) == (422, "no-article")
    answer = send("/v1/convert", file=("x.xml", FEED.read_bytes()), to="markdown", since="last week")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/since")


def test_a_job_has_an_item_for_each_entry(send: Send, client: FlaskClient) -> None:
    made = send("/v1/jobs", file=("feed.atom", FEED.read_bytes()), to="markdown", since="2025-01-01")
    assert made.status_code == 202, made.data
    job = json.loads(client.get(f"/v1/jobs/{made.json['id']}?wait=60").data)
    assert job["state"] == "succeeded", job
    assert [item["metadata"]["title"] for item in job["items"]] == ["The new crane", "Low water"]
    assert job["items"][0]["metadata"]["identifier"] == "tag:pilot.example,2025:crane"
    assert job["items"][0]["metadata"]["authors"][0]["name"] == "Bo Chen"
    assert job["items"][0]["name"].startswith("2025-04-02-crane-")


def test_a_book_of_an_article_and_a_feed(client: FlaskClient) -> None:
    files = [(b"# Foreword\n\nBefore the log.\n", "a.md"), (FEED.read_bytes(), "feed.atom")]
    parts = {"file": [(io.BytesIO(data), name) for data, name in files], "to": "markdown", "combine": "true"}
    text = client.post("/v1/convert", data=parts, content_type="multipart/form-data").data.decode()
    at = [text.index(each) for each in ("Before the log.", "The new crane", "Winter berths")]
    assert at == sorted(at)


def test_a_broken_feed_names_its_line(send: Send) -> None:
    answer = send("/v1/convert", file=("x.xml", b"<rss><channel>\n<title>a</channel></rss>"), to="pdf")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid-document")
    assert answer.json["errors"][0]["line"] == 2
