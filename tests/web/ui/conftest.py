"""A running service and a real Chromium. Whatever a page reports as wrong, or asks of anybody else, fails the test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, expect, sync_playwright

from tests.servers import Server, colophon

Visit = Callable[..., Page]
expect.set_options(timeout=60_000)  # on a busy machine, five seconds are too few
ARTICLE = """\
---
title: The Lighthouse: a record
authors: [Ada Weaver, Jonah Reed]
date: 2025-03-09
shelf: 12
lang: en
---

# The Lighthouse: a record

It stands on the north shore, lit each twelve seconds.
"""
# How Chromium logs a problem document: the page shows it, so it is not an error of the page.
ANSWERED = "Failed to load resource: the server responded with a status of "


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("page"), workers=1) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "no chromium: bin/setup --dev installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path)
        yield running
        running.close()


class Watcher:
    """Events that a page must not have: errors in the console, violations of the policy, requests to others."""

    def __init__(self, page: Page, base: str, known: str) -> None:
        self.base, self.known, self.faults = base, (ANSWERED, known), list[str]()
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self.request)
        page.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error('policy', e.violatedDirective))")

    def console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(self.known):
            self.faults.append(message.text)

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "blob:" + self.base, "data:")):
            self.faults.append(f"asks {request.url}")


@pytest.fixture
def visit(server: Server, browser: Browser) -> Iterator[Visit]:
    """`visit("/", locale="zh-CN")`: a page in a context of its own; keyword arguments are the context's."""
    contexts, watchers = [], []

    def open_(path: str = "/", before: Callable[[Page], Any] | None = None, known: str = ANSWERED, **context: Any) -> Page:
        contexts.append(browser.new_context(**{"locale": "en-US", "reduced_motion": "reduce"} | context))
        page = contexts[-1].new_page()
        watchers.append(Watcher(page, server.base, known))
        page.set_default_timeout(30_000)
        if before:
            before(page)
        page.goto(server.base + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [fault for watcher in watchers for fault in watcher.faults] == []


def give(page: Page, *files: tuple[str, str | bytes]) -> None:
    """Chooses files, and waits until each that can be read was."""
    parts = [(name, data.encode() if isinstance(data, str) else data) for name, data in files]
    page.set_input_files("#files", [{"name": name, "mimeType": "", "buffer": data} for name, data in parts])


def article(page: Page, name: str = "lighthouse.md", text: str = ARTICLE) -> None:
    give(page, (name, text))
    page.wait_for_selector("#field-title")


def download(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as started:
        page.click(link)
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def seen_while_running(page: Page) -> None:
    """The first view of a job says that it runs, however soon it ends: the page opens its stream of events."""
    looks: list[str] = []

    def answer(route: Route) -> None:
        response = route.fetch()
        job = response.json()
        looks.append(job["state"])
        if len(looks) == 1:
            job["state"] = "running"
        route.fulfill(response=response, json=job)

    page.route(re.compile(r"/v1/jobs/[^/]+$"), answer)
