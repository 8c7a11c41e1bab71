"""Formulas of a page as pictures."""

from __future__ import annotations

import pytest
from lxml import etree

from service.writers.page import fixes, formulas

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="{}"><msub><mo>∫</mo><mi>A</mi></msub><mi>f</mi></math>'


@pytest.mark.parametrize(("display", "highest"), [("inline", 1.5), ("block", 3.0)])
def test_an_integral_between_words_is_as_high_as_the_line(display: str, highest: float) -> None:
    body = fixes.parse(f"<p>{MATH.format(display)}</p>")
    formulas.to_pictures(body)
    (picture,) = body.iter("img")
    height = float(picture.get("style", "").split("height:")[1].split("em")[0])
    assert highest - 1.5 < height < highest


NUMBERED = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="{}"><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi>'
    '<mspace width="2.0em"/><mtext mathvariant="normal">{}</mtext></mrow>'
    '<annotation encoding="application/x-tex">E = m \\qquad \\text{{{}}}</annotation></semantics></math>'
)


def set_as(display: str, number: str) -> etree._Element:
    body = fixes.parse(f"<p>{NUMBERED.format(display, number, number)}</p>")
    formulas.to_pictures(body, keep=True)
    return body


@pytest.mark.parametrize("number", ["(1)", "(A.12)", "*"])
def test_a_number_stands_next_to_the_formula_not_in_it(number: str) -> None:
    (line,) = set_as("block", number).xpath("p/span[@class='numbered-formula']")
    picture, shown = line
    assert shown.text == number
    assert picture.get("alt") == "E = m"
    assert number not in picture.get("data-mathml", "")


@pytest.mark.parametrize(("display", "number"), [("inline", "(1)"), ("block", "for all values of the mass")])
def test_what_is_no_number_of_a_line_stays_in_the_formula(display: str, number: str) -> None:
    body = set_as(display, number)
    assert not body.xpath("//span")
    assert number in body.xpath("p/img/@alt")[0]
