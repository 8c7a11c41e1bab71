"""Remote images through the whole service: fetched by the guarded client alone, and only from where they may be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.servers import Server, colophon, hosting

PICTURE = (Path(__file__).parents[2] / "examples" / "images" / "colophon.png").read_bytes()


class Host(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers.get("User-Agent", "")))  # type: ignore[attr-defined]
        status = 200 if self.path.startswith("/picture") else 404
        self.send_response(status)
        self.send_header("Content-Length", str(len(PICTURE) if status == 200 else 0))
        self.end_headers()
        if status == 200:
            self.wfile.write(PICTURE)


@pytest.fixture
def host() -> Iterator[ThreadingHTTPServer]:
    with hosting(Host) as server:
        yield server


def convert(server: Server, host: ThreadingHTTPServer, to: str) -> tuple[bytes, int]:
    base = f"http://127.0.0.1:{host.server_address[1]}"
    article = f"---\ntitle: T\nlang: en\n---\n\n![a]({base}/picture.png) ![b]({base}/picture.png?2) ![c]({base}/gone.png)\n"
    answer = server.post("/v1/convert", file=("a.md", article.encode()), to=to)
    assert answer.status == 200
    return answer.data, int(answer.headers["Colophon-Notices"])


def test_allowed_host_is_asked_once_per_picture(host: ThreadingHTTPServer, tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1, fetch_allow="127.0.0.1") as server:
        data, notices = convert(server, host, "epub")
        assert convert(server, host, "epub")[0] == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pictures = [archive.read(name) for name in archive.namelist() if name.startswith("EPUB/media/")]
    assert pictures == [PICTURE]
    assert notices == 1
    paths = [path for path, _ in host.seen]  # type: ignore[attr-defined]
    assert paths.count("/picture.png") == paths.count("/picture.png?2") == 1


@pytest.mark.parametrize("to", ["pdf", "epub", "docx"])
def test_private_address_is_never_dialled(host: ThreadingHTTPServer, tmp_path: Path, to: str) -> None:
    with colophon(tmp_path, workers=1) as server:
        convert(server, host, to)
    assert host.seen == []  # type: ignore[attr-defined]


ADDRESSES = (
    "http://two..dots/x.png",
    "http://.dot.example/",
    f"http://{'l' * 64}.example/x",
    "http://[::1/x",
    "http://℀.example/x",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("addresses"), workers=1, fetch_allow="127.0.0.1") as server:
        yield server


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("name", "article"),
    [
        ("a.md", "# T\n\nText ![a]({})\n"),
        ("a.md", "---\ntitle: T\ncover: {}\n---\n\nText\n"),
        ("a.md", "---\ntitle: T\nurl: {}\n---\n\nText ![a](b.png) [c](d#e)\n"),
        ("a.html", "<html><head><base href='{}'><title>T</title></head><body><p>Text <img src='b.png'></p></body></html>"),
    ],
    ids=["image", "cover", "url", "base"],
)
def test_a_bad_address_costs_one_image(served: Server, address: str, name: str, article: str) -> None:
    sent = article.format(address).encode()
    answer = served.post("/v1/convert", file=(name, sent), to="epub", clean="web")
    assert answer.status == 200, answer.data
    if "cover" not in article:
        assert int(answer.headers["Colophon-Notices"]) >= 1
