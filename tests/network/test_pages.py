"""Pages by address, against a server on loopback that plays every bad host; only the test's allow-list lets it in."""

from __future__ import annotations

import datetime
import gzip
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from service.model.document import Source
from service.model.errors import ColophonError, FetchFailed, ForbiddenUrl
from service.model.settings import Settings
from service.network.addresses import Guard
from service.network.guarded_get import Response
from service.network.pages import PageFetcher, name_of, source_of
from tests.servers import hosting

PAGE = "<!doctype html><title>渡口</title><p>船夫在渡口等候。".encode("gb18030")
HTML = "text/html; charset=gb18030"
NEVER_READY = {"drip", "silent"}


class BadHost(BaseHTTPRequestHandler):
    """The path selects its behaviour."""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers))  # type: ignore[attr-defined]
        try:
            getattr(self, "do_" + self.path.strip("/").partition("?")[0].replace("-", "_"))()
        except (BrokenPipeError, ConnectionResetError):
            return

    def answer(self, status: int = 200, body: bytes = PAGE, kind: str = HTML, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_ferry(self) -> None:
        self.answer()

    def do_moved(self) -> None:
        self.answer(301, b"", Location="/ferry")

    def do_gone(self) -> None:
        self.answer(410)

    def do_circle(self) -> None:
        self.answer(302, b"", Location="/circle")

    def do_inside(self) -> None:
        self.answer(302, b"", Location="http://169.254.169.254/latest/meta-data")

    def do_file(self) -> None:
        self.answer(302, b"", Location="file:///etc/passwd")

    def do_half(self) -> None:
        self.answer(302, b"", Location="http://[::1/")

    def do_film(self) -> None:
        self.answer(200, b"\x00\x00\x00\x18ftyp", "video/mp4")

    def do_empty(self) -> None:
        self.answer(200, b" \n")

    def do_garbage(self) -> None:
        self.wfile.write(b"not http at all\r\n\r\n")

    def do_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.1)

    def do_silent(self) -> None:
        time.sleep(300)  # the thread ends with the process

    def do_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"a" * 65_536)

    def do_bomb(self) -> None:
        self.answer(200, gzip.compress(b"\0" * 10_000_000), Content_Encoding="gzip")


@pytest.fixture(scope="module")
def host() -> Iterator[ThreadingHTTPServer]:
    with hosting(BadHost) as server:
        yield server


def pages(host: ThreadingHTTPServer, **settings: object) -> PageFetcher:
    port = host.server_address[1]
    filled = {"fetch_timeout": 60.0, "fetch_deadline": 90.0, "max_upload": 1_000_000} | settings
    return PageFetcher(Settings(**filled), Guard(allow=(f"127.0.0.1:{port}", "127.0.0.1"), ports=frozenset({port, 80})))


def url(host: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{host.server_address[1]}/{path}"


def test_a_page_is_a_source_that_remembers_where_it_is_from(host: ThreadingHTTPServer) -> None:
    first, second = pages(host)([url(host, "ferry"), url(host, "moved")])
    assert first.data == second.data == PAGE
    assert (first.media_type, first.charset, first.name) == ("text/html", "gb18030", "ferry.html")
    assert first.address == second.address == url(host, "ferry")  # after the redirect
    assert datetime.datetime.fromisoformat(first.fetched_at).tzinfo is datetime.UTC


@pytest.mark.parametrize(
    ("path", "kind", "detail"),
    [
        ("gone", FetchFailed, "the host answered 410"),
        ("circle", FetchFailed, "the host redirects too often"),
        ("inside", ForbiddenUrl, "not on the public internet"),
        ("file", ForbiddenUrl, "Only http and https"),
        ("half", ForbiddenUrl, "invalid"),
        ("film", FetchFailed, "of type video/mp4, which cannot be converted"),
        ("empty", FetchFailed, "the page is empty"),
        ("garbage", FetchFailed, "cannot be read"),
        ("drip", FetchFailed, "too slow|cannot be read"),
        ("silent", FetchFailed, "the host is too slow"),
        ("endless", FetchFailed, "the page is larger than 1000000 bytes"),
        ("bomb", FetchFailed, "compressed body"),
    ],
)
def test_bad_hosts_give_a_problem(host: ThreadingHTTPServer, path: str, kind: type[ColophonError], detail: str) -> None:
    slow = {"fetch_timeout": 1.0, "fetch_deadline": 3.0} if path in NEVER_READY else {}
    with pytest.raises(kind, match=detail) as caught:
        pages(host, **slow)([url(host, path)])
    assert caught.value.places[0].pointer == "/url"


def test_each_address_that_failed_is_named(host: ThreadingHTTPServer) -> None:
    with pytest.raises(FetchFailed) as caught:
        pages(host)([url(host, "gone"), url(host, "ferry"), url(host, "film")])
    assert [place.detail.partition(": ")[0] for place in caught.value.places] == [url(host, "gone"), url(host, "film")]


def test_all_pages_share_one_deadline(host: ThreadingHTTPServer) -> None:
    """Each alone would take 60 seconds: the test would not end."""
    with pytest.raises(FetchFailed) as caught:
        pages(host, fetch_deadline=1.5)([url(host, f"silent?{number}") for number in range(20)])
    assert len(caught.value.places) == 20


def test_all_pages_share_one_size(host: ThreadingHTTPServer) -> None:
    with pytest.raises(FetchFailed, match="are larger than"):
        pages(host, max_upload=len(PAGE) + 1)([url(host, "ferry"), url(host, "ferry?2")])


def test_too_many_addresses(host: ThreadingHTTPServer) -> None:
    host.seen.clear()  # type: ignore[attr-defined]
    with pytest.raises(ForbiddenUrl, match="can name 2 addresses"):
        pages(host, fetch_count=2)([url(host, f"ferry?{number}") for number in range(3)])
    assert host.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "two..dots", "a b"])
def test_without_the_allow_list_nothing_is_dialled(host: ThreadingHTTPServer, name: str) -> None:
    host.seen.clear()  # type: ignore[attr-defined]
    port = host.server_address[1]
    guarded = PageFetcher(Settings(), Guard(ports=frozenset({port})))
    with pytest.raises((ForbiddenUrl, FetchFailed)):
        guarded([f"http://{name}:{port}/ferry"])
    assert host.seen == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("address", "media_type", "name"),
    [
        ("https://a.example/", "text/html", "a.example.html"),
        ("https://a.example/2024/%E6%B8%A1%E5%8F%A3", "text/html", "渡口.html"),
        ("https://a.example/view.php?id=1", "text/html", "view.html"),
        ("https://a.example/notes.md", "text/plain", "notes.md"),
        ("https://a.example/notes.md", "text/html", "notes.html"),
        ("https://a.example/feed.xml", "application/rss+xml", "feed.xml"),
        ("https://a.example/x", "text/markdown", "x.md"),
        ("https://a.example/a%2F..%2F..%2Fetc%2Fpasswd", "text/html", "passwd.html"),
    ],
)
def test_names(address: str, media_type: str, name: str) -> None:
    assert name_of(address, media_type) == name


def test_the_time_of_fetching() -> None:
    now = datetime.datetime(2025, 3, 4, 5, 6, 7, 890, datetime.UTC)
    source = source_of(Response("https://a.example/b", b"x", "text/html", "utf-8"), now)
    assert source == Source(
        "b.html", b"x", "text/html", "utf-8", address="https://a.example/b", fetched_at="2025-03-04T05:06:07Z"
    )
