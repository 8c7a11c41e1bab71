"""A feed converted every night: each entry has its own file, and the next run makes only what is new."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.commands.conftest import Colophon
from tests.servers import hosting

FEED = Path(__file__).parents[3] / "examples" / "collections" / "feed" / "feed.atom"
NEW = """<entry><title>The fog bell</title><id>tag:pilot.example,2025:bell</id><link href="https://pilot.example/2025/bell"/>
<published>2025-05-01T06:00:00Z</published><updated>2025-05-01T06:00:00Z</updated>
<content type="html">&lt;p&gt;The bell rings twice a minute.&lt;/p&gt;</content></entry>"""


def add(text: str, entry: str) -> str:
    """The feed with one more entry, before the others."""
    return text.replace("<entry>", entry + "<entry>", 1)


def made(out: Path) -> dict[str, str]:
    """File → text of the artifacts."""
    return {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in sorted(out.rglob("*.md"))
            if path.name != "colophon-report.md"}  # fmt: skip


def states(out: Path) -> list[str]:
    """Of the articles in the last report, but for its summary."""
    lines = (out / "colophon-report.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted(found["state"] for line in lines if "state" in (found := json.loads(line)))


def test_each_entry_is_an_article_with_its_own_metadata(colophon: Colophon, here: Path) -> None:
    assert colophon("batch", str(FEED), "--to", "markdown", "--out", "out").exit_code == 0
    found = made(here / "out")
    assert len(found) == 3
    crane = next(text for text in found.values() if "title: The new crane" in text)
    for line in ("author: Bo Chen", "url: https://pilot.example/2025/crane", "source: The pilot's log", "description:"):
        assert line in crane
    assert "nine tonnes" in crane


def test_a_second_run_makes_only_what_is_new(colophon: Colophon, here: Path) -> None:
    feed = here / "log.atom"
    feed.write_text(FEED.read_text(encoding="utf-8"), encoding="utf-8")
    assert colophon("batch", "log.atom", "--to", "markdown", "--out", "out").exit_code == 0
    assert states(here / "out") == ["converted"] * 3
    first = made(here / "out")
    feed.write_text(add(FEED.read_text(encoding="utf-8"), NEW), encoding="utf-8")
    assert colophon("batch", "log.atom", "--to", "markdown", "--out", "out", "--since", "2020-01-01").exit_code == 0
    assert states(here / "out") == ["converted", *["unchanged"] * 3]
    second = made(here / "out")
    assert first.items() <= second.items() and len(second) == 4
    assert colophon("batch", "log.atom", "--to", "markdown", "--out", "out").exit_code == 0
    assert states(here / "out") == ["unchanged"] * 4


def test_what_left_the_feed_is_kept(colophon: Colophon, here: Path) -> None:
    feed = here / "log.atom"
    text = FEED.read_text(encoding="utf-8")
    feed.write_text(add(text, NEW), encoding="utf-8")
    assert colophon("batch", "log.atom", "--to", "markdown", "--out", "out").exit_code == 0
    feed.write_text(text, encoding="utf-8")
    assert colophon("batch", "log.atom", "--to", "markdown", "--out", "out", "--prune").exit_code == 0
    assert len(made(here / "out")) == 4


def test_since(colophon: Colophon, here: Path) -> None:
    done = colophon("batch", str(FEED), "--to", "markdown", "--out", "out", "--since", "2025-03-01")
    assert (done.exit_code, len(made(here / "out"))) == (0, 1)
    done = colophon("batch", str(FEED), "--to", "markdown", "--out", "out", "--since", "2099-01-01")
    assert (done.exit_code, "No entry is new" in done.output) == (0, True)
    done = colophon("batch", str(FEED), "--to", "markdown", "--out", "out", "--since", "yesterday")
    assert (done.exit_code, "--since" in done.output) == (2, True)


class Host(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        body = FEED.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/atom+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with hosting(Host) as server:
        monkeypatch.setenv("COLOPHON_FETCH_ALLOW", f"127.0.0.1:{server.server_address[1]}")
        yield f"http://127.0.0.1:{server.server_address[1]}/feed.atom"


def test_a_feed_at_an_address(colophon: Colophon, here: Path, address: str) -> None:
    for states_then in (["converted"] * 3, ["unchanged"] * 3):
        done = colophon("batch", address, "--to", "markdown", "--out", "out")
        assert done.exit_code == 0, done.output
        assert states(here / "out") == states_then


def test_a_feed_that_cannot_be_read_is_reported(colophon: Colophon, here: Path) -> None:
    (here / "broken.xml").write_text("<rss><channel><title>a</channel></rss>", encoding="utf-8")
    done = colophon("batch", "broken.xml", "--to", "markdown", "--out", "out")
    assert (done.exit_code, "not well-formed" in done.output) == (1, True)
