"""HTML text becomes a tree as browsers build it, in bounded space."""

from __future__ import annotations

import pytest

from service.ast.html import tree
from service.ast.html.tree import Element
from service.model.errors import TooComplex


def outline(element: Element) -> str:
    inside = "".join(child if isinstance(child, str) else outline(child) for child in element.children)
    return f"{element.tag}({inside})"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<wbr>b<embed src=x>c", "body(p(awbr()bembed()c))"),
        ("<ul><li>a<li>b</ul>c", "body(ul(li(a)li(b))c)"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "body(table(tbody(tr(td(a)td(b))tr(td(c)))))"),
        ("<table><tr><td>a<table><tr><td>b</table>c</table>", "body(table(tbody(tr(td(atable(tbody(tr(td(b))))c)))))"),
        ("<p><b>a<p>b</b>c", "body(p(b(a))p(b(b)c))"),
        ("<textarea><b>a</b></textarea>b", "body(textarea(<b>a</b>)b)"),
        ("a<template><p>b</p></template>c", "body(atemplate(p(b))c)"),
        ("<svg><linearGradient/><path/></svg>a", "body(svg(linearGradient()path())a)"),
        ("<script>if (a < b) document.write('<p>')</script>a", "body(script(if (a < b) document.write('<p>'))a)"),
        ("a<!-- b -->c<?d?>e", "body(ace)"),
    ],
)
def test_fragment(html: str, expected: str) -> None:
    assert outline(tree.fragment(html)) == expected


def test_lines_attributes_and_foreign_elements() -> None:
    body = tree.fragment('<p ID="x" class="a  b" hidden>\n<svg viewBox="0 0 1 1">\n<path></svg><math><mi>y</math>')
    paragraph, path = next(body.elements()), body.first("path")
    assert paragraph.attributes == {"id": "x", "class": "a b", "hidden": ""}
    assert path is not None and (path.line, path.foreign) == (3, "svg")
    assert [each.foreign for each in body.below("math", "mi", "p")] == ["", "math", "math"]


@pytest.mark.parametrize("bomb", ["<div>\n" * 20_000, "<ul><li>\n" * 400, "<b>" * 20_000, "<table><tr><td>" * 300])
def test_depth_is_refused_with_a_line(bomb: str) -> None:
    with pytest.raises(TooComplex) as caught:
        tree.parse("<p>a</p>\n" + bomb)
    assert caught.value.places[0].line is not None and caught.value.places[0].line > 1


def test_a_picture_may_nest_deeper_than_the_page() -> None:
    assert tree.fragment("<svg>" + "<g>" * 200 + "</svg>a").children[1] == "a"


@pytest.mark.parametrize(
    "bomb",
    [
        "<p>" + "".join(f"<font color={number}>" for number in range(3_000)) + "</p>" + "<p>x</p>\n" * 10_000,
        "".join(f"<body a{number}=1>\n" for number in range(20_000)),
    ],
)
def test_what_the_parser_would_copy_without_end_is_refused(bomb: str) -> None:
    with pytest.raises(TooComplex) as caught:
        tree.parse(bomb)
    assert caught.value.places[0].line


def test_elements_that_are_closed_are_not_counted_as_copies() -> None:
    page = tree.fragment("<p><b>a</b> <a href=x>c</a> <font color=red>d</font></p>" * 20_000)
    assert len(page.children) == 20_000
