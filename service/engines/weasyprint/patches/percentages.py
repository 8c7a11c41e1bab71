"""Resolves margins, paddings and sizes in plain lengths once for a style instead of once for a box.

WeasyPrint resolves twenty properties against the containing block in each layout of a box: a tenth of the time of
a page. Most boxes have no percentage among them: this patch keeps the values of such a style for all its boxes.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.formatting_structure.boxes import BlockBox, InlineBox, LineBox, TextBox
from weasyprint.layout import absolute, block, column, inline, page, percent, table
from weasyprint.layout import float as floats

EDGES = ("left", "right", "top", "bottom")
SPACES = tuple(f"{name}_{side}" for name in ("margin", "padding") for side in EDGES)
BORDERS = tuple(f"border_{side}_width" for side in EDGES)
SIZES = ("width", "height", "min_width", "min_height", "max_width", "max_height")
USERS = (absolute, block, column, floats, inline, page, table)  # flex and grid write into styles: WeasyPrint handles them
RELATIVE = object()
INSIDE = frozenset({BlockBox, InlineBox, LineBox, TextBox})  # boxes that are not parts of a table never share borders
sizes_of = itemgetter(*SIZES)  # properties that flex and grid containers may change later
VALUES = ("box_sizing", *BORDERS, *SPACES, *SIZES)
values_of = itemgetter(*VALUES)
INITIAL = ("content-box", 0, 0, 0, 0, *(INITIAL_VALUES[name] for name in (*SPACES, *SIZES)))


def install() -> None:
    """Installs this. Idempotent."""
    plain = percent.resolve_percentages
    if block.resolve_percentages is not plain:
        return

    def resolve(box: Any, containing_block: Any) -> None:
        style = box.style
        try:
            sizes, fixed, collapsing = style.lengths
        except AttributeError:
            sizes, fixed, collapsing = style.lengths = sizes_of(style), _fixed(style), style["border_collapse"] == "collapse"
        if fixed is None or sizes != sizes_of(style) or (collapsing and type(box) not in INSIDE):
            plain(box, containing_block)
        else:
            box.__dict__.update(fixed)

    for user in USERS:
        user.resolve_percentages = resolve


def _fixed(style: Any) -> dict[str, Any] | None:
    """The used values as attributes of a box; None if one of them depends on its surroundings."""
    if values_of(style) == INITIAL:
        return NOTHING
    if style["box_sizing"] != "content-box":
        return None
    if style["border_collapse"] == "collapse" and any(style[name] for name in BORDERS):
        return None
    return _lengths(style)


def _lengths(style: Any) -> dict[str, Any] | None:
    found = {name: _length(style[name]) for name in (*SPACES, *SIZES)}
    if RELATIVE in found.values():
        return None
    for name in ("min_width", "min_height"):
        found[name] = 0 if found[name] == "auto" else found[name]
    return found | {name: style[name] for name in BORDERS}


def _length(value: Any) -> Any:
    if value == "auto":
        return value
    return value.value if getattr(value, "unit", None) == "px" else RELATIVE


NOTHING = _lengths(dict(zip(VALUES, INITIAL, strict=True)))
