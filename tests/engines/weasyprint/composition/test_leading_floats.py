"""A heading keeps to the block after it, although that block begins with a picture at one side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import weasyprint

from service.engines.weasyprint import patches

CSS = """@page { size: 300px 400px; margin: 0 } body { margin: 0 } html { font: 10px/20px serif; orphans: 1; widows: 1 }
    h2, p, ul, li { margin: 0; font-size: 10px } h2 { break-after: avoid }
    .at-side { float: right; width: 100px; height: 80px }"""
PICTURE = '<i class="at-side">picture</i>'
BLOCKS = {
    "paragraph": f"<p>{PICTURE}Words about it.</p>",
    "paragraph of the picture alone": f"<p>{PICTURE}</p><ul><li>item</ul>",
    "list": f"<ul><li>{PICTURE}Words about it.<li>item</ul>",
    "list of paragraphs": f"<ul><li><p>{PICTURE}Words about it.</p><li>item</ul>",
    "box": f"<div><div>{PICTURE}<p>Words about it.</p></div></div>",
    "picture itself": f"{PICTURE}<p>Words about it.</p>",
}


def texts(box: Any) -> Iterator[str]:
    """Each line and marker of a page."""
    for each in box.descendants():
        if text := getattr(each, "text", "").strip():
            yield text


def pages(height: int, markup: str) -> list[list[str]]:
    patches.install()
    html = f"<html><body><div style='height: {height}px'></div><p>above</p><h2>Heading</h2>{markup}</body></html>"
    document = weasyprint.HTML(string=html).render(stylesheets=[weasyprint.CSS(string=CSS)])
    return [list(texts(page._page_box)) for page in document.pages]


@pytest.mark.parametrize("markup", BLOCKS.values(), ids=BLOCKS)
def test_a_heading_moves_with_the_picture(markup: str) -> None:
    first, second = pages(300, markup)
    assert first == ["above"]
    assert "Heading" in second and "picture" in second


@pytest.mark.parametrize("markup", BLOCKS.values(), ids=BLOCKS)
def test_what_fits_stays(markup: str) -> None:
    (page,) = pages(200, markup)
    assert "Heading" in page and "picture" in page


def test_a_picture_higher_than_the_page_is_shown() -> None:
    tall = BLOCKS["paragraph"].replace("picture", "<b style='display: block; height: 500px'>tall</b>")
    assert any("tall" in page for page in pages(300, tall))


def test_columns_are_laid_out() -> None:
    (page,) = pages(100, f"<div style='columns: 2'><p>{PICTURE}Words.</p><p>More.</p></div>")
    assert "picture" in page and "More." in page
