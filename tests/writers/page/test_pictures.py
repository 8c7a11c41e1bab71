"""Sizes of pictures on a printed page."""

from __future__ import annotations

import pytest
from lxml import etree

from service.model import picture_rows
from service.writers.page import fixes, pictures

FRAME = pictures.Frame(
    600, 900, {"large": (1200.0, 800.0), "small": (120.0, 90.0), "tall": (300.0, 3000.0), "icon": (16.0, 16.0)}
)


def styles(markup: str) -> list[str]:
    body = fixes.fix(markup)
    pictures.fit(body, FRAME)
    for each in body.iter("img"):
        assert each.get("width") is None and each.get("height") is None
    return [each.get("style", "") for each in body.iter("img")]


@pytest.mark.parametrize(
    ("attributes", "style"),
    [
        ("src='small'", ""),
        ("src='small' width='120px'", ""),
        ("src='small' width='60'", "width:60.0px"),
        ("src='small' height='45'", "width:60.0px"),
        ("src='small' style='width:5cm'", "width:189.0px"),
        ("src='large' style='width:25%'", "width:25%"),
        ("src='large' style='width:250%'", "width:100%"),
        ("src='large' width='900'", "width:600.0px"),
        ("src='small' width='100' height='100'", "width:100.0px;height:100.0px;object-fit:fill"),
        ("src='small' width='120' height='90'", ""),
        ("src='tall'", "width:60.0px"),
        ("src='icon'", ""),
        ("src='small' width='auto'", ""),
    ],
)
def test_the_size_is_the_authors_or_its_own_within_the_page(attributes: str, style: str) -> None:
    assert styles(f"<p>Words <img {attributes}/></p>") == [style]


def test_a_large_picture_fits_the_measure() -> None:
    assert styles("<p><img src='large'/></p>") == ["width:600.0px"]


def test_pictures_of_one_line_stand_side_by_side_at_one_height() -> None:
    two = styles("<p><img src='large'/> <a href='#x'><img src='tall'/></a></p>")
    widths = [float(each.removeprefix("width:").removesuffix("px")) for each in two]
    assert sum(widths) <= 600 - picture_rows.GAP and widths[0] == pytest.approx(widths[1] * 15, rel=0.05)


def test_many_pictures_stand_in_rows() -> None:
    widths = [
        float(each.removeprefix("width:").removesuffix("px")) for each in styles("<p>" + "<img src='large'/> " * 4 + "</p>")
    ]
    assert widths == [pytest.approx(294)] * 4


def test_badges_and_lines_of_their_own_keep_their_sizes() -> None:
    assert set(styles("<p>" + "<img src='icon'/> " * 60 + "</p>")) == {""}
    assert styles("<p><img src='large' width='400'/><br/><img src='large' width='400'/></p>") == ["width:400.0px"] * 2


def test_a_picture_in_a_cell_has_the_room_of_its_column() -> None:
    assert styles("<table><tr><td><img src='large'/></td><td>text</td></tr></table>") == ["width:284.0px"]


def test_what_is_not_in_the_media_bag_is_left_alone() -> None:
    body = etree.fromstring("<div><p><img src='other' width='10'/></p></div>")
    pictures.fit(body, FRAME)
    assert etree.tostring(body) == b'<div><p><img src="other" width="10"/></p></div>'


def test_a_picture_at_one_side_leaves_room_for_text() -> None:
    assert styles("<p><img src='large' class='float-right'/>Words</p>") == ["width:300.0px"]
    assert styles("<p><img src='large' class='float-right' width='450'/>Words</p>") == ["width:450.0px"]
    body = fixes.fix("<p><img src='small' class='float-left'/></p><p><img src='small'/></p>")
    assert [each.get("class") for each in body] == ["floating", "picture"]


@pytest.mark.parametrize(
    ("asked", "style"), [("", "width:120.0px"), ("width='60'", "width:60.0px"), ("width='40%'", "width:40%")]
)
def test_a_caption_at_one_side_is_as_wide_as_its_picture(asked: str, style: str) -> None:
    body = fixes.fix(f"<figure class='float-right'><img src='small' {asked}/><figcaption>Said</figcaption></figure>")
    pictures.fit(body, FRAME)
    assert body[0].get("style") == style


def test_a_picture_at_one_side_joins_the_paragraph_after_it() -> None:
    body = fixes.fix("<h1>Over</h1><p><img src='small' class='float-right'/></p><p>Words <em>and</em> words</p><p>More</p>")
    assert [each.tag for each in body] == ["h2", "p", "p"]
    assert [each.tag for each in body[1]] == ["img", "em"] and "".join(body[1].itertext()) == "Words and words"
