"""The kinds of page that a box begins and ends on, each found by going down one side of what it holds.

WeasyPrint asks each two neighbours for both, and goes down both sides of each box on the way: twice the boxes with each
level. `install` goes down the first boxes for the one and down the last for the other.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure.boxes import ParentBox


def page_values(box: Any) -> tuple[Any, Any]:
    """The names of the pages of the first and of the last box in it, or its own where they have none."""
    return _name(box, last=False), _name(box, last=True)


def _name(box: Any, *, last: bool) -> Any:
    if type(box).page_values is not page_values:
        return box.page_values()[last]
    for child in reversed(box.children) if last else box.children:
        if child.is_in_normal_flow() or child.is_floated():
            return _name(child, last=last) or box.style["page"]
    return box.style["page"]


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    ParentBox.page_values = page_values
