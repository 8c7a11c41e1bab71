"""Tests in one line whether a box is in the flow, and how its margins collapse.

WeasyPrint calls five functions to test whether a box is in normal flow, 70,000 times for thirty pages, and creates four lists
and generators to add two margins. Two properties show that nearly all boxes do not float and are not positioned, and a
loop finds the largest and the smallest of a few numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import block

IN_PLACE = ("static", "relative")  # a tuple, because boxes out of the flow may have a list here


def collapse_margin(adjoining_margins: Iterable[Any]) -> Any:
    """The sum of the largest and the smallest of the margins, each 0 by default."""
    largest = smallest = 0
    for margin in adjoining_margins:
        if margin > largest:
            largest = margin
        elif margin < smallest:
            smallest = margin
    return largest + smallest


def install() -> None:
    """Installs this. Idempotent."""
    plain = Box.is_in_normal_flow
    if block.collapse_margin is collapse_margin:
        return

    def is_in_normal_flow(box: Any) -> bool:
        style = box.style
        if style["float"] == "none" and style["position"] in IN_PLACE:
            return True
        found: bool = plain(box)
        return found

    Box.is_in_normal_flow = is_in_normal_flow
    block.collapse_margin = collapse_margin
