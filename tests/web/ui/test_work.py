"""The page keeps its place: a job has an address, recent work is listed, old results are marked; pages, books and pasted text."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.servers import Server
from tests.web.ui.conftest import ARTICLE, Visit, article, download, give, seen_while_running
from tests.web.ui.test_batch import LETTER, letters, start, title

LONG = ARTICLE + "\n\n\\newpage\n\n## Keepers\n\nThe second page.\n\n\\newpage\n\nThe third page.\n"


def converted(page: Page) -> str:
    """Converts one article. The id of its job."""
    article(page)
    page.click("#convert")
    page.wait_for_selector("#result .artifacts")
    assert "?job=" in page.url
    return page.url.partition("?job=")[2]


def other_tab(page: Page, path: str = "") -> Page:
    context: BrowserContext = page.context
    tab = context.new_page()
    tab.goto(path or page.url)
    return tab


def test_reload_and_a_second_tab_show_the_job(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    converted(page)
    page.reload()
    expect(page.locator("#results-title")).to_be_focused()
    assert download(page, "#result .artifacts a", tmp_path).read_bytes().startswith(b"%PDF-")
    tab = other_tab(page)
    expect(tab.locator("#result .artifacts")).to_contain_text("lighthouse.pdf")
    expect(tab).to_have_title("✓ Colophon")


def test_back_and_forward_lead_from_job_to_job(visit: Visit) -> None:
    page = visit()
    first = converted(page)
    give(page, ("second.md", LETTER.format("two")))
    page.click("#convert")
    expect(page.locator(".job tr.succeeded")).to_have_count(2)
    page.go_back()
    expect(page.locator("#result .artifacts")).to_contain_text("lighthouse.pdf")
    assert page.url.endswith(first)
    page.go_forward()
    expect(page.locator(".job tr.succeeded")).to_have_count(2)
    page.get_by_role("button", name="Start again").click()
    expect(page.locator("#results")).to_be_hidden()
    assert "?" not in page.url


def test_recent_work_is_listed_with_its_expiry(visit: Visit) -> None:
    page = visit()
    job = converted(page)
    tab = other_tab(page, page.url.partition("?")[0])
    entry = tab.locator("#recent-list li")
    expect(entry).to_contain_text("The Lighthouse: a record")
    expect(entry).to_contain_text(re.compile("PDF · .* · until .*20"))
    entry.get_by_role("link").click()
    expect(tab.locator("#result .artifacts")).to_contain_text("lighthouse.pdf")
    assert tab.url.endswith(f"?job={job}")
    entry.get_by_role("button", name="Remove The Lighthouse: a record from the list").click()
    expect(tab.locator("#recent")).to_be_hidden()
    expect(page.locator("#recent")).to_be_hidden()


def test_expired_work_is_not_listed(visit: Visit) -> None:
    page = visit()
    converted(page)
    old = """() => {
        const entries = JSON.parse(localStorage["colophon-recent"]);
        localStorage["colophon-recent"] = JSON.stringify([{ ...entries[0], expires: "2020-01-01T00:00:00Z" }]);
    }"""
    page.evaluate(old)
    page.reload()
    page.wait_for_selector("#result .artifacts")
    expect(page.locator("#recent")).to_be_hidden()


def test_a_job_that_is_gone_is_a_problem(visit: Visit) -> None:
    page = visit("/?job=job_01a22cd0a07f9aa0d5d89b168cf0d82c")
    expect(page.get_by_role("alert")).to_contain_text("Nothing exists at this address")
    expect(page.locator("#results-title")).to_be_focused()


def test_a_running_job_is_followed_after_a_reload(visit: Visit) -> None:
    page = visit()
    start(page, *letters(*(f"letter-{number}" for number in range(120))))
    page.wait_for_selector(".job tbody tr")
    page.reload()
    expect(page.locator(".job label")).to_have_text("120 of 120 finished", timeout=120_000)
    expect(page.locator(".whole a")).to_be_visible()


def test_results_are_marked_stale_after_a_change(visit: Visit) -> None:
    page = visit()
    converted(page)
    expect(page.locator("#stale")).to_be_hidden()
    page.fill("#field-title", "Another name")
    expect(page.locator("#stale")).to_have_text("These files show the state before your last change.")
    page.get_by_role("button", name="Undo the change of Title").click()
    expect(page.locator("#stale")).to_be_hidden()
    page.check("#option-toc")
    expect(page.locator("#stale")).to_be_visible()
    page.click("#convert")
    page.wait_for_selector("#result .artifacts")
    expect(page.locator("#stale")).to_be_hidden()


def test_a_preview_that_ends_after_its_article_was_removed(visit: Visit) -> None:
    page = visit(viewport={"width": 1440, "height": 900})
    held: list[Route] = []
    page.route("**/v1/preview?*", lambda route, _: held.append(route))
    with page.expect_request("**/v1/preview?*"):
        article(page)
    page.get_by_role("button", name="Remove lighthouse.md").click()
    expect(page.locator("#preview")).to_have_text("The pages of the article appear here.")
    for each in held:
        each.abort()


def test_the_preview_shows_all_pages_and_each_change(visit: Visit) -> None:
    page = visit(viewport={"width": 1440, "height": 900})
    article(page, text=LONG)
    pages = page.locator("#preview .pager")
    expect(pages.locator(".page-number")).to_have_text("Page 1 of 3")
    page.locator("#preview").get_by_role("button", name="Next page").click()
    expect(pages.locator(".page-number")).to_have_text("Page 2 of 3")
    page.keyboard.press("ArrowRight")
    expect(pages.locator(".page-number")).to_have_text("Page 3 of 3")
    with page.expect_response("**/v1/preview?*") as drawn:
        page.fill("#field-title", "Another name")
    assert "page=3" in drawn.value.url
    page.locator("#preview").get_by_role("button", name="Enlarge").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".page-number")).to_have_text("Page 3 of 3")
    assert dialog.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1600
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_narrow_page_draws_on_request(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 800})
    article(page)
    page.locator("#preview").get_by_role("button", name="Show pages").click()
    expect(page.locator("#preview .page-number")).to_have_text("Page 1 of 1")


def test_a_book_has_a_title_an_author_a_cover_and_an_order(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    page.wait_for_selector("#formats input")
    png = (Path(__file__).parents[3] / "examples" / "images" / "colophon.png").read_bytes()
    give(page, *letters("one", "two"), ("front.png", png))
    page.check("#option-combine")
    expect(page.locator("#kept-of")).to_have_text(" · The whole book")
    page.fill("#field-title", "Both letters")
    page.fill("#field-authors", "Ada Weaver")
    page.get_by_role("button", name="two.md", exact=True).click()
    page.fill("#field-title", "The second letter")
    page.get_by_role("button", name="Move two.md up").click()
    expect(page.get_by_role("button", name="Move two.md up")).to_be_focused()
    page.select_option("#option-cover", "front.png")
    page.uncheck("input[value=pdf]")
    page.check("input[value=epub]")
    page.click("#convert")
    epub = download(page, "#result .artifacts a", tmp_path)
    assert title(epub) == "Both letters"
    with zipfile.ZipFile(epub) as book:
        contents = book.read("EPUB/nav.xhtml").decode()
        assert "Ada Weaver" in book.read("EPUB/content.opf").decode()
        assert png in [book.read(name) for name in book.namelist()]
    assert contents.index("The second letter") < contents.index("Letter one")


def test_a_zip_with_one_article_is_that_article(visit: Visit, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("lighthouse.md", ARTICLE)
    page = visit()
    page.wait_for_selector("#formats input")
    give(page, ("one.zip", (tmp_path / "one.zip").read_bytes()))
    expect(page.locator("#field-title")).to_have_value("The Lighthouse: a record")
    assert "v1/convert" in page.inner_text("#curl")
    page.fill("#field-title", "From a zip")
    give(page, *letters("two"))
    page.uncheck("input[value=pdf]")
    page.check("input[value=epub]")
    page.click("#convert")
    expect(page.locator(".job tr.succeeded")).to_have_count(2)
    assert title(download(page, ".job tbody tr:nth-child(1) a >> nth=0", tmp_path)) == "From a zip"


PASTE = """([kinds, selector]) => {
    const carried = new DataTransfer();
    for (const [kind, text] of Object.entries(kinds)) carried.setData(kind, text);
    const paste = new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true});
    document.querySelector(selector).dispatchEvent(paste);
}"""


def paste(page: Page, selector: str = "body", **kinds: str) -> None:
    page.wait_for_selector("#formats input")
    page.evaluate(PASTE, [{f"text/{kind}": text for kind, text in kinds.items()}, selector])


def test_pasted_text_keeps_its_formatting(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    paste(page, plain="Tides\nTwo a day.", html="<h1>Tides</h1><p>Two <b>a day</b>.</p><script>alert(1)</script>")
    expect(page.locator("#field-title")).to_have_value("Tides")
    page.uncheck("input[value=pdf]")
    page.check("input[value=markdown]")
    page.click("#convert")
    assert "**a day**" in download(page, "#result .artifacts a", tmp_path).read_text(encoding="utf-8")
    page.get_by_label("Keep the formatting: headings, links, lists, tables").uncheck()
    expect(page.locator("#file-table tbody th")).to_have_text("pasted text")


def test_code_from_an_editor_is_text(visit: Visit) -> None:
    page = visit()
    paste(
        page, plain="# Tides\n\nTwo a day.", html="<div><span style='color:red'># Tides</span><br><span>Two a day.</span></div>"
    )
    expect(page.locator("#field-title")).to_have_value("Tides")
    expect(page.locator("#formatted-row")).to_be_hidden()


def fetching(page: Page) -> None:
    def answer(route: Route) -> None:
        body = route.fetch().json()
        body["properties"]["url"] = {"type": "string", "default": "", "description": "Address of the page."}
        route.fulfill(json=body)

    page.route("**/v1/options", answer)


def test_an_address_is_fetched_where_the_server_allows_it(visit: Visit) -> None:
    page = visit(before=fetching)
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append((route.request.post_data_buffer or b"").decode("utf-8", "replace"))
        route.fulfill(status=422, content_type="application/problem+json", body=json.dumps({"code": "refused", "status": 422}))

    page.route("**/v1/validate", answer)
    paste(page, plain="https://tides.example/notes/two")
    page.get_by_role("button", name="Fetch").click()
    expect(page.locator("#file-table tbody th")).to_have_text("tides.example/notes/two")
    assert "--form-string url=https://tides.example/notes/two" in page.inner_text("#curl")
    expect(page.locator("#notices")).to_contain_text("cannot be converted")
    assert sent and 'name="url"\r\n\r\nhttps://tides.example/notes/two' in sent[0]


def test_an_address_is_no_article(visit: Visit) -> None:
    page = visit()
    paste(page, plain="https://tides.example/notes/two")
    expect(page.locator("#fetch")).to_contain_text("This server does not fetch pages")
    expect(page.locator("#file-table tbody tr")).to_have_count(0)
    page.locator("#fetch-no").click()
    expect(page.locator("#fetch")).to_be_hidden()


def test_images_alone_are_no_article(visit: Visit) -> None:
    page = visit()
    page.wait_for_selector("#formats input")
    give(page, ("rock.png", b"\x89PNG\r\n\x1a\n"))
    page.click("#convert")
    expect(page.locator("#status")).to_have_text("These files belong to an article. Add the article, too.")


@pytest.mark.timeout(600)
def test_stages_of_a_long_document(visit: Visit, server: Server) -> None:
    page = visit()
    article(page, text=ARTICLE + "\n\nA line of the long record.\n" * 4000)
    page.check("input[value=epub]")
    events: list[str] = []

    def keep(route: Route) -> None:
        response = route.fetch(timeout=240_000)
        events.append(response.text())
        route.fulfill(response=response)

    seen_while_running(page)
    page.route("**/events", keep)
    page.click("#convert")
    page.wait_for_selector("#result .artifacts", timeout=240_000)
    assert '"stage": "write", "target": "epub", "ended": true' in events[0]
