"""Levels without jumps, the first of them 2."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from service.ast.pandoc_ast import text
from service.model.document import Conversion
from service.passes import headings
from tests.passes.conftest import Make, codes, nodes


@pytest.mark.parametrize(
    ("levels", "normal"),
    [
        ([], []),
        ([2, 3, 2], [2, 3, 2]),
        ([1, 1], [2, 2]),
        ([1, 2, 3], [2, 3, 4]),
        ([4, 6, 4, 5], [2, 3, 2, 3]),
        ([3, 1, 2], [2, 2, 3]),
        ([1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 6]),
    ],
)
def test_normal_levels(levels: list[int], normal: list[int]) -> None:
    assert headings.normal_levels(levels) == normal


@given(some.lists(some.integers(1, 6), max_size=30))
def test_no_level_is_skipped(levels: list[int]) -> None:
    normal = headings.normal_levels(levels)
    assert all(2 <= level <= 6 for level in normal)
    assert all(after <= before + 1 for before, after in zip([1, *normal], normal, strict=False))
    assert headings.normal_levels(normal) == normal


def test_change_is_reported(read: Make, conversion: Callable[..., Conversion]) -> None:
    after = headings.run(read("# A\n\n> #### B\n\ntext"), conversion("pdf"))
    assert [node["c"][0] for node in nodes(after, "Header")] == [2, 3]
    assert codes(after) == ["heading-level-changed"]
    assert after.notices[0].data["changed"] == ["1 → 2: A", "4 → 3: B"]


def test_a_heading_has_words(read: Make, conversion: Callable[..., Conversion]) -> None:
    after = headings.run(read("## \n\n甲\n\n#\n\n### ![](a.png)\n\n# ![图](b.png)\n\n> ##\n> 乙"), conversion("pdf"))
    assert [node["c"][0] for node in nodes(after, "Header")] == [2]
    assert [node["c"][2][0] for node in nodes(after, "Image")] == ["a.png", "b.png"]
    assert codes(after) == ["empty-heading-removed", "heading-level-changed"]
    assert after.notices[0].data == {"count": 3}
    assert headings.run(after, conversion("pdf")) is after


def test_a_heading_in_a_note_is_a_bold_line(read: Make, conversion: Callable[..., Conversion]) -> None:
    """A note stands elsewhere than its call: its heading would come after those that follow the call."""
    document = headings.run(read("Text.[^1]\n\n## Two\n\n[^1]: A note.\n\n    # Of oil\n"), conversion("pdf"))
    assert [text(block["c"][2]) for block in nodes(document, "Header")] == ["Two"]
    note = next(iter(nodes(document, "Note")))
    assert [text(each) for each in nodes(document, "Strong")] == ["Of oil"] and "Of oil" in text(note)
    assert "heading-level-changed" in codes(document)
    assert headings.run(document, conversion("pdf")).blocks == document.blocks
