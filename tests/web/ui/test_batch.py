"""Many articles on the page: a job, its progress over Server-Sent Events, a file for each, all as a zip."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, Route, expect

from tests.servers import Server
from tests.web.ui.conftest import Visit, download, give, seen_while_running

LETTER = "---\ntitle: Letter {0}\nlang: en\n---\n\nText of letter {0}.\n"


def letters(*names: str) -> list[tuple[str, str]]:
    return [(f"{name}.md", LETTER.format(name)) for name in names]


def start(page: Page, *files: tuple[str, str | bytes]) -> None:
    page.wait_for_selector("#formats input")
    give(page, *files)
    page.uncheck("input[value=pdf]")
    page.check("input[value=epub]")
    page.check("input[value=markdown]")
    page.click("#convert")


def test_a_batch(visit: Visit, server: Server, tmp_path: Path) -> None:
    page = visit()
    start(page, *letters("one", "two"), ("empty.md", ""), *letters("three"))
    expect(page.locator(".job label")).to_have_text("4 of 4 finished")
    expect(page.get_by_role("status")).to_have_text("4 of 4 finished: some failed")
    assert page.locator(".job tbody tr").evaluate_all("(rows) => rows.map((row) => row.className)") == [
        "succeeded", "succeeded", "failed", "succeeded",
    ]  # fmt: skip
    expect(page.locator("tr.failed")).to_contain_text("The file is empty.")
    expect(page.locator("#file-table")).to_contain_text("Letter two")
    expect(page.locator(".job tbody .title")).to_have_text(["Letter one", "Letter two", "", "Letter three"])
    epub = download(page, ".job tbody tr:nth-child(2) a >> nth=0", tmp_path)
    with zipfile.ZipFile(epub) as book:
        assert any(b"Text of letter two." in book.read(name) for name in book.namelist())
    with zipfile.ZipFile(download(page, "text=Download all", tmp_path)) as archive:
        assert {"one.epub", "one.md", "two.epub", "three.md", "report.jsonl"} <= set(archive.namelist())


def test_pictures_and_notices_of_a_batch(visit: Visit) -> None:
    page = visit()
    start(page, *letters("one"), ("odd.md", LETTER.format(": two")))
    page.locator(".job tr:nth-child(2)").get_by_text("1 message", exact=True).click()
    expect(page.locator(".job tr:nth-child(2) .warning")).to_contain_text("taken as plain text")
    page.locator(".job tr:nth-child(1) summary").click()
    picture = page.get_by_alt_text("Page 1 of one.epub")
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 800
    expect(page.locator(".job tr:nth-child(1) figcaption")).to_contain_text("as a PDF shows them")


def test_an_archive_of_several_is_a_job(visit: Visit, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letters.zip", "w") as archive:
        for name, text in letters("one", "two"):
            archive.writestr(name, text)
    page = visit()
    start(page, ("letters.zip", (tmp_path / "letters.zip").read_bytes()))
    expect(page.locator(".job tbody th")).to_have_text(["one.md", "two.md"])
    expect(page.locator("tr.succeeded")).to_have_count(2)
    assert "v1/jobs" in page.inner_text("#curl")


def test_a_lost_stream_is_resumed(visit: Visit, server: Server) -> None:
    page = visit()
    asked: list[str | None] = []

    def cut(route: Route) -> None:
        asked.append(route.request.headers.get("last-event-id"))
        if len(asked) > 1:
            return route.continue_()
        return route.fulfill(
            content_type="text/event-stream",
            body='id: 1\nevent: job.created\ndata: {"state": "queued", "total": 2}\n\nid: 2\nevent: item.runn',
        )

    seen_while_running(page)
    page.route("**/events", cut)
    start(page, *letters("one", "two"))
    expect(page.locator("tr.succeeded")).to_have_count(2)
    expect(page.get_by_role("status")).to_have_text("2 of 2 finished: converted")
    assert asked == [None, "1"]


def title(epub: Path) -> str:
    with zipfile.ZipFile(epub) as book:
        return str(etree.fromstring(book.read("EPUB/content.opf")).findtext(".//{http://purl.org/dc/elements/1.1/}title"))


def changed(page: Page, name: str, text: str, new: str) -> None:
    """One article, its title changed."""
    page.wait_for_selector("#formats input")
    give(page, (name, text))
    page.wait_for_selector("#field-title")
    page.fill("#field-title", new)


@pytest.mark.parametrize("together", [False, True])
def test_a_change_of_one_article_is_kept_among_several(together: bool, visit: Visit, tmp_path: Path) -> None:
    page = visit()
    changed(page, "one.md", LETTER.format("one"), 'New, "one"; and more')
    give(page, *letters("two"))
    page.set_checked("#option-combine", together)
    page.uncheck("input[value=pdf]")
    page.check("input[value=epub]")
    command = page.inner_text("#curl")
    page.click("#convert")
    if together:
        with zipfile.ZipFile(download(page, "#result .artifacts a", tmp_path)) as book:
            assert "New, &quot;one&quot;; and more" in book.read("EPUB/nav.xhtml").decode().replace('"one"', "&quot;one&quot;")
        return
    expect(page.locator("tr.succeeded")).to_have_count(2)
    titles = [title(download(page, f".job tbody tr:nth-child({row}) a >> nth=0", tmp_path)) for row in (1, 2)]
    assert titles == ['New, "one"; and more', "Letter two"]
    for name, text in letters("one", "two"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    sent = subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, capture_output=True, timeout=120).stdout
    assert json.loads(sent)["total"] == 2 and "one.md.metadata.json" in command


def test_cancel_keeps_what_is_finished(visit: Visit, server: Server, tmp_path: Path) -> None:
    """There are enough letters that the job still runs when the first link appears."""
    page = visit()
    start(page, *letters(*(f"letter-{number}" for number in range(400))))
    page.wait_for_selector(".job tbody tr a")
    page.click("#cancel")
    expect(page.locator(".left")).to_have_text(re.compile(r"Cancelled. \d+ of 400 articles were converted before"))
    assert page.locator("tr.running, tr.queued").count() == 0
    epub = download(page, ".job tbody tr.succeeded a >> nth=0", tmp_path)
    assert title(epub).startswith("Letter letter-")
    links = page.locator(".job tbody a, .whole a").evaluate_all("(links) => links.map((link) => new URL(link.href).pathname)")
    assert {server.get(link).status for link in (links[0], links[-1])} == {200}


def test_delete_erases_the_job(visit: Visit, server: Server) -> None:
    page = visit()
    start(page, *letters("one", "two"))
    page.wait_for_selector(".whole a")
    job = page.url.partition("?job=")[2]
    with page.expect_response(lambda response: response.request.method == "DELETE") as erased:
        page.click("#erase")
    assert erased.value.ok
    expect(page.locator("#results")).to_be_hidden()
    expect(page.locator("#recent")).to_be_hidden()
    assert "?" not in page.url
    assert server.get(f"/v1/jobs/{job}").status == 404
