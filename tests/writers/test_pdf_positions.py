"""Where words stand on the page: readings above their base, numbers of formulas at the end of the line."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from schemas import options
from service.engines import Engines
from service.model.document import Source
from service.pipeline import steps

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
BREAK = "<page "


@dataclass(frozen=True, slots=True)
class Word:
    """Its page, and its edges in points from the top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def words(text: str, lang: str, engines: Engines, **chosen: Any) -> Iterator[Word]:
    """The words of the PDF of a Markdown text."""
    recipe = options.defaults("pdf", **chosen)
    source = Source("a.md", f"---\ntitle: T\nlang: {lang}\n---\n\n{text}\n".encode())
    made = steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines)
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=made.data, capture_output=True, check=True)
    for page, markup in enumerate(done.stdout.decode().split(BREAK)[1:], 1):
        for found in WORD.finditer(markup):
            left, top, right, bottom = map(float, found.groups()[:4])
            yield Word(page, left, top, right, bottom, found[5])


def only(found: Iterator[Word], text: str) -> Word:
    (one,) = (each for each in found if each.text == text)
    return one


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_reading_touches_its_base(lang: str, engines: Engines) -> None:
    found = list(words("Before <ruby>漢字<rt>かんじ</rt></ruby> after.", lang, engines))
    reading, base = only(iter(found), "かんじ"), next(each for each in found if "漢字" in each.text)
    size = 10.5
    assert reading.top < base.top + 0.3 * size
    assert base.bottom - reading.bottom < 1.3 * size  # the lines of both boxes: 1.45 em of the base, 0.72 em above it


@pytest.mark.parametrize("tex", ["E = m \\tag{7}", "\\frac{a}{b} \\tag{7}", "x" + " + x" * 60 + " \\tag{7}"])
def test_the_number_of_a_formula_is_at_the_end_of_the_line(tex: str, engines: Engines) -> None:
    filling = "Justified words that fill more than one line of the page reach its edge. " * 3
    found = list(words(f"{filling}\n\n$$ {tex} $$", "en", engines))
    edge = max(each.right for each in found)
    assert only(iter(found), "(7)").right == pytest.approx(edge, abs=1)


def test_the_number_is_at_the_left_where_lines_run_from_the_right(engines: Engines) -> None:
    found = list(words("نص عربي قصير.\n\n$$ E = m \\tag{7} $$", "ar", engines))
    number = next(each for each in found if "7" in each.text)
    assert number.left < 100
