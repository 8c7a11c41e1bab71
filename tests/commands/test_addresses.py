"""Addresses of pages in the place of files: `colophon convert https://…`, here and through a service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Colophon
from tests.servers import colophon as service
from tests.servers import hosting
from tests.web.test_addresses import SENTENCE, Host


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with hosting(Host) as server:
        monkeypatch.setenv("COLOPHON_FETCH_ALLOW", f"127.0.0.1:{server.server_address[1]}")
        yield f"http://127.0.0.1:{server.server_address[1]}/river/ferry"


def test_a_page_is_converted_here(colophon: Colophon, here: Path, page: str) -> None:
    done = colophon("convert", page, "a.md", "--to", "markdown", "--out", "out", "--images", "drop")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (here / "out").iterdir()) == ["a.md", "ferry.md"]
    text = (here / "out" / "ferry.md").read_text(encoding="utf-8")
    assert SENTENCE in text and "Imprint" not in text and f"url: {page}" in text


def test_a_page_is_a_chapter(colophon: Colophon, here: Path, page: str) -> None:
    done = colophon("convert", page, "a.md", "--combine", "-o", "book.md", "--images", "drop")
    assert done.exit_code == 0, done.output
    text = (here / "book.md").read_text(encoding="utf-8")
    assert SENTENCE in text and "Imprint" not in text


def test_a_page_is_validated(colophon: Colophon, page: str) -> None:
    done = colophon("validate", page, "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["metadata"]["source_url"]) == (0, page)


def test_a_dry_run_fetches_nothing(colophon: Colophon, page: str) -> None:
    done = colophon("convert", page.replace("/river", "/gone"), "--to", "pdf", "--dry-run")
    assert (done.exit_code, "ferry.pdf" in done.output) == (0, True)


def test_a_page_that_is_gone(colophon: Colophon, page: str) -> None:
    done = colophon("convert", page.replace("/river", "/gone"), "--to", "pdf")
    assert done.exit_code == 1
    assert "the host answered 404" in done.output


def test_addresses_are_not_watched(colophon: Colophon) -> None:
    done = colophon("convert", "https://a.example/b", "--to", "pdf", "--watch")
    assert done.exit_code == 2
    assert "not addresses" in done.output


def test_the_service_fetches_the_page(colophon: Colophon, here: Path, page: str, tmp_path: Path) -> None:
    allow = page.removeprefix("http://").partition("/")[0]
    with service(tmp_path, workers=1, fetch_allow=allow, fetch_pages="on") as server:
        flags = ("--server", server.base, "--images", "drop")
        assert colophon("convert", page, "--to", "markdown", "--out", "out", *flags).exit_code == 0
        assert colophon("convert", page, "a.md", "--combine", "-o", "book.md", *flags).exit_code == 0
        assert colophon("validate", page, "--server", server.base).exit_code == 0
    assert SENTENCE in (here / "out" / "ferry.md").read_text(encoding="utf-8")
    book = (here / "book.md").read_text(encoding="utf-8")
    assert SENTENCE in book and "Imprint" not in book
