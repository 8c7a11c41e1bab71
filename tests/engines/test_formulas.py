"""Formulas with words of scripts that the formula font does not have."""

from __future__ import annotations

import re

import pytest

from service.engines import formulas

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"><msub><mi>S</mi><mtext>{}</mtext></msub></math>'


@pytest.mark.parametrize("words", ["速度", "площ速", "गति", "かな a"])
def test_words_of_other_scripts_are_text(words: str) -> None:
    drawn = formulas.draw(MATH.format(words)).svg.decode()
    assert re.findall("<text [^>]*>([^<]*)</text>", drawn) == [words] and "#fe" not in drawn


def test_latin_and_greek_are_outlines() -> None:
    assert "<text" not in formulas.draw(MATH.format("speed αβ")).svg.decode()


def test_words_are_escaped() -> None:
    assert "速&lt;&amp;" in formulas.draw(MATH.format("速&lt;&amp;")).svg.decode()
