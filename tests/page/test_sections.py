"""Which documents have chapters that begin on a new page, and how they fall into sections."""

from __future__ import annotations

import pytest

from service.page import mending, sections

PAGE = "<p>" + "word " * 440 + "</p>"  # about a page


def body(*chapters: int, level: str = "h2") -> str:
    """A body with an introduction and chapters of so many pages."""
    return "<p>first</p>" + "".join(f"<{level}>Chapter</{level}><h5>Sub</h5>{PAGE * pages}" for pages in chapters)


@pytest.mark.parametrize("level", ["h2", "h3"])
def test_a_long_document_has_chapters(level: str) -> None:
    divided = sections.divide(mending.parse(body(*[20] * 5, level=level)))
    assert divided is not None
    assert [each.text for each in divided.front] == ["first"]
    assert [each[0].tag for each in divided.rest] == [level] * 5
    assert {each[0].get("class") for each in divided.rest} == {"chapter"}


@pytest.mark.parametrize("chapters", [[9] * 5, [3, 20, 9, 3]])
def test_one_of_forty_pages_is_divided_among_four_cores(chapters: list[int]) -> None:
    divided = sections.divide(mending.parse(body(*chapters)))
    assert divided is not None and len(divided.rest) >= len(chapters) - 1


@pytest.mark.parametrize("chapters", [[5] * 5, [50, 50], [1] * 100])
def test_short_documents_few_and_short_chapters_make_one_piece(chapters: list[int]) -> None:
    assert sections.divide(mending.parse(body(*chapters))) is None


def test_every_element_is_in_one_section_in_order() -> None:
    whole = mending.parse(body(*[3] * 30))
    divided = sections.divide(whole)
    assert divided is not None
    assert [*divided.front, *(each for one in divided.rest for each in one)] == list(whole)
    assert 1 < len(divided.rest) <= sections.MOST_SECTIONS


def test_neighbouring_short_chapters_share_a_section() -> None:
    divided = sections.divide(mending.parse(body(*[4] * 20)))
    assert divided is not None
    starts = [each for one in divided.rest for each in one if each.get("class") == "chapter"]
    assert len(starts) == 20 > len(divided.rest)


def test_ideographs_fill_more_of_a_page() -> None:
    latin, wide = (mending.parse(f"<p>{letter * 1000}</p>") for letter in "a字")
    assert sections.weight(wide) > 2 * sections.weight(latin)
