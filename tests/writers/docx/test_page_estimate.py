"""Pages of headings, as far as they can be known without a program that sets the text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.writers.docx.conftest import Opened

Make = Callable[..., Opened]
BREAK = '```{=openxml}\n<w:p><w:r><w:br w:type="page"/></w:r></w:p>\n```'
WORDS = "The lamp was lit at dusk and put out when the sun was over the water again. " * 8


def numbers(made: Opened) -> list[int]:
    """The result of the PAGEREF field of each entry."""
    entries = made.find("//w:sdt//w:hyperlink")
    assert all("PAGEREF" in "".join(map(str, each.itertext())) for each in entries)
    return [int(str(each.xpath(".//w:t/text()", namespaces=made.SPACES)[-1])) for each in entries]


def test_breaks_begin_pages(opened: Make) -> None:
    assert numbers(opened(f"# One\n\nText.\n\n{BREAK}\n\n# Two\n\n{BREAK}\n\n{BREAK}\n\n# Four\n", toc=True)) == [1, 2, 4]


def test_a_long_text_fills_pages(opened: Make) -> None:
    found = numbers(opened("\n\n".join(f"# Part {number}\n\n{WORDS}\n\n{WORDS}" for number in range(20)), toc=True))
    assert found == sorted(found)
    assert found[0] == 1 and 5 <= found[-1] <= 12  # 26,000 characters


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_a_smaller_page_holds_less(opened: Make, paper: str) -> None:
    text = "\n\n".join(f"# Part {number}\n\n{WORDS}\n\n| a |\n|---|\n| {WORDS} |" for number in range(9))
    last = numbers(opened(text, toc=True, paper=paper))[-1]
    assert (last < 7) is (paper == "a4")


def test_the_field_is_marked_as_outdated(opened: Make) -> None:
    made = opened("# One\n\nText.\n", toc=True)
    assert made.find("//w:sdt//w:fldChar[@w:fldCharType='begin'][@w:dirty='true']")
    assert b"updateFields" not in made.parts["word/settings.xml"]
