"""Many articles on the page: a job, its progress over Server-Sent Events, a file for each, all as a zip."""

from __future__ import annotations

import zipfile
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.servers import Server
from tests.web.ui.conftest import Visit, download, give

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
    expect(page.locator(".job label")).to_have_text("4 of 4 ended")
    expect(page.get_by_role("status")).to_have_text("4 of 4 ended: some failed")
    assert page.locator("tbody tr").evaluate_all("(rows) => rows.map((row) => row.className)") == [
        "succeeded", "succeeded", "failed", "succeeded",
    ]  # fmt: skip
    expect(page.locator("tr.failed")).to_contain_text("The file is empty.")
    expect(page.locator("#kept dl")).to_contain_text("Letter two")
    epub = download(page, "tbody tr:nth-child(2) a >> nth=0", tmp_path)
    with zipfile.ZipFile(epub) as book:
        assert any(b"Text of letter two." in book.read(name) for name in book.namelist())
    with zipfile.ZipFile(download(page, "text=Download all", tmp_path)) as archive:
        assert {"one.epub", "one.md", "two.epub", "three.md", "report.jsonl"} <= set(archive.namelist())


def test_pictures_and_notices_of_a_batch(visit: Visit) -> None:
    page = visit()
    start(page, *letters("one"), ("odd.md", LETTER.format(": two")))
    page.locator("tr:nth-child(2)").get_by_text("1 notice", exact=True).click()
    expect(page.locator("tr:nth-child(2) .warning")).to_contain_text("taken as it stands")
    page.locator("tr:nth-child(1) summary").click()
    picture = page.get_by_alt_text("First page of one.epub")
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 640
    expect(page.locator("tr:nth-child(1) figcaption")).to_contain_text("as it would be printed")


def test_an_archive_of_several_is_a_job(visit: Visit, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letters.zip", "w") as archive:
        for name, text in letters("one", "two"):
            archive.writestr(name, text)
    page = visit()
    start(page, ("letters.zip", (tmp_path / "letters.zip").read_bytes()))
    expect(page.locator("tbody th")).to_have_text(["one.md", "two.md"])
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

    page.route("**/events", cut)
    start(page, *letters("one", "two"))
    expect(page.locator("tr.succeeded")).to_have_count(2)
    expect(page.get_by_role("status")).to_have_text("2 of 2 ended: made")
    assert asked == [None, "1"]


def test_cancelling_erases_the_job(visit: Visit, server: Server) -> None:
    page = visit()
    with page.expect_response(lambda response: response.request.method == "DELETE") as erased:
        start(page, *letters(*(f"letter-{number}" for number in range(40))))
        page.wait_for_selector("tbody tr")
        page.click("#cancel")
    assert erased.value.ok
    expect(page.get_by_role("status")).to_have_text("Cancelled.")
    assert server.get(erased.value.url.removeprefix(server.base)).status == 404
