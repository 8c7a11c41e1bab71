"""Pictures in XHTML: side by side where they are in one line, at one side where the article has them there."""

from __future__ import annotations

import pytest
from lxml import etree

from service.writers.epub import pictures

SIZES = {"large": (1200.0, 600.0), "high": (600.0, 600.0), "icon": (20.0, 20.0)}


def paragraph(inner: str) -> etree._Element:
    made = etree.fromstring(f'<p xmlns="http://www.w3.org/1999/xhtml">{inner}</p>')
    pictures.settle(made, SIZES)
    return made


def widths(made: etree._Element) -> list[float]:
    return [float(each.get("style", "width: 0%").removeprefix("width: ").removesuffix("%")) for each in made]


def test_pictures_of_one_line_have_one_height_and_fit() -> None:
    made = paragraph("<img src='large'/> <img src='high'/>")
    wide, narrow = widths(made)
    assert wide == pytest.approx(2 * narrow, rel=0.01) and 90 < wide + narrow < 100
    assert made.get("class") == "picture"


@pytest.mark.parametrize(
    "inner",
    [
        "<img src='large'/>", "<img src='icon'/> <img src='icon'/>", "<img src='large'/> <img src='unknown'/>",
        "<img src='large' width='45%'/> <img src='large'/>",
    ],
)  # fmt: skip
def test_others_keep_their_sizes(inner: str) -> None:
    assert not any(widths(paragraph(inner)))


def test_a_line_break_parts_lines() -> None:
    made = paragraph("<img src='large'/><br/><img src='large'/> <img src='large'/>")
    first, _, *others = made
    assert first.get("style") is None and all(each.get("style") for each in others)


def test_a_picture_at_one_side_has_no_paragraph_of_its_own() -> None:
    assert paragraph("<img src='large' class='float-right'/>").get("class") == "floating"
