"""axe-core finds nothing serious on the page: light, dark, Chinese, narrow, with results, problems, a batch, a book, a dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.inspect import made_files
from tests.web.ui.conftest import Visit, article, give
from tests.web.ui.test_batch import letters, start

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
GRAVE = {"serious", "critical"}


def grave(page: Page) -> list[str]:
    """The serious findings of axe: rule and place."""
    page.evaluate(AXE)  # not as a script element: the page's policy forbids those that are not its own
    found: dict[str, Any] = page.evaluate("axe.run()")
    assert len(found["passes"]) > 15, "axe has not looked"
    return [
        f"{each['id']}: {node['html'][:120]}" for each in found["violations"] if each["impact"] in GRAVE for node in each["nodes"]
    ]


def empty(page: Page) -> None:
    page.wait_for_selector("#formats input")
    page.click("#more summary")


def made(page: Page) -> None:
    article(page)
    page.check("input[value=epub]")
    page.fill("#field-title", "Another")
    page.click("#convert")
    page.wait_for_selector("#result .pager img")


def failed(page: Page) -> None:
    give(page, ("empty.md", ""))
    page.click("#convert")
    page.wait_for_selector("#result .problem")


def batch(page: Page) -> None:
    start(page, *letters("one", "two"), ("empty.md", ""))
    page.wait_for_selector(".whole a")


def checked(page: Page) -> None:
    data = made_files.broken(made_files.book(), made_files.EPUB_BREAKS["image-alt"])
    page.set_input_files("#check-input", [{"name": "lamps.epub", "mimeType": "", "buffer": data}])
    page.wait_for_selector("#check-result .notices li")


def book(page: Page) -> None:
    page.wait_for_selector("#formats input")
    give(page, *letters("one", "two"))
    page.check("#option-combine")
    page.wait_for_selector("#field-title")


def enlarged(page: Page) -> None:
    made(page)
    page.locator("#result .zoom").click()
    page.wait_for_selector("dialog img:not([hidden])")


STATES: dict[str, Callable[[Page], None]] = {
    "checked": checked,
    "empty": empty,
    "made": made,
    "failed": failed,
    "batch": batch,
    "book": book,
    "enlarged": enlarged,
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "chinese": {"locale": "zh-CN"},
    "phone": {"viewport": {"width": 360, "height": 740}},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_nothing_serious(visit: Visit, state: str, look: str) -> None:
    page = visit(**LOOKS[look])
    STATES[state](page)
    assert grave(page) == []


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("path", ["/problems", "/problems/empty-document"])
def test_plain_pages(visit: Visit, path: str, look: str) -> None:
    assert grave(visit(path, **LOOKS[look])) == []
