"""Properties that nobody set, without all that must be asked of those that somebody did.

WeasyPrint computes each property of each element when it is first asked for: 10,000 times for a page or two. Most are
set nowhere, and are then their parent's or their initial value; `install` answers those at once.
"""

from __future__ import annotations

from typing import Any

from weasyprint.css import ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

# Computed by rules of their own, set or not; and physical properties, for which a logical one may be set.
OWN_RULES = {"float", "display", "position", "page"} | {key for key in INITIAL_VALUES if key.startswith("text_decoration_")}
PLAIN = frozenset(INITIAL_VALUES) - OWN_RULES - frozenset(PHYSICAL_FUNCTIONS)
INHERITED_PLAIN = PLAIN & frozenset(INHERITED)
INITIAL_PLAIN = PLAIN - frozenset(INHERITED) - frozenset(INITIAL_NOT_COMPUTED)


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    plain = ComputedStyle.__missing__
    if hasattr(plain, "plain"):
        return

    def missing(style: Any, key: str) -> Any:
        if key not in style.cascaded:
            if key in INITIAL_PLAIN:
                value = style[key] = INITIAL_VALUES[key]
                return value
            if key in INHERITED_PLAIN and style.parent_style is not None:
                value = style.parent_style[key]
                if not check_math(value):
                    style[key] = value
                    return value
        return plain(style, key)

    missing.plain = plain  # type: ignore[attr-defined]
    ComputedStyle.__missing__ = missing
