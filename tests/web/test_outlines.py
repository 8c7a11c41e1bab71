"""OPML over HTTP and on the command line: feeds through the guarded fetcher, in books, jobs and batches."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from urllib3 import encode_multipart_formdata

from service.cli import cli
from tests.input.test_feeds import ATOM, RSS
from tests.servers import Server, colophon, hosting

LARGE = b"<rss>" + b" " * 3_000_000


class Host(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        pages = {"/a.atom": ATOM.encode(), "/b.rss": RSS.encode(), "/page": b"<html><p>No feed.</p></html>", "/large": LARGE}
        body = pages.get(self.path, b"")
        self.send_response(302 if self.path == "/away" else 200 if body else 404)
        if self.path == "/away":
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def host() -> Iterator[ThreadingHTTPServer]:
    with hosting(Host) as server:
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, host: ThreadingHTTPServer) -> Iterator[Server]:
    allow = f"127.0.0.1:{host.server_address[1]}"
    folder = tmp_path_factory.mktemp("outlines")
    with colophon(folder, workers=1, fetch_allow=allow, fetch_pages="on", max_upload=2_000_000) as server:
        yield server


def outline(host: ThreadingHTTPServer, *paths: str) -> bytes:
    """Paths of the host, or whole addresses."""
    base = f"http://127.0.0.1:{host.server_address[1]}"
    nodes = (f'<outline text="Feed" xmlUrl="{escape(each if "//" in each else base + each)}"/>' for each in paths)
    return f"<opml version='2.0'><head><title>My reading</title></head><body>{''.join(nodes)}</body></opml>".encode()


def send(server: Server, path: str, data: bytes, **fields: str) -> Any:
    body, kind = encode_multipart_formdata([("file", ("feeds.opml", data)), *fields.items()])
    return server.http.request("POST", server.base + path, body=body, headers={"Content-Type": kind}, timeout=120)


def report(server: Server, data: bytes, **fields: str) -> Any:
    body, kind = encode_multipart_formdata([("file", ("feeds.opml", data)), ("to", "epub"), *fields.items()])
    headers = {"Content-Type": kind, "Accept": "application/json"}
    answer = server.http.request("POST", server.base + "/v1/convert", body=body, headers=headers, timeout=120)
    return answer.status, json.loads(answer.data)


def test_feeds_are_the_parts_of_a_book(served: Server, host: ThreadingHTTPServer) -> None:
    answer = send(served, "/v1/convert", outline(host, "/a.atom", "/b.rss"), to="epub")
    assert answer.status == 200, answer.data
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    nav = book.read("EPUB/nav.xhtml").decode()
    assert "<dc:title" in book.read("EPUB/content.opf").decode()
    assert "My reading" in book.read("EPUB/content.opf").decode()
    places = [nav.find(name) for name in ("Harbour &amp; pier", "The new crane", "Low water", "Quay", "Ropes &amp; knots")]
    assert -1 not in places
    assert places == sorted(places)


def test_what_is_new(served: Server, host: ThreadingHTTPServer) -> None:
    """A feed without a new entry is left out; if none has one, that is the problem."""
    status, found = report(served, outline(host, "/a.atom", "/b.rss"), since="2025-01-01")
    assert status == 200, found
    status, found = report(served, outline(host, "/a.atom"), since="2031-01-01")
    assert (status, found["code"]) == (422, "no-article")


@pytest.mark.parametrize(
    "bad", ["/gone", "/away", "/large", "/page", "http://169.254.169.254/", "http://127.0.0.1:9/", "http://[::1]/"]
)
def test_a_feed_that_gives_nothing_is_reported(bad: str, served: Server, host: ThreadingHTTPServer) -> None:
    status, found = report(served, outline(host, bad, "/a.atom"))
    assert status == 200, found
    (failed,) = [each for each in found["notices"] if each["code"] == "feed-not-fetched"]
    assert len(failed["data"]["feeds"]) == 1


@pytest.mark.parametrize(("bad", "status"), [("/gone", 502), ("http://169.254.169.254/", 422), ("/page", 422)])
def test_no_feed_at_all_is_a_problem(bad: str, status: int, served: Server, host: ThreadingHTTPServer) -> None:
    assert send(served, "/v1/convert", outline(host, bad), to="epub").status == status


def test_the_number_of_feeds_is_bounded(served: Server, host: ThreadingHTTPServer) -> None:
    answer = send(served, "/v1/convert", outline(host, *(f"/{number}" for number in range(201))), to="epub")
    assert answer.status == 422
    assert b"can name 200 addresses" in answer.data


def test_a_job_has_an_item_for_each_entry(served: Server, host: ThreadingHTTPServer) -> None:
    job = json.loads(send(served, "/v1/jobs", outline(host, "/gone", "/a.atom", "/b.rss"), to="html").data)
    done = json.loads(served.http.request("GET", f"{served.base}/v1/jobs/{job['id']}?wait=60", timeout=120).data)
    assert done["state"] == "succeeded", done
    assert len(done["items"]) == 4
    codes = [each["code"] for item in done["items"] for each in item.get("notices", ())]
    assert codes.count("feed-not-fetched") == 1


def test_an_address_of_an_outline(served: Server, host: ThreadingHTTPServer) -> None:
    """`from=opml` asks for the outline as a text, with its feeds as links."""
    answer = send(served, "/v1/convert", outline(host, "/a.atom"), to="markdown", **{"from": "opml"})
    assert answer.status == 200
    assert b"/a.atom)" in answer.data
    assert b"crane" not in answer.data


def test_a_service_that_fetches_nothing_converts_the_outline(client: FlaskClient, host: ThreadingHTTPServer) -> None:
    body, kind = encode_multipart_formdata([("file", ("feeds.opml", outline(host, "/a.atom"))), ("to", "markdown")])
    answer = client.post("/v1/convert", data=body, content_type=kind)
    assert answer.status_code == 200
    assert b"crane" not in answer.data


def test_the_command_line_makes_a_book_and_a_batch(
    tmp_path: Path, host: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLOPHON_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLOPHON_FETCH_ALLOW", f"127.0.0.1:{host.server_address[1]}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feeds.opml").write_bytes(outline(host, "/a.atom", "/b.rss"))
    argv = ["convert", "feeds.opml", "-o", "book.html", "--workers", "1"]
    done = CliRunner().invoke(cli, argv, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "The new crane" in (tmp_path / "book.html").read_text(encoding="utf-8")
    argv = ["batch", "feeds.opml", "--to", "html", "--out", "out", "--workers", "1"]
    assert CliRunner().invoke(cli, argv, catch_exceptions=False).exit_code == 0
    made = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.html"))
    assert len(made) == 4
    again = CliRunner().invoke(cli, argv, catch_exceptions=False)
    assert "4 unchanged" in again.output
