"""Keeps footnotes that WeasyPrint 70 loses: those of a line for which earlier notes were moved.

If a line does not fit and may not move, `_linebox_layout` moves notes to the next page until it fits, and keeps the line
without the notes that the line calls. These were on no page (found by `completeness`, in one of five documents with
six notes a paragraph).
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import block


def _linebox_layout(plain: Any) -> Any:
    def linebox_layout(context: Any, box: Any, index: int, child: Any, new_children: list[Any], *rest: Any) -> Any:
        found = plain(context, box, index, child, new_children, *rest)
        abort, stop, _, _, new_footnotes, _ = found
        if stop and not abort and new_children and context.footnotes:
            for called in new_children[-1].descendants():
                if called.footnote is not None and called.footnote in context.footnotes:
                    context.footnotes.remove(called.footnote)
                    context.reported_footnotes.append(called.footnote)
                    new_footnotes.append(called.footnote)
        return found

    linebox_layout.footnotes = True  # type: ignore[attr-defined]
    return linebox_layout


def install() -> None:
    """Makes WeasyPrint keep them. Idempotent."""
    if not hasattr(block._linebox_layout, "footnotes"):
        block._linebox_layout = _linebox_layout(block._linebox_layout)
