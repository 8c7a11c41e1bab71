"""A picture that nearly fits the rest of the page becomes smaller, so that the rest is not empty.

WeasyPrint moves it to the next page, with any empty rest: a newsletter of 60 lines took six pages, each half empty.
`install` applies to a paragraph of pictures (`p.picture`) and to a figure: they use the rest down to LEAST of their size.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from math import inf
from typing import Any

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure.boxes import ParentBox, ReplacedBox
from weasyprint.layout import block

LEAST = 0.55  # of the height that the pictures would have
SPARE = 1  # pixel, for rounding
LOWEST = 100  # pixels of a picture: below that, the next page is the better place


def install() -> None:
    """Makes WeasyPrint follow this rule. Idempotent."""
    plain = block.block_level_layout_switch
    if hasattr(plain, "plain"):
        return

    def lay_out(context: Any, box: Any, bottom_space: float, skip_stack: Any, *rest: Any, **flex: Any) -> Any:
        if flex or skip_stack is not None or not _holds_pictures(box):
            return plain(context, box, bottom_space, skip_stack, *rest, **flex)
        margins = box.margin_top, box.margin_bottom
        result = plain(context, box, bottom_space, skip_stack, *rest)
        page_is_empty = rest[1]
        if result[0] is not None or page_is_empty:
            return result

        def again(space: float) -> Any:
            box.margin_top, box.margin_bottom = margins
            return plain(context, box, space, skip_stack, *rest)

        whole = again(-inf)[0]
        factor = None if whole is None else _factor(context.page_bottom - bottom_space, whole)
        if factor is None:
            return again(bottom_space)
        with _scaled(list(_pictures(box)), list(_pictures(whole)), factor):
            return again(bottom_space)

    lay_out.plain = plain  # type: ignore[attr-defined]
    block.block_level_layout_switch = lay_out


def _holds_pictures(box: Any) -> bool:
    element = box.element
    if element is None or box.element_tag not in ("p", "figure"):
        return False
    return bool(box.element_tag == "figure" or element.get("class") == "picture")


def _pictures(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        if isinstance(child, ReplacedBox):
            yield child
        elif isinstance(child, ParentBox):
            yield from _pictures(child)


def _factor(bottom: float, whole: Any) -> float | None:
    """The factor by which its pictures become smaller so that `whole` ends at `bottom`; None if they would be too small."""
    pictures = list(_pictures(whole))
    rows = {round(each.position_y) for each in pictures}
    if not pictures or len(rows) > 1:
        return None
    height = max(each.height for each in pictures)
    overflow = whole.border_box_y() + whole.border_height() - bottom
    left = height - overflow - SPARE
    return left / height if left >= max(LEAST * height, LOWEST) else None


@contextlib.contextmanager
def _scaled(pictures: Sequence[Any], laid_out: Sequence[Any], factor: float) -> Iterator[None]:
    """Inside the block the boxes of `pictures` have `factor` times their sizes in `laid_out`."""
    styles = [each.style for each in pictures]
    for picture, known in zip(pictures, laid_out, strict=True):
        picture.style = picture.style.copy()
        picture.style["width"] = Dimension(known.width * factor, "px")
        picture.style["height"] = Dimension(known.height * factor, "px")
    try:
        yield
    finally:
        for picture, style in zip(pictures, styles, strict=True):
            picture.style = style
