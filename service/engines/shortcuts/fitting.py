"""How wide a box is that is as wide as what it holds, without asking how narrow it could be.

WeasyPrint asks a marker of a list, a float, a running head for the width of its text in one line and for that of its longest
word, and takes what lies between where the place is too narrow for the line. It mostly isn't: `install` asks for the second
only then.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import absolute, inline, preferred
from weasyprint.layout import float as floats

USERS = (absolute, floats, inline, preferred)


def shrink_to_fit(context: Any, box: Any, available_content_width: Any) -> Any:
    """The content width of a box in what is there for it, as CSS 2.1 has it in 10.3.5."""
    widest = preferred.max_content_width(context, box, outer=False)
    if widest <= available_content_width:
        return widest
    return min(max(preferred.min_content_width(context, box, outer=False), available_content_width), widest)


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    for user in USERS:
        user.shrink_to_fit = shrink_to_fit
