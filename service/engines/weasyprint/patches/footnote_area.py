"""The height of the notes at the foot of a page, without all of them being laid out again for each new one.

WeasyPrint lays out the whole area whenever a note comes or goes: a page with n notes sets n²/2 of them. Here the height of a
row of notes is the height of the row without the last one, and what the last one adds to the note before it. Margins collapse
between neighbours alone (CSS 2.2, 8.3.1), so the sum is the same. The notes that are printed are laid out by WeasyPrint.
"""

from __future__ import annotations

from itertools import islice, pairwise
from math import inf, isinf
from typing import Any

from weasyprint import layout
from weasyprint.formatting_structure import build
from weasyprint.layout.block import block_level_layout

FEWEST = 3  # notes: fewer are laid out as they are
Key = tuple[int, ...]


def _update(plain: Any) -> Any:
    def update(context: Any) -> Any:
        area, notes = context.current_footnote_area, context.current_page_footnotes
        if len(notes) < FEWEST or not _grows(area):
            return plain(context)
        if area.height != "auto" and not context.in_column:
            context.page_bottom += area.margin_height()
        area.children = notes
        area.height = _height(context, area, notes)
        if not context.in_column:
            context.page_bottom -= area.margin_height()
        return False

    update.plain = plain  # type: ignore[attr-defined]
    return update


def _grows(area: Any) -> bool:
    """Whether the area is as high as its notes: with no limit nothing overflows."""
    style = area.style
    return style["height"] == "auto" and isinf(getattr(area, "max_height", 0)) and not getattr(area, "min_height", 1)


def _height(context: Any, area: Any, notes: list[Any]) -> float:
    total = _measured(context, area, notes[:2])
    for before, note in islice(pairwise(notes), 1, None):
        total += _measured(context, area, [before, note]) - _measured(context, area, [before])
    return total


def _measured(context: Any, area: Any, notes: list[Any]) -> float:
    """The height of one or two notes by WeasyPrint; kept with the notes, whose identity is the key, for this layout."""
    known: dict[Key, tuple[float, list[Any]]] = context.__dict__.setdefault("footnote_heights", {})
    key = (id(area.style), round(area.page.width * 64), *map(id, notes))
    if key not in known:
        area.children = notes
        copy = build.create_anonymous_boxes(area.deepcopy())
        laid_out = block_level_layout(context, copy, -inf, None, area.page)[0]
        known[key] = laid_out.height, [area.style, *notes]
        area.children = context.current_page_footnotes
    return known[key][0]


def install() -> None:
    """Puts this into WeasyPrint. Idempotent."""
    kept = layout.LayoutContext._update_footnote_area
    if not hasattr(kept, "plain"):
        layout.LayoutContext._update_footnote_area = _update(kept)
