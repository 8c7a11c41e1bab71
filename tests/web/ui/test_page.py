"""One article on the page: add, check, change, convert, download; and the problems."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.inspect import made_files
from tests.servers import Server
from tests.web.ui.conftest import ARTICLE, Visit, article, download, give

NASTY = 'it\'s; "odd", $HOME.md'


def text_of(pdf: Path) -> str:
    return subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout


def title_of(pdf: Path) -> str:
    reported = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    found = re.search(r"^Title: +(.*)$", reported, re.M)
    assert found, reported
    return found[1]


def test_upload_convert_download(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    article(page)
    page.click("#convert")
    expect(page.locator("#results-title")).to_be_focused()
    pdf = download(page, "text=Download", tmp_path)
    assert pdf.name == "lighthouse.pdf"
    assert "lit each twelve seconds" in text_of(pdf)
    assert title_of(pdf) == "The Lighthouse: a record"
    picture = page.locator("#result .pager img")
    expect(picture).to_have_attribute("alt", "Page 1 of lighthouse.pdf")
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 800
    expect(page.locator("#result .artifacts")).to_contain_text("1 page")
    expect(page.get_by_role("status")).to_have_text("Done: lighthouse.pdf.")


def test_a_finished_file_is_checked(visit: Visit) -> None:
    page = visit()
    data = made_files.broken(made_files.book(), made_files.EPUB_BREAKS["link-broken"])
    page.set_input_files("#check-input", [{"name": "lamps.epub", "mimeType": "", "buffer": data}])
    expect(page.locator("#check-result strong").first).to_have_text("Errors were found.")
    expect(page.locator("#check-result .notices")).to_contain_text("EPUB/one.xhtml, line 6: three.xhtml")
    expect(page.locator("#check-result .advice")).to_have_text("Correct the address, or add the file.")
    page.set_input_files("#check-input", [{"name": "a.txt", "mimeType": "", "buffer": b"text"}])
    expect(page.locator("#check-result .problem")).to_contain_text("Only PDF, EPUB and DOCX")


def test_metadata_is_shown_and_changed(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    article(page)
    expect(page.locator("#field-authors")).to_have_value("Ada Weaver; Jonah Reed")
    page.get_by_role("textbox", name="shelf").fill("13")
    page.get_by_label("New key").fill("room")
    page.get_by_label("New key").press("Enter")
    page.get_by_label("room", exact=True).fill("North")
    page.fill("#field-title", "Another name")
    page.fill("#field-authors", "Eva Stone; 林砚")
    page.fill("#field-date", "")
    page.get_by_role("button", name="Undo the change of Date").click()
    expect(page.get_by_label("Date", exact=True)).to_have_value("2025-03-09")
    page.click("#convert")
    pdf = download(page, "text=Download", tmp_path)
    assert title_of(pdf) == "Another name"
    authors = subprocess.run(["exiftool", "-s3", "-XMP-dc:Creator", pdf], check=True, capture_output=True, text=True).stdout
    assert authors.strip() == "Eva Stone, 林砚"
    assert '{"shelf":13,"room":"North","title":"Another name","authors":["Eva Stone","林砚"]}' in page.inner_text("#curl")


def test_a_change_stays_with_its_file(visit: Visit) -> None:
    """Whatever other files come and go, and when its own file or text is given again."""
    page = visit()
    article(page)
    page.fill("#field-title", "Another name")
    give(page, ("second.md", "---\ntitle: Second\n---\n\nText.\n"))
    expect(page.locator("#file-table tbody .title")).to_have_text(["Another name changed", "Second"])
    page.get_by_role("button", name="second.md", exact=True).click()
    expect(page.locator("#field-title")).to_have_value("Second")
    page.fill("#field-title", "Second name")
    page.get_by_role("button", name="lighthouse.md", exact=True).click()
    expect(page.locator("#field-title")).to_have_value("Another name")
    expect(page.locator("#file-table tbody .title")).to_have_text(["Another name changed", "Second name changed"])
    page.get_by_role("button", name="Remove second.md").click()
    expect(page.locator("#field-title")).to_have_value("Another name")
    article(page)
    expect(page.locator("#field-title")).to_have_value("Another name")
    page.get_by_role("button", name="Undo the change of Title").click()
    expect(page.locator("#field-title")).to_have_value("The Lighthouse: a record")


def test_a_change_does_not_end_the_check_of_another_file(visit: Visit) -> None:
    page = visit()
    article(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        second = b'filename="second.md"' in (route.request.post_data_buffer or b"")
        held.append(route) if second and not held else route.continue_()

    page.route("**/v1/validate", hold)
    with page.expect_request("**/v1/validate"):
        give(page, ("second.md", "---\ntitle: Second\n---\n\nText.\n"))
    with page.expect_response("**/v1/validate"):
        page.fill("#field-title", "Another name")
    held[0].continue_()
    expect(page.locator("#file-table tbody .title")).to_have_text(["Another name changed", "Second"])


def test_notices_have_severity_place_and_advice(visit: Visit) -> None:
    page = visit()
    article(page)
    warning = page.locator("#notices li.warning").first
    expect(warning).to_contain_text("Warning")
    expect(warning).to_contain_text(re.compile("line 2, column 22", re.I))
    expect(warning.locator("code")).to_have_text("title: The Lighthouse: a record")
    expect(warning.locator(".advice")).to_contain_text("Put the value in quotes")


def test_sample_and_pasted_text(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Use a sample").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Colophon: the last page of a book")
    page.fill("#text", "# Written here\n\nA line.")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Written here")
    page.get_by_role("button", name="Remove pasted text").click()
    expect(page.locator("#field-title")).to_have_count(0)


@pytest.mark.parametrize("formats", [["pdf"], ["epub", "docx"]])
def test_the_command_is_the_same_request(visit: Visit, tmp_path: Path, formats: list[str]) -> None:
    page = visit()
    article(page, NASTY)
    for name in ("pdf", "epub", "docx"):
        page.locator(f"input[value={name}]").set_checked(name in formats)
    page.check("#option-toc")
    page.fill("#field-description", "@it's <so>; and $so `on`")
    command = page.inner_text("#curl")
    (tmp_path / NASTY).write_text(ARTICLE, encoding="utf-8")
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    (made,) = (each for each in tmp_path.iterdir() if each.name != NASTY)
    got = made.read_bytes()
    page.click("#convert")
    for number in range(len(formats)):
        mine = download(page, f"#result li:nth-child({number + 1}) a", tmp_path).read_bytes()
        assert got == mine if len(formats) == 1 else mine in got  # a zip stores them as they are


def test_assets_go_with_their_article(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    png = (Path(__file__).parents[3] / "examples" / "images" / "colophon.png").read_bytes()
    text = "---\ntitle: T\nlang: en\n---\n\n![A mark](mark.png)\n\nText.\n"
    drop = """([text, png]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([text], "a.md"));
        carried.items.add(new File([new Uint8Array(png)], "mark.png", {type: "image/png"}));
        for (const kind of ["dragenter", "dragover", "drop"])
            document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(drop, [text, list(png)])
    page.wait_for_selector("#field-title")
    expect(page.locator("#file-table")).to_contain_text("belongs to the article")
    page.click("#convert")
    pdf = download(page, "text=Download", tmp_path)
    images = subprocess.run(["pdfimages", "-list", pdf], check=True, capture_output=True, text=True).stdout
    assert len(images.splitlines()) > 2, images


def test_a_problem_is_shown_in_full(visit: Visit) -> None:
    page = visit()
    give(page, ("empty.md", ""))
    page.click("#convert")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The file is empty.")
    expect(page.locator("#results-title")).to_have_text("The conversion failed")
    expect(page.locator("#results-title")).to_be_focused()
    alert.get_by_role("link", name="What this means").click()
    expect(page.locator("h1")).to_have_text("empty-document")


def test_a_problem_points_at_its_field(visit: Visit) -> None:
    page = visit()
    article(page)
    page.click("#more summary")
    page.fill("#option-lang", "!!")
    page.click("#convert")
    expect(page.locator("#option-lang")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#option-lang-error")).to_contain_text("'!!' is not a language")
    expect(page.get_by_role("alert")).to_contain_text("Language of the text: '!!' is not a language")
    page.fill("#option-lang", "fr")
    page.click("#convert")
    page.wait_for_selector("#result .artifacts")
    expect(page.locator("#option-lang")).not_to_have_attribute("aria-invalid", "true")


def test_what_a_file_says_stays_text(visit: Visit) -> None:
    """The watcher fails the page for the request, and for the policy, if any of it became markup."""
    page = visit()
    mark = "<img src=x onerror=alert(1)>"
    text = f"---\ntitle: '{mark}'\nlang: en\n'{mark}': '{mark}'\nauthor: ok: {mark}\n---\n\nText.\n"
    article(page, f"{mark.replace('=', '')}.md", text)
    expect(page.get_by_label("Title", exact=True)).to_have_value(mark)
    expect(page.locator(".own-fields label")).to_have_text(mark)
    page.click("#convert")
    page.wait_for_selector("#result .pager img")
    give(page, ("second.md", text), ("third.md", text))
    expect(page.locator("#file-table tbody .title", has_text=mark)).to_have_count(3)
    assert page.locator("img[src=x]").count() == 0


def test_without_scripts_the_form_converts(visit: Visit, tmp_path: Path) -> None:
    page = visit(java_script_enabled=False)
    page.set_input_files(".bare [name=file]", [{"name": "plain.md", "mimeType": "text/markdown", "buffer": ARTICLE.encode()}])
    pdf = download(page, ".bare button", tmp_path)
    assert "lit each twelve seconds" in text_of(pdf)


SEEN = """(element) => {
    for (; element; element = element.parentElement) if (getComputedStyle(element).outlineStyle !== "none") return true;
    return false;
}"""


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until `selector` has the focus; what has it on the way must be seen to have it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate(SEEN), f"no focus is seen at {focused.evaluate('(e) => e.outerHTML')}"
        if page.locator(selector).evaluate("(e) => e === document.activeElement"):
            return
    raise AssertionError(f"{selector} is not reached")


def test_keyboard_alone(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    # Requested early: a key that is pressed before the browser hands its dialogs over opens one in vain.
    file = {"name": "keys.md", "mimeType": "text/markdown", "buffer": ARTICLE.encode()}
    page.on("filechooser", lambda chooser: chooser.set_files([file]))
    page.wait_for_selector("#formats input")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "#files")
    page.keyboard.press("Space")
    page.wait_for_selector("#field-title")
    tab_to(page, "#option-toc")
    page.keyboard.press("Space")
    tab_to(page, "input[value=epub]")
    page.keyboard.press("Space")
    tab_to(page, "#convert")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result .artifacts")
    expect(page.locator("#results-title")).to_be_focused()
    tab_to(page, "#result li:nth-child(2) a")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename == "keys.epub"


def test_a_server_that_is_gone(visit: Visit, server: Server) -> None:
    page = visit()
    article(page)
    page.route("**/v1/jobs", lambda route: route.fulfill(status=503, body="<html>proxy</html>"))
    page.click("#convert")
    expect(page.get_by_role("alert")).to_contain_text("Service Unavailable")
