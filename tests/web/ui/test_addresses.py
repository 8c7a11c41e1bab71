"""The page with a service that fetches pages: an address becomes a row with its metadata, and then a book."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.servers import Server, colophon, hosting
from tests.web.test_addresses import SENTENCE, Host
from tests.web.ui.conftest import Visit, download
from tests.web.ui.test_work import paste


@pytest.fixture(scope="module")
def host() -> Iterator[ThreadingHTTPServer]:
    with hosting(Host) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, host: ThreadingHTTPServer) -> Iterator[Server]:
    allow = f"127.0.0.1:{host.server_address[1]}"
    with colophon(tmp_path_factory.mktemp("fetching"), workers=1, fetch_pages="on", fetch_allow=allow) as running:
        yield running


def test_an_address_becomes_a_book(visit: Visit, host: ThreadingHTTPServer, tmp_path: Path) -> None:
    page = visit()
    paste(page, plain=f"http://127.0.0.1:{host.server_address[1]}/river/ferry")
    page.get_by_role("button", name="Fetch").click()
    expect(page.locator("#field-title")).to_have_value("The ferry")
    page.uncheck("input[value=pdf]")
    page.check("input[value=epub]")
    page.click("#convert")
    made = download(page, "#result .artifacts a", tmp_path)
    with zipfile.ZipFile(made) as archive:
        assert SENTENCE in "".join(archive.read(name).decode() for name in archive.namelist() if "/text/" in name)
