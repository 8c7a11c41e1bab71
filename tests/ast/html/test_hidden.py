"""Hidden parts of a page go to a notice; parts that a script shows stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import html as html_ast
from service.ast import pandoc_ast
from service.ast.html import tree
from service.engines import Engines
from service.model.document import Conversion, Source
from service.readers import READERS

Recipe = Callable[..., Conversion]
HIDDEN = (
    "<div hidden>veiled</div>",
    "<p style='color: red; DISPLAY : none !important'>veiled</p>",
    "<span style=visibility:hidden>veiled</span>",
    "<b class='x sr-only'>veiled</b>",
    "<ul><li class=visually-hidden>veiled</ul>",
    "<table><tr><td hidden>veiled<td>seen</table>",
    "<details style='display:none'><summary>veiled</summary>veiled</details>",
)
SEEN = (
    "<span aria-hidden=true>seen</span>",
    "<details><summary>seen</summary>seen</details>",
    "<div role=tabpanel hidden>seen</div>",
    "<div class='tab-pane' style='display: none'>seen</div>",
    "<div hidden=until-found>seen</div>",
    "<p style='display: block; visibility: visible'>seen</p>",
    "<p style='font-family: none-such'>seen</p>",
)


def shown(markup: str, *, is_page: bool = True) -> tuple[str, list[html_ast.Dropped]]:
    converter = html_ast.Converter()
    blocks = converter.shown(tree.fragment(markup), is_page=is_page)
    return pandoc_ast.text(blocks), converter.dropped


@pytest.mark.parametrize("markup", HIDDEN)
def test_hidden(markup: str) -> None:
    text, dropped = shown(f"<p>A lamp is lit on every ship of the harbour.</p>{markup}<p>End.</p>")
    assert "veiled" not in text
    assert "End." in text
    assert all(each.hidden and each.content.startswith("veiled") for each in dropped)
    assert len(dropped) == 1


@pytest.mark.parametrize("markup", SEEN)
def test_seen(markup: str) -> None:
    text, dropped = shown(f"<p>A lamp is lit on every ship of the harbour.</p>{markup}")
    assert "seen" in text
    assert not dropped


def test_most_of_a_page_is_brought_into_sight_by_a_script() -> None:
    page = "<p>Top</p><div id=js_content style='visibility: hidden'>The whole article about lamps and oil.</div>"
    assert "whole article" in shown(page)[0]
    assert "whole article" not in shown(page, is_page=False)[0]


def test_a_picture_that_is_loaded_later_stays() -> None:
    text, dropped = shown("<p>A lamp.</p><img style='display:none' data-src=a.png alt=Lamp><img hidden src=pixel.gif alt=Pixel>")
    assert "Lamp" in text
    assert "Pixel" not in text
    assert [each.content for each in dropped] == ["Pixel"]


def test_a_formula_of_katex_is_there_once() -> None:
    drawn = "<span class=katex-html aria-hidden=true>q</span>"
    formula = f"<span class=katex><span class=katex-mathml><math><mi>q</mi></math></span>{drawn}</span>"
    converter = html_ast.Converter()
    blocks = converter.shown(tree.fragment(f"<p>So {formula} is.</p>"))
    assert [node["t"] for node in pandoc_ast.query(blocks, {"Math"})] == ["Math"]
    assert "q" not in pandoc_ast.text(pandoc_ast.walk(blocks, lambda _: [], {"Math"}))


@pytest.mark.parametrize(("name", "text"), [("a.html", "<p>Lamps and more lamps.</p>\n<p hidden>veiled words</p>")])
def test_the_notice_of_a_page_has_text_and_line(engines: Engines, conversion: Recipe, name: str, text: str) -> None:
    document = READERS["html"].read(Source(name, text.encode()), conversion("pdf"), engines)
    (reported,) = (one for one in document.notices if one.code == "hidden-text-removed")
    assert reported.line == 2
    assert reported.data["dropped"][0]["text"] == "veiled words"
