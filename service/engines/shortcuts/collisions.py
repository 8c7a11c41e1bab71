"""Lines that no float stands beside, placed without a look for floats.

WeasyPrint asks three times for each line where it may begin and how wide it may be, with lists of what floats on either
side. Where nothing floats, which is nearly everywhere, the answer is the edges of what holds the line: `install` gives it.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure.boxes import LineBox
from weasyprint.layout import inline


class Collisions:
    """Stands for `avoid_collisions` where lines are made; all that isn't a line running left to right goes to `plain`."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def __call__(self, context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
        if outer or type(box) is not LineBox or context.excluded_shapes or containing_block.style["direction"] != "ltr":
            return self.plain(context, box, containing_block, outer)
        # Sums in WeasyPrint's order: floats forgive no other.
        edge = containing_block.content_box_x()
        left, right = edge + box.margin_left, edge + containing_block.width - box.margin_right
        return left - box.margin_left, box.position_y + box.margin_top - box.margin_top, right - left


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    if not isinstance(inline.avoid_collisions, Collisions):
        inline.avoid_collisions = Collisions(inline.avoid_collisions)
