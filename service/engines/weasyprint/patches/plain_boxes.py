"""Skips boxes without background, border image, shadow and rounded corners.

WeasyPrint tests nine properties of each box of each page to find that nothing is behind it: 80 % of the boxes are lines
and text that cannot have a background. This patch tests a style once for all its boxes.
"""

from __future__ import annotations

from typing import Any

from weasyprint.draw.color import get_color
from weasyprint.layout import background
from weasyprint.layout.absolute import AbsolutePlaceholder

CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
RADII = tuple(f"border_{corner}_radius" for corner in CORNERS)
IMAGES = ("border_image_source", "mask_border_source")
NOTHING: dict[str, Any] = dict.fromkeys(RADII, (0, 0)) | {"background": None}
NO_LENGTH = (0, "px")


def install() -> None:
    """Installs this. Idempotent."""
    plain = background.layout_box_backgrounds
    if hasattr(plain, "plain"):
        return

    def lay_out(page: Any, box: Any, get_image: Any, *rest: Any, **named: Any) -> None:
        style = box.style
        try:
            bare = style.nothing_behind
        except AttributeError:
            bare = style.nothing_behind = _is_bare(style)
        if not bare or box is page or rest or named:
            plain(page, box, get_image, *rest, **named)
            return
        real = box._box if isinstance(box, AbsolutePlaceholder) else box
        real.__dict__.update(NOTHING)
        for child in box.all_children():
            lay_out(page, child, get_image)

    lay_out.plain = plain  # type: ignore[attr-defined]
    background.layout_box_backgrounds = lay_out


def _is_bare(style: Any) -> bool:
    """Whether there is nothing to lay out behind a box of this style."""
    if any(style[name][0] != "none" for name in IMAGES) or style["box_shadow"]:
        return False
    if any(kind != "none" for kind, _value in style["background_image"]):
        return False
    if any(NO_LENGTH not in style[name] for name in RADII):
        return False
    return bool(get_color(style, "background_color").alpha == 0)
