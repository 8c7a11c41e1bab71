"""The height and baseline of a style's lines, remembered with the style.

WeasyPrint has them in a table under a name of all the properties of fonts, and writes that name anew, 200 characters, for
each line and each box in it: 3,500 times in a manual of 33 pages.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    plain = inline.strut
    if hasattr(plain, "plain"):
        return

    def strut(style: Any) -> tuple[float, float]:
        try:
            found: tuple[float, float] = style.own_strut
        except AttributeError:
            found = style.own_strut = plain(style)
        return found

    strut.plain = plain  # type: ignore[attr-defined]
    inline.strut = strut
