"""A block whose first content is a float that does not fit moves to the next page as a whole.

WeasyPrint 70 ends the block before the float and leaves an empty piece of it on the page. The heading above the block stays
with that piece (`break-after: avoid`), so it is the last line of its page, and the marker of a list item is alone.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import block


def install() -> None:
    """Makes WeasyPrint move such blocks. Idempotent."""
    plain = block.block_box_layout
    if hasattr(plain, "plain"):
        return

    def lay_out(context: Any, box: Any, bottom_space: float, skip_stack: Any, *rest: Any, **column: Any) -> Any:
        result = plain(context, box, bottom_space, skip_stack, *rest, **column)
        if column:
            return result
        page_is_empty, absolute_boxes, fixed_boxes = rest[1:4]
        if page_is_empty or skip_stack is not None or not _is_empty_piece(box, result):
            return result
        block.remove_placeholders(context, result[0].children, absolute_boxes, fixed_boxes)
        return None, None, {"break": "any", "page": box.page_values()[0]}, [], False, result[-1]

    lay_out.plain = plain  # type: ignore[attr-defined]
    block.block_box_layout = lay_out


def _is_empty_piece(box: Any, result: Any) -> bool:
    """Whether the block ends before its first content, which is a float. A marker is not content."""
    piece, resume_at = result[0], result[1]
    if piece is None or not resume_at or any(not each.is_absolutely_positioned() for each in piece.children):
        return False
    ((index, rest),) = resume_at.items()
    return rest is None and index < len(box.children) and box.children[index].is_floated()
