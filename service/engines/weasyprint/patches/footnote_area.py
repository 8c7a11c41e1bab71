"""Computes the height of the notes at the foot of a page without a new layout of all of them for each new one.

WeasyPrint lays out the whole area for each added or removed note: a page with n notes sets n²/2 of them. Here the height of a
row of notes is the height of the row without the last one, and what the last one adds to the note before it. Margins collapse
between neighbours alone (CSS 2.2, 8.3.1), so the sum is the same. After a note without a margin below it, a note adds its
own height. WeasyPrint lays out the printed notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isinf
from typing import Any, NamedTuple

from weasyprint import layout
from weasyprint.formatting_structure import build
from weasyprint.formatting_structure.boxes import BlockLevelBox
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
    total, keeps_margins = 0.0, area.border_top_width + area.padding_top > 0
    last: tuple[Any, Measured] | None = None
    for note in notes:
        alone = _measured(context, area, [note])
        if last is None or (keeps_margins and last[1].ends_flat and alone.begins_apart):
            total += alone.height
        else:
            total += _measured(context, area, [last[0], note]).height - last[1].height
        last = note, alone
    return total


class Measured(NamedTuple):
    """The height of one or two notes; whether no margin is below the last one, and no negative one above the first."""

    height: float
    ends_flat: bool
    begins_apart: bool
    notes: list[Any]  # whose identity is the key


def _measured(context: Any, area: Any, notes: list[Any]) -> Measured:
    """One or two notes as WeasyPrint lays them out; kept with the notes for this layout."""
    known: dict[Key, Measured] = context.__dict__.setdefault("footnote_heights", {})
    key = (id(area.style), round(area.page.width * 64), *map(id, notes))
    if key not in known:
        area.children = notes
        copy = build.create_anonymous_boxes(area.deepcopy())
        laid_out = block_level_layout(context, copy, -inf, None, area.page)[0]
        flat = all(each.margin_bottom == 0 for each in _edge(laid_out, -1))
        apart = all(each.margin_top >= 0 for each in _edge(laid_out, 0))
        known[key] = Measured(laid_out.height, flat, apart, [area.style, *notes])
        area.children = context.current_page_footnotes
    return known[key]


def _edge(area: Any, place: int) -> Iterator[Any]:
    """The boxes at one end of the area whose margins may collapse with those of a neighbour."""
    box = area
    while box.children and isinstance(box.children[place], BlockLevelBox):
        box = box.children[place]
        yield box


def install() -> None:
    """Installs this. Idempotent."""
    kept = layout.LayoutContext._update_footnote_area
    if not hasattr(kept, "plain"):
        layout.LayoutContext._update_footnote_area = _update(kept)
