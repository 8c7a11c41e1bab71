"""Formulas of a page as pictures."""

from __future__ import annotations

import pytest

from service.writers.page import fixes, formulas

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="{}"><msub><mo>∫</mo><mi>A</mi></msub><mi>f</mi></math>'


@pytest.mark.parametrize(("display", "highest"), [("inline", 1.5), ("block", 3.0)])
def test_an_integral_between_words_is_as_high_as_the_line(display: str, highest: float) -> None:
    body = fixes.parse(f"<p>{MATH.format(display)}</p>")
    formulas.to_pictures(body)
    (picture,) = body.iter("img")
    height = float(picture.get("style", "").split("height:")[1].split("em")[0])
    assert highest - 1.5 < height < highest
