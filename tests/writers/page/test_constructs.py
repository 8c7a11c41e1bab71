"""Alignment, ruby and directions on a page."""

from __future__ import annotations

import pytest
from lxml import etree

from service.ast import alignment
from service.ast.pandoc_ast import attr, div, para, words
from service.model.blocks import Blocks
from service.writers.page import constructs, fixes


@pytest.mark.parametrize(("classes", "pairs"), [(["center"], {}), ([], {"align": "center"})])
def test_alignment_is_a_class(classes: list[str], pairs: dict[str, str]) -> None:
    (shaped,) = alignment.as_classes(Blocks([div([para(words("x"))], attr("", classes, pairs))]))
    assert shaped["c"][0] == ["", [*classes, "align-center"], []]


def test_each_reading_stands_over_its_own_base() -> None:
    reading = "<span class='rp'>(</span><span class='rt'>%s</span><span class='rp'>)</span>"
    span = f"<span class='ruby'>東{reading % 'とう'}京{reading % 'きょう'}</span>"
    (paragraph,) = fixes.fix(f"<p>a{span}b</p>")
    shown = etree.tostring(paragraph, encoding="unicode")
    assert shown == "<p>a<ruby>東<rt>とう</rt></ruby><ruby>京<rt>きょう</rt></ruby>b</p>"


def test_a_paragraph_runs_by_its_first_strong_letter() -> None:
    body = fixes.fix("<p>1. שלום world</p><p>world שלום</p><ul><li><p>سلام</p></li></ul>")
    constructs.direct(body, "en")
    assert [each.get("dir") for each in body.iter("p", "li")] == ["rtl", None, "rtl", None]


def test_in_a_page_from_right_to_left_code_and_latin_run_the_other_way() -> None:
    body = fixes.fix("<p>سلام <code>f(x)</code></p><p>Latin</p><pre>x</pre>")
    constructs.direct(body, "ar")
    assert [each.get("dir") for each in body.iter("p", "code", "pre")] == [None, "ltr", "ltr", "ltr"]


MIXED = [("en", "plain “text” 中文 😀", False), ("en", "שלום", True), ("en", "سلام", True), ("he", "x", True)]


@pytest.mark.parametrize(("lang", "text", "may"), MIXED)
def test_where_to_look_for_directions(lang: str, text: str, may: bool) -> None:
    assert constructs.may_run_both_ways(lang, [text.encode()]) == may


def test_emphasis_without_ideographs_is_named() -> None:
    body = fixes.fix("<p>灯塔<em>exactly once</em>与<em>约三成</em></p>")
    constructs.mark_latin(body)
    assert [each.get("class") for each in body.iter("em")] == ["latin", None]
