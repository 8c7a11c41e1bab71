"""The fetcher against a server on loopback that plays every bad host; only the test's allow-list lets it in."""

from __future__ import annotations

import errno
import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from service.model.settings import Settings
from service.network.addresses import Guard
from service.network.fetcher import Fetcher
from service.network.hosts import Place
from tests.network.test_connections import deaf, drip_without_end, guard, listener
from tests.servers import free_port, hosting
from tests.waiting import wait_for

BOMB = gzip.compress(b"\0" * 10_000_000)
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

NEVER_READY = {"drip", "silent", "slow-header"}  # paths whose answer does not end in time


class BadHost(BaseHTTPRequestHandler):
    """The path selects its behaviour."""

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        try:
            getattr(self, "do_" + self.path.strip("/").partition("?")[0].replace("-", "_"))()
        except (BrokenPipeError, ConnectionResetError):
            return

    def answer(self, status: int = 200, body: bytes = PIXEL, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_good(self) -> None:
        self.answer()

    def do_(self) -> None:
        self.answer(404)

    def do_gone(self) -> None:
        self.answer(404)

    def do_redirect(self) -> None:
        self.answer(302, b"", Location="/good")

    def do_circle(self) -> None:
        self.answer(302, b"", Location="/circle")

    def do_inside(self) -> None:
        self.answer(302, b"", Location="http://169.254.169.254/latest/meta-data")

    def do_file(self) -> None:
        self.answer(302, b"", Location="file:///etc/passwd")

    def do_page(self) -> None:
        self.answer(200, b"<!doctype html><title>Try again later</title>", Content_Type="image/png")

    def do_garbage(self) -> None:
        self.wfile.write(b"not http at all\r\n\r\n")

    def do_to_nowhere(self) -> None:
        self.answer(302, b"", Location="http://two..dots/")

    def do_to_half_an_address(self) -> None:
        self.answer(302, b"", Location="http://[::1/")

    def do_to_no_address(self) -> None:
        self.answer(302, b"", Location="//[")

    def do_to_the_dead(self) -> None:
        self.answer(302, b"", Location=f"http://127.0.0.1:{self.server.dead}/")  # type: ignore[attr-defined]

    def do_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.1)

    def do_silent(self) -> None:
        time.sleep(300)  # the thread ends with the process

    def do_slow_header(self) -> None:
        for _ in range(100):
            self.wfile.write(b"H")
            self.wfile.flush()
            time.sleep(0.1)

    def do_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"a" * 65_536)

    def do_lying(self) -> None:
        self.answer(200, b"a" * 10, Content_Length="1000000")

    def do_bomb(self) -> None:
        self.answer(200, BOMB, Content_Encoding="gzip")


@pytest.fixture(scope="module")
def host() -> Iterator[ThreadingHTTPServer]:
    with hosting(BadHost) as server:
        yield server


def fetcher(host: ThreadingHTTPServer, folder: Path, **settings: object) -> Fetcher:
    port = host.server_address[1]
    filled = {"fetch_timeout": 60.0, "fetch_deadline": 90.0, "max_image": 1_000_000, "data_dir": str(folder)} | settings
    return Fetcher(Settings(**filled), Guard(allow=(f"127.0.0.1:{port}", "127.0.0.1"), ports=frozenset({port})))


def url(host: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{host.server_address[1]}/{path}"


def test_fetches_and_follows_redirects(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    good, redirected = fetcher(host, tmp_path)([url(host, "good"), url(host, "redirect")])
    assert good.data == redirected.data == PIXEL
    assert good.problem == redirected.problem == ""


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("gone", "missing: the host answered 404"),
        ("circle", "missing: the host redirects too often"),
        ("inside", "blocked: "),
        ("file", "blocked: "),
        ("drip", "missing: "),
        ("silent", "missing: the host is too slow"),
        ("page", "missing: the response is not an image"),
        ("garbage", "missing: the response cannot be read"),
        ("to-nowhere", "blocked: "),
        ("to-half-an-address", "blocked: "),
        ("to-no-address", "blocked: "),
        ("slow-header", "missing: "),
        ("endless", "missing: the image is larger than 1000000 bytes"),
        ("lying", "missing: "),
        ("bomb", "missing: the host sent a compressed body"),
    ],
)
def test_bad_hosts_cost_one_image(host: ThreadingHTTPServer, tmp_path: Path, path: str, problem: str) -> None:
    slow = {"fetch_timeout": 1.0, "fetch_deadline": 3.0} if path in NEVER_READY else {}
    (asset,) = fetcher(host, tmp_path, **slow)([url(host, path)])
    assert asset.data == b""
    assert asset.problem.startswith(problem)


def test_all_images_of_an_article_share_one_deadline(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    """Each alone would take 60 seconds: the test would not end."""
    slow = [url(host, f"silent?{number}") for number in range(40)]
    assets = fetcher(host, tmp_path, fetch_deadline=1.5)(slow)
    assert len(assets) == 40
    assert all(asset.problem for asset in assets)


@pytest.mark.parametrize(
    "address",
    [
        "http://two..dots/a.png", "http://.dot.example/", f"http://{'l' * 64}.example/", "http://[::1/a.png", "http://℀.example/",
        "http://127.0.0.1:99999/", "http://127.0.0.1:-1/", "//[", "http://\ud800/", "http://a b/", "http://", "",
    ],
)  # fmt: skip
def test_no_address_raises_or_is_remembered(host: ThreadingHTTPServer, tmp_path: Path, address: str) -> None:
    fetch = fetcher(host, tmp_path)
    bad, good = fetch([address, url(host, "good")])
    assert bad.problem.startswith("blocked: ")
    assert good.data == PIXEL
    assert len(fetch.turns) == len(fetch.pauses) == 0


def test_what_no_one_foresaw_costs_one_image(
    host: ThreadingHTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fetch = fetcher(host, tmp_path)
    monkeypatch.setattr(fetch, "follow", lambda *_: 1 / 0)
    (asset,) = fetch([url(host, "good")])
    assert asset.problem == "missing: it could not be fetched"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    caplog.clear()


def test_a_full_disk_costs_the_cache_and_not_the_image(
    host: ThreadingHTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    fetch = fetcher(host, tmp_path)
    monkeypatch.setattr(fetch.cache, "put", full)
    assert fetch([url(host, "good")])[0].data == PIXEL


@pytest.fixture
def dead(host: ThreadingHTTPServer) -> Iterator[int]:
    """A port without a listener."""
    host.dead = free_port()  # type: ignore[attr-defined]
    yield host.dead  # type: ignore[attr-defined]


def test_an_address_that_can_not_be_reached_is_left_alone(host: ThreadingHTTPServer, tmp_path: Path, dead: int) -> None:
    now = [0.0]
    port = host.server_address[1]
    settings = Settings(data_dir=str(tmp_path), fetch_timeout=60.0)
    fetch = Fetcher(settings, Guard(allow=("127.0.0.1",), ports=frozenset({port, dead})), clock=lambda: now[0])
    redirected, next_to = fetch([url(host, "to-the-dead"), url(host, "good")], tenant="one")
    assert redirected.problem == "missing: the host is unreachable"
    assert next_to.data == PIXEL  # the host that redirects is not to blame
    at = f"http://127.0.0.1:{dead}/"
    assert Place("one", "127.0.0.1", dead) in fetch.pauses
    assert Place("two", "127.0.0.1", dead) not in fetch.pauses  # each tenant finds out for itself
    with hosting(BadHost, dead):
        assert fetch([at], tenant="one")[0].problem == "missing: the host is unreachable"
        assert fetch([at], tenant="two")[0].problem == "missing: the host answered 404"
        now[0] += 61
        assert fetch([at], tenant="one")[0].problem == "missing: the host answered 404"


def test_a_name_whose_second_address_drips_keeps_no_thread_and_no_place(tmp_path: Path) -> None:
    """The clock of a connection begins with the lookup: it is not there yet when the first address is dead."""
    before = set(threading.enumerate())
    with deaf() as dead, listener(drip_without_end) as port:
        made = Fetcher(Settings(data_dir=str(tmp_path), fetch_timeout=1.0, fetch_deadline=2.0), guard(dead, port))
        (asset,) = made(["http://name.example/a.png"])
        assert asset.problem.startswith("missing")
        wait_for(lambda: not len(made.turns))
        wait_for(lambda: not [each for each in set(threading.enumerate()) - before if each.name.startswith("fetch")])


@pytest.mark.parametrize("path", ["silent", "garbage", "drip", "gone"])
def test_a_bad_answer_pauses_no_one(host: ThreadingHTTPServer, tmp_path: Path, path: str) -> None:
    fetch = fetcher(host, tmp_path, fetch_timeout=3.0) if path in NEVER_READY else fetcher(host, tmp_path)
    assert fetch([url(host, path)])[0].problem
    assert fetch([url(host, "good")])[0].data == PIXEL


def test_the_callers_deadline_bounds_it(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    """An image after the deadline is missing, and the deadline of one caller does not pause the host."""
    fetch = fetcher(host, tmp_path)
    assets = fetch([url(host, f"silent?{number}") for number in range(6)], 0.3)
    assert {asset.problem[:8] for asset in assets} == {"missing:"}
    assert len(fetch.pauses) == 0


def test_a_tenant_gets_nothing_from_anothers_cache(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    fetch = fetcher(host, tmp_path)
    host.seen.clear()  # type: ignore[attr-defined]
    for tenant in ("one", "two", "one"):
        assert fetch([url(host, "good")], tenant=tenant)[0].data == PIXEL
    assert host.seen == ["/good", "/good"]  # type: ignore[attr-defined]


def test_a_page_is_never_kept_as_a_picture(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    fetch = fetcher(host, tmp_path)
    host.seen.clear()  # type: ignore[attr-defined]
    for _ in range(2):
        assert fetch([url(host, "page")])[0].problem.endswith("not an image")
    assert host.seen == ["/page", "/page"]  # type: ignore[attr-defined]


def test_without_the_allow_list_nothing_is_dialled(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    host.seen.clear()  # type: ignore[attr-defined]
    port = host.server_address[1]
    guarded = Fetcher(Settings(data_dir=str(tmp_path)), Guard(ports=frozenset({port})))
    for name in ("127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]"):
        (asset,) = guarded([f"http://{name}:{port}/good"])
        assert asset.problem.startswith(("blocked: ", "missing: "))
    assert host.seen == []  # type: ignore[attr-defined]


def test_too_many_and_too_large_together(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    many = [url(host, f"good?{number}") for number in range(4)]
    assets = fetcher(host, tmp_path, fetch_count=3)(many)
    assert [bool(asset.data) for asset in assets] == [True, True, True, False]
    assets = fetcher(host, tmp_path, fetch_total=len(PIXEL) * 2)(many)
    assert sum(bool(asset.data) for asset in assets) == 2


def test_fetched_images_are_cached_and_expire(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    fetch = fetcher(host, tmp_path)
    fetch([url(host, "good")])
    host.seen.clear()  # type: ignore[attr-defined]
    assert fetch([url(host, "good")])[0].data == PIXEL
    assert host.seen == []  # type: ignore[attr-defined]
    assert fetcher(host, tmp_path, fetch_cache_days=0.0)([url(host, "good")])[0].data == PIXEL
    assert host.seen == ["/good"]  # type: ignore[attr-defined]


def test_a_damaged_cache_entry_is_fetched_again(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    fetch = fetcher(host, tmp_path)
    fetch([url(host, "good")])
    for blob in (tmp_path / "cache" / "images" / "blobs").glob("*/*"):
        blob.write_bytes(b"damaged")
    assert fetch([url(host, "good")])[0].data == PIXEL


def test_the_cache_stays_within_its_size(tmp_path: Path, host: ThreadingHTTPServer) -> None:
    fetch = fetcher(host, tmp_path, fetch_cache=1_000)
    for number in range(50):
        fetch.cache.put(f"http://a.example/{number}", bytes([number]) * 100)
    assert sum(path.stat().st_size for path in (tmp_path / "cache" / "images" / "blobs").glob("*/*")) <= 1_000
