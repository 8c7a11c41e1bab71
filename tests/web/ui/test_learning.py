"""The data of the page from the service: its options, its formats, the need of a key; and its language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, expect

from service.writers import WRITERS
from tests.web.ui.conftest import Visit, article, give

STATIC = Path(__file__).parents[3] / "service" / "web" / "ui" / "static"
NEW: dict[str, Any] = {
    "paper_weight": {"type": "string", "enum": ["light", "heavy"], "default": "light", "description": "Of paper."},
    "gilded": {"type": "boolean", "default": False, "description": "Edges of gold."},
    "columns": {"type": "integer", "minimum": 1, "maximum": 3, "default": 1, "description": "Columns."},
    "motto": {"type": "string", "maxLength": 40, "default": "", "description": "At the foot."},
    "paper": {
        "type": "string", "default": "", "x-label": {"en": "Paper"}, "x-help": {"en": "Size."}, "x-place": 1,
        "x-offered": ["a4", "a5"],
    },
    "css": {"type": "string", "maxLength": 20000, "default": "", "x-label": {"en": "Your own CSS"}},
}  # fmt: skip


def with_new_options(page: Page) -> None:
    def answer(route: Route) -> None:
        body = route.fetch().json()
        route.fulfill(json=body | {"properties": body["properties"] | NEW})

    page.route("**/v1/options", answer)


def test_an_option_of_the_service_appears_by_itself(visit: Visit) -> None:
    page = visit(before=with_new_options)
    article(page)
    page.get_by_label("Paper", exact=True).select_option(label="other…")
    page.get_by_label("Other value of Paper").fill("7x9in")
    assert "--form-string paper=7x9in" in page.inner_text("#curl")
    page.get_by_label("Paper", exact=True).select_option("A5")
    assert "--form-string paper=a5" in page.inner_text("#curl")
    page.click("#more summary")
    page.get_by_label("Paper weight").select_option("heavy")
    page.get_by_label("Gilded").check()
    columns = page.get_by_label("Columns")
    assert [columns.get_attribute(name) for name in ("type", "min", "max")] == ["number", "1", "3"]
    columns.fill("2")
    page.get_by_label("Motto").fill("Ex libris")
    expect(page.get_by_label("Motto")).to_have_attribute("maxlength", "40")
    assert page.get_by_label("Your own CSS").evaluate("(e) => e.tagName") == "TEXTAREA"
    for sent in ("paper_weight=heavy", "gilded=true", "columns=2", "'motto=Ex libris'"):
        assert f"--form-string {sent}" in page.inner_text("#curl")
    columns.fill("1")  # the default need not be said
    assert "columns" not in page.inner_text("#curl")


def with_little_room(page: Page) -> None:
    def answer(route: Route) -> None:
        body = route.fetch().json()
        route.fulfill(json=body | {"limits": {"max_upload": {"value": 100, "unit": "bytes"}}})

    page.route("**/v1/options", answer)


def test_what_is_too_large_is_not_sent(visit: Visit) -> None:
    page = visit(before=with_little_room)
    expect(page.locator("#drop-hint")).to_contain_text("Up to 100 B")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    give(page, ("large.md", "word " * 50))
    expect(page.locator("#notices")).to_contain_text("exceeds the size limit")
    page.click("#convert")
    expect(page.get_by_role("alert")).to_contain_text("250 B > 100 B")
    assert sent == []


def guarded(page: Page) -> None:
    def answer(route: Route) -> None:
        if route.request.headers.get("authorization") == "Bearer secret-1":
            return route.continue_()
        problem = {"type": "/problems/unauthorized", "code": "unauthorized", "title": "A key is missing.", "status": 401}
        return route.fulfill(status=401, content_type="application/problem+json", body=json.dumps(problem))

    page.route("**/v1/**", answer)


def test_a_key_is_asked_for(visit: Visit) -> None:
    page = visit(before=guarded)
    expect(page.get_by_label("API key")).to_be_focused()
    page.keyboard.type("secret-1")
    page.keyboard.press("Tab")
    expect(page.locator("#key")).to_be_hidden()
    article(page)
    page.click("#convert")
    with page.expect_download() as started:
        page.click("text=Download")
    assert started.value.path().read_bytes().startswith(b"%PDF-")
    assert "Bearer $COLOPHON_KEY" in page.inner_text("#curl")
    assert "secret-1" not in page.content()
    assert page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]") == [["colophon-recent"], ["colophon-key"]]
    assert "secret-1" not in page.evaluate("JSON.stringify(localStorage)")


def test_language_is_the_readers_and_can_be_switched(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_have_text("从文章到书页")
    expect(page.get_by_label("目录", exact=True)).to_be_visible()
    article(page)
    expect(page.locator("#notices .warning")).to_contain_text("其值按纯文本保留")
    expect(page.locator("#notices .warning [lang=en]")).to_have_count(0)
    expect(page.locator("#options")).not_to_contain_text(re.compile("empty|cover|default|Each"))
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_label("Table of contents", exact=True)).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("The Lighthouse: a record")
    page.reload()
    expect(page.locator("h1")).to_have_text("From an article to a book page")


def keys(name: str) -> set[str]:
    text = (STATIC / name).read_text(encoding="utf-8")
    return set(re.findall(r'^  "?([\w.-]+)"?: ["`]', text, re.M))


def test_both_languages_have_each_text() -> None:
    english, chinese = keys("words-en.js"), keys("words-zh.js")
    assert {key for key in english ^ chinese if not key.endswith(".one")} == set()


def test_texts_are_of_known_formats() -> None:
    assert {key.partition(".")[2] for key in keys("words-en.js") if key.startswith("format.")} == set(WRITERS)


def test_each_text_that_is_used_exists() -> None:
    files = [*STATIC.glob("*.js"), STATIC / "index.html"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if not file.name.startswith("words-"))
    used = set(re.findall(r'\b(?:t|count)\("([\w.-]+)"|data-(?:word|label)="(\w+)"', text))
    known = keys("words-en.js")
    assert {name for pair in used for name in pair if name} <= known
    plain = {name for name in known if "." not in name} - {"sampleText"}
    assert {name for name in plain if not re.search(rf"[\"']{name}[\"']", text)} == set(), "texts that are not used"


def test_narrow_screens_need_no_sideways_scrolling(visit: Visit) -> None:
    page = visit(viewport={"width": 360, "height": 740})
    article(page, "a-very-long-name-without-any-break-" * 4 + ".md")
    page.click("#convert")
    page.wait_for_selector("#result .pager img")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
