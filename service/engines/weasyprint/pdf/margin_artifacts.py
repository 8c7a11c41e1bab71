"""Running heads and page numbers are artifacts of the page, not content (ISO 14289-1, 7.1; ISO 32000-2, 14.8.2.2).

WeasyPrint 70 tags their text as content and gives it elements that no part of the structure leads to: a screen reader may read
them, and each page of a long document has four objects more.
"""

from __future__ import annotations

from typing import Any

import pydyf
from weasyprint import draw
from weasyprint.formatting_structure.boxes import MarginBox


def install() -> None:
    """Makes WeasyPrint mark them. `tag_places` gives them no elements. Idempotent."""
    plain = draw.draw_stacking_context
    if hasattr(plain, "plain"):
        return

    def draw_stacking_context(stream: Any, context: Any) -> None:
        if stream._tags is None or not isinstance(context.box, MarginBox):
            plain(stream, context)
            return
        tags, stream._tags = stream._tags, None
        stream.begin_marked_content("Artifact", pydyf.Dictionary({"Type": "/Pagination"}))
        plain(stream, context)
        stream.end_marked_content()
        stream._tags = tags

    draw_stacking_context.plain = plain  # type: ignore[attr-defined]
    draw.draw_stacking_context = draw_stacking_context
