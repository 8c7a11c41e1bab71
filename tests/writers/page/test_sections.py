"""Documents whose chapters begin on a new page, and their sections."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from service.writers.page import fixes, sections

PAGE = "<p>" + "word " * 440 + "</p>"  # about a page


def body(*chapters: int, level: str = "h2") -> str:
    """A body with an introduction and chapters with that number of pages."""
    return "<p>first</p>" + "".join(f"<{level}>Chapter</{level}><h5>Sub</h5>{PAGE * pages}" for pages in chapters)


@pytest.mark.parametrize("level", ["h2", "h3"])
def test_a_long_document_has_chapters(level: str) -> None:
    divided = sections.divide(fixes.parse(body(*[20] * 5, level=level)))
    assert divided is not None
    assert [each.text for each in divided.front] == ["first"]
    assert [each[0].tag for each in divided.rest] == [level] * 5
    assert {each[0].get("class") for each in divided.rest} == {"chapter"}


@pytest.mark.parametrize("chapters", [[9] * 5, [3, 20, 9, 3]])
def test_one_of_forty_pages_is_divided_among_four_cores(chapters: list[int]) -> None:
    divided = sections.divide(fixes.parse(body(*chapters)))
    assert divided is not None and len(divided.rest) >= len(chapters) - 1


@pytest.mark.parametrize("chapters", [[5] * 5, [50, 50], [1] * 100])
def test_short_documents_few_and_short_chapters_make_one_piece(chapters: list[int]) -> None:
    assert sections.divide(fixes.parse(body(*chapters))) is None


def test_every_element_is_in_one_section_in_order() -> None:
    whole = fixes.parse(body(*[3] * 30))
    divided = sections.divide(whole)
    assert divided is not None
    assert [*divided.front, *(each for one in divided.rest for each in one)] == list(whole)
    assert 1 < len(divided.rest) <= 1 / sections.SHARE


def test_the_last_sections_are_the_smallest() -> None:
    divided = sections.divide(fixes.parse(body(*[5] * 40)))
    assert divided is not None
    sizes = [sum(map(sections.weight, section)) for section in divided.rest]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] < 0.6 * sizes[0]
    assert len(sizes) < 30


def test_neighbouring_short_chapters_share_a_section() -> None:
    divided = sections.divide(fixes.parse(body(*[4] * 20)))
    assert divided is not None
    starts = [each for one in divided.rest for each in one if each.get("class") == "chapter"]
    assert len(starts) == 20 > len(divided.rest)


def test_ideographs_fill_more_of_a_page() -> None:
    latin, wide = (fixes.parse(f"<p>{letter * 1000}</p>") for letter in "a字")
    assert sections.weight(wide) > 2 * sections.weight(latin)


def test_a_section_is_there_before_the_next_is_written() -> None:
    whole = fixes.parse(body(*[20] * 5))
    taken = []

    def portions() -> Iterator[list[etree._Element]]:
        for number in range(0, len(whole), 22):  # a chapter: two headings, and twenty paragraphs
            taken.append(number)
            yield list(whole)[number : number + 22]

    dividing = sections.Dividing(portions(), "h2", 100)
    found = []
    for section in dividing:
        found.append(section)
        assert len(taken) <= len(found) + 1
    divided = sections.divide(fixes.parse(body(*[20] * 5)))
    assert divided is not None and len(divided.rest) == len(found) == 5
    assert [*dividing.front, *(each for section in found for each in section)] == list(whole)
    assert dividing.was_long


def test_marks_are_taken_off_again() -> None:
    whole = fixes.parse(body(*[2] * 5).replace("<h2>", '<h2 class="mine">', 1))
    before = etree.tostring(whole)
    dividing = sections.Dividing([list(whole)], "h2", 10)
    assert list(dividing) and not dividing.was_long and etree.tostring(whole) != before
    sections.undo(whole)
    assert etree.tostring(whole) == before
