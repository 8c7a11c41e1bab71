"""Handles unset properties without the work for set ones.

WeasyPrint computes each property of each style when it is first requested: 10,000 times for a few pages. Most are not
set, and have their initial value or that of their parent. With this patch a style gets all initial values when it is
created, and returns inherited ones directly.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from weasyprint.css import AnonymousStyle, ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

# Computed by their own rules, set or not.
OWN_RULES = {"float", "display", "position", "page"} | {key for key in INITIAL_VALUES if key.startswith("text_decoration_")}
PLAIN = frozenset(INITIAL_VALUES) - OWN_RULES
INHERITED_PLAIN = PLAIN & frozenset(INHERITED)
# A border without a style has no width (CSS Backgrounds, 3.3); all others have their initial values.
BORDERS = {f"border_{side}_width": 0 for side in ("top", "right", "bottom", "left")}
INITIAL: dict[str, Any] = {key: INITIAL_VALUES[key] for key in PLAIN - frozenset(INHERITED) - frozenset(INITIAL_NOT_COMPUTED)}
INITIAL |= BORDERS
DIRECTIONS = [(block, inline) for block in ("ttb", "btt") for inline in ("ltr", "rtl")]


def _dependents() -> dict[str, set[str]]:
    """Property → those of INITIAL that are not initial where it is set: itself, and the physical ones it may represent."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in INITIAL:
        causes = {key, key.replace("width", "style")} if key in BORDERS else {key}
        for cause in causes:
            found[cause].add(key)
            if logical := PHYSICAL_FUNCTIONS.get(cause):
                for block, inline in DIRECTIONS:
                    found[logical(block=block, inline=inline)].add(key)
    return dict(found)


DEPENDENTS = _dependents()


def install() -> None:
    """Installs this. Idempotent."""
    plain_init, plain_anonymous, plain_missing = ComputedStyle.__init__, AnonymousStyle.__init__, ComputedStyle.__missing__
    if hasattr(plain_missing, "plain"):
        return

    def init(style: Any, parent_style: Any, cascaded: Any, *rest: Any) -> None:
        plain_init(style, parent_style, cascaded, *rest)
        style.update(INITIAL)
        for key in cascaded:
            for dependent in DEPENDENTS.get(key, ()):
                style.pop(dependent, None)

    def anonymous(style: Any, parent_style: Any) -> None:
        plain_anonymous(style, parent_style)
        style.update(INITIAL)

    def missing(style: Any, key: str) -> Any:
        if key in INHERITED_PLAIN and key not in style.cascaded and style.parent_style is not None:
            value = style.parent_style[key]
            if not check_math(value):
                style[key] = value
                return value
        return plain_missing(style, key)

    missing.plain = plain_missing  # type: ignore[attr-defined]
    ComputedStyle.__init__, ComputedStyle.__missing__ = init, missing
    AnonymousStyle.__init__ = anonymous
