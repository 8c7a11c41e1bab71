"""Elements and their nodes: alignment, pictures, drawings, formulas, ruby, links around blocks."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from service.ast.html import Converter
from service.ast.pandoc_ast import query
from tests.ast.html.test_every_element import strings


def nodes(html: str, tag: str) -> list[Any]:
    return [node["c"] for node in query(Converter().blocks(html), {tag})]


@pytest.mark.parametrize(
    ("html", "align"),
    [
        ("<p align=center>a", "center"),
        ("<center>a</center>", "center"),
        ('<p style="text-align: right">a', "right"),
        ("<div align=middle>a</div>", "center"),
        ('<div align=left style="text-align:justify">a</div>', "justify"),
        ("<ul align=center><li>a</ul>", "center"),
    ],
)
def test_alignment_is_an_attribute_of_a_division(html: str, align: str) -> None:
    assert nodes(html, "Div")[0][0] == ["", [], [["align", align]]]


def test_a_heading_stays_outside_the_aligned_division() -> None:
    blocks = Converter().blocks("<div align=center>a<h2>b</h2>c</div>")
    assert [block["t"] for block in blocks] == ["Div", "Header", "Div"]
    assert blocks[1]["c"][1] == ["", [], [["align", "center"]]]


@pytest.mark.parametrize(
    "html", ["<h2 align=right>a</h2>", '<h2 style="text-align:right">a</h2>', "<div align=right><h2>a</h2></div>"]
)
def test_a_heading_keeps_its_alignment(html: str) -> None:
    assert nodes(html, "Header")[0][1] == ["", [], [["align", "right"]]]


@pytest.mark.parametrize(
    ("html", "addresses"),
    [
        ('<img src="data:image/gif;base64,R0lGOD" data-src="a.png">', ["a.png"]),
        ('<img src="/img/blank.gif" data-original="a.png">', ["a.png"]),
        ('<img src="a.png" data-src="b.png">', ["a.png"]),
        ('<img srcset="a.png 300w, b.png 900w, c.png 600w">', ["b.png"]),
        ('<img class=lazy data-src="a.png"><noscript><img src="a.png"></noscript>', ["a.png"]),
        ('<noscript><img src="a.png"></noscript><img src="spacer.gif">', ["a.png"]),
        ('<picture><source srcset="a.webp"><img src="a.png" alt="x"></picture>', ["a.png"]),
        ('<picture><source srcset="a.webp 1x, b.webp 2x"><img alt="x"></picture>', ["b.webp"]),
        ('<amp-img src="a.png"><noscript><img src="b.png"></noscript></amp-img>', ["a.png"]),
        ('<object data="a.svg" type="image/svg+xml">words</object>', ["a.svg"]),
        ("<noscript><p>b</p><img src=a.png></noscript>", ["a.png"]),
    ],
)
def test_the_real_picture_is_there_once(html: str, addresses: list[str]) -> None:
    assert [image[2][0] for image in nodes(html, "Image")] == addresses


def test_size_of_a_picture_from_attributes_and_style() -> None:
    (image,) = nodes('<img src=a.png width=300 height=20 style="width: 50%; height: auto">', "Image")
    assert dict(image[0][2]) == {"width": "50%", "height": "20"}


def test_a_size_stays_on_pictures_and_tables_alone() -> None:
    blocks = Converter().blocks("<div width=5 id=a>b <span height=5 lang=de>c</span></div><h2 width=5>d</h2>")
    assert not [node for node in query(blocks, {"Div", "Span", "Header"}) if "width" in str(node) or "height" in str(node)]


def test_a_number_stays_on_a_list_alone() -> None:
    blocks = Converter().blocks("<ol start=4><li>a <span start=5>b</span></ol><p start=6>c")
    assert [block["t"] for block in blocks] == ["OrderedList", "Para"]
    assert not [*query(blocks, {"Span"})] and blocks[0]["c"][0][0] == 4


@pytest.mark.parametrize(
    ("html", "tags"),
    [
        ('<div style="page-break-after: always"></div>', ["page-break"]),
        ('<p>a</p><hr class="pagebreak"><p>b</p>', ["Para", "page-break", "Para"]),
        ('<section style="break-before:page"><p>a</p></section>', ["page-break", "Para"]),
        ('<div class="pagebreak">a</div>', ["Div"]),
    ],
)
def test_a_page_break_is_an_empty_division(html: str, tags: list[str]) -> None:
    blocks = Converter().blocks(html)
    assert ["page-break" if block["c"][0] == ["", ["page-break"], []] else block["t"] for block in blocks if "c" in block] == tags


def test_a_drawing_is_a_picture_with_its_words() -> None:
    html = (
        '<svg width=40 viewBox="0 0 4 4" inkscape:x=1><defs><path id=a /></defs><use xlink:href="#a"/><text>Hi & so</text></svg>'
    )
    (image,) = nodes(html, "Image")
    source = base64.b64decode(image[2][0].partition(",")[2]).decode()
    assert source.startswith('<svg xmlns="http://www.w3.org/2000/svg"') and "inkscape" not in source
    assert 'viewBox="0 0 4 4"' in source and 'xlink:href="#a"' in source and "Hi &amp; so" in source
    assert list(strings(image[1])) == ["Hi", "&", "so"] and image[0][2] == [["width", "40"]]


@pytest.mark.parametrize("html", ["<svg><symbol id=a><path/></symbol></svg>", '<svg><use href="#elsewhere"/></svg>'])
def test_a_drawing_that_shows_nothing_is_reported(html: str) -> None:
    converter = Converter()
    assert converter.blocks(html) == []
    assert [each.tag for each in converter.dropped] == ["svg"]


@pytest.mark.parametrize(
    ("mathml", "tex"),
    [
        ("<msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><msub><mi>y</mi><mi>i</mi></msub>", "x^{2}+y_{i}"),
        ("<mfrac><mn>1</mn><msqrt><mn>2</mn></msqrt></mfrac>", r"\frac{1}{\sqrt{2}}"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>α</mi>", r"\sum _{i}^{n}\alpha"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", r"\overline{x}"),
        ("<mi>sin</mi><mfenced><mi>x</mi></mfenced>", r"\sin \left(x\right)"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", r"\begin{matrix}1 & 2\end{matrix}"),
        ("<mtext>if 5%</mtext>", r"\text{if 5\%}"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        ("<semantics><mi>q</mi><annotation encoding='application/x-tex'>x^2</annotation></semantics>", "x^2"),
    ],
)
def test_mathml_is_tex(mathml: str, tex: str) -> None:
    assert nodes(f"<p>a <math display=block>{mathml}</math>", "Math") == [[{"t": "DisplayMath"}, tex]]


def test_ruby_is_bases_and_readings() -> None:
    (ruby, *parts) = nodes("<ruby lang=ja>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby>", "Span")
    assert ruby[0] == ["", ["ruby"], [["lang", "ja"]]]
    assert [part[0][1][0] for part in parts] == ["rp", "rt", "rp", "rp", "rt", "rp"]
    assert list(strings(ruby[1])) == ["漢", "(", "kan", ")", "字", "(", "ji", ")"]


def test_a_link_around_blocks_is_around_each_text_and_ends_at_the_next() -> None:
    blocks = Converter().blocks('<a href="x"><h3>a</h3><div><p>b <a href="y">c</a></p></div></a>')
    assert [node["c"][2][0] for node in query(blocks, {"Link"})] == ["x", "x", "y"]


def test_a_list_of_definitions_in_another_stands_once() -> None:
    blocks = Converter().blocks("<dl><div><dt>a<dd>b<dl><dt>c<dd>d</dl></div>e<dt>f</dl>")
    assert list(strings(blocks)) == ["a", "b", "c", "d", "e", "f"]


def test_identifiers_are_kept_where_links_lead() -> None:
    html = "<p id=a>x<ul id=b><li id=c>y</ul><table><tr><td id=d>z</table><dl><dt id=e>t<dd id=f>d</dl><pre id=g>c</pre>"
    assert {name for name in "abcdefg" if f"'{name}'" in str(Converter().blocks(html))} == set("abcdefg")


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ("<iframe src='https://v.example/1'>words</iframe>", "https://v.example/1"),
        ("<video><source src=a.mp4><p>no player</p></video>", "a.mp4"),
        ("<audio src=a.mp3></audio>", "a.mp3"),
        ("<embed src=a.pdf>", "a.pdf"),
        ("<object data=a.pdf></object>", "a.pdf"),
        ("<amp-youtube data-videoid=abc></amp-youtube>", "https://www.youtube.com/watch?v=abc"),
    ],
)
def test_a_player_is_a_link_and_a_notice(html: str, address: str) -> None:
    converter = Converter()
    (link,) = query(converter.blocks(html), {"Link"})
    assert link["c"][2][0] == address
    assert [each.content.split()[0] for each in converter.dropped] == [address]


@pytest.mark.parametrize(
    "markup",
    [
        '<p><img src="a.png" align="right">x</p>', '<p><img src="a.png" style="float: right; width: 3cm">x</p>',
        '<figure style="float:right"><img src="a.png"></figure>',
    ],
)  # fmt: skip
def test_pictures_at_one_side_have_a_class(markup: str) -> None:
    assert "float-right" in str(Converter().blocks(markup))
