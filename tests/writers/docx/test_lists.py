"""Lists: long numbers have room, and text does not touch the last item."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.writers.docx.conftest import Opened, W

Make = Callable[..., Opened]


def indents(made: Opened) -> list[tuple[int, int]]:
    found = made.find("//w:p[w:pPr/w:numPr]/w:pPr/w:ind")
    return [(int(each.get(f"{{{W}}}left", "0")), int(each.get(f"{{{W}}}hanging", "0"))) for each in found]


@pytest.mark.parametrize(
    ("text", "count"), [("9. a\n10. b", 0), ("1. a\n2. b", 0), ("99. a\n100. b", 2), ("i. a\nii. b\niii. c", 3)]
)
def test_long_numbers_have_room(opened: Make, text: str, count: int) -> None:
    found = indents(opened(text))
    assert len(found) == count
    assert all(left - hanging == 360 and hanging > 360 for left, hanging in found)


def test_text_keeps_its_distance_from_a_list(opened: Make) -> None:
    made = opened("- one\n- two\n\nAfter.")
    (spacing,) = made.find("//w:p[w:pPr/w:numPr]/w:pPr/w:spacing")
    assert int(spacing.get(f"{{{W}}}after", "0")) == 160


def test_a_thematic_break_is_a_thin_line(opened: Make) -> None:
    (rule,) = opened("One.\n\n---\n\nTwo.").find("//*[local-name()='rect']")
    assert rule.get("{urn:schemas-microsoft-com:office:office}hrpct") == "300"
    assert rule.get("fillcolor") == "#a0a0a0"
