"""Margins of pages that are drawn before their numbers are known, so that the boxes of their text are not kept in memory.

A page of text is a megabyte of boxes until it is drawn, and 0.15 MB of PDF objects then (measured). Only the
margins depend on other sections: page numbers, and running heads that go on from the section before.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint.layout
from weasyprint import draw
from weasyprint import pdf as weasyprint_pdf
from weasyprint.layout import make_margin_boxes
from weasyprint.layout.background import layout_box_backgrounds
from weasyprint.stacking import StackingContext

from service.engines.weasyprint.sections import Unjoinable
from service.engines.weasyprint.sections.page_offsets import Extent, Place, continue_running, extent_of

SCALE = 0.75  # PDF points per CSS pixel
# Attributes of a layout that contain boxes. Margins do not need them.
REMEMBERED: dict[str, type] = {
    "footnotes": list, "page_footnotes": dict, "current_page_footnotes": list, "reported_footnotes": list,
    "broken_out_of_flow": dict, "tables": dict, "dictionaries": dict, "_excluded_shapes": dict, "footnote_heights": dict,
}  # fmt: skip


@dataclass(slots=True)
class Margins:
    """The margins of one section: its pages without their content, and what WeasyPrint needs to lay margins out."""

    spare: int
    context: Any = None
    extent: Extent = field(default_factory=lambda: Extent(0, {}, {}))
    pages: list[tuple[Any, Any]] = field(default_factory=list)  # each with its counters

    def leave_out(self, context: Any, page: Any, state: Any) -> Sequence[Any]:
        """Replaces `make_margin_boxes`. Raises Unjoinable if a margin may contain text of the document."""
        if self.context is None:
            if any(boxes for found in context.running_elements.values() for boxes in found.values()):
                raise Unjoinable("running elements")
            self.context, self.extent = context, extent_of(context, self.spare)
        self.pages.append((page, state))
        return ()

    def let_go(self) -> None:
        """Removes the content of the pages after they are drawn."""
        for page, _ in self.pages:
            page.children = ()
        for name, kind in REMEMBERED.items():
            setattr(self.context, name, kind())
        collector, styles = self.context.target_collector, self.context.style_for
        collector.counter_lookup_items.clear()
        collector.target_lookup_items.clear()
        computed = styles._computed_styles
        styles._computed_styles = {key: style for key, style in computed.items() if not hasattr(key[0], "tag")}
        styles.styling, styles.later = None, {}

    def draw(self, place: Place, streams: Sequence[Any], pdf: Any) -> None:
        """Adds the margins to the `streams` of the pages of `pdf`."""
        continue_running(self.context, place.running)
        resources, images = streams[0]._resources, streams[0]._images
        known = {kind: set(resources[kind]) for kind in ("XObject", "Pattern", "Shading", "ExtGState")}
        for number, ((page, state), stream) in enumerate(zip(self.pages, streams, strict=False), 1):
            self.context.current_page = number
            state[1]["page"] = [each + place.before for each in state[1].get("page", [0])]
            state[1]["pages"] = [place.total]
            boxes = list(make_margin_boxes(self.context, page, state))
            with stream.stacked():
                stream.transform(a=SCALE, d=SCALE)
                for box in boxes:
                    layout_box_backgrounds(page, box, self.context.get_image_from_uri)
                    stream._tags = {}
                    draw.draw_stacking_context(stream, StackingContext.from_box(box, page))
        added = {
            kind: pydyf.Dictionary({name: each for name, each in resources[kind].items() if name not in names})
            for kind, names in known.items()
        }
        if any(added.values()):
            weasyprint_pdf._use_references(pdf, added | {"Font": resources["Font"]}, images, streams[0]._color_profiles)
            for kind, found in added.items():
                resources[kind].update(found)


@contextlib.contextmanager
def left_out(spare: int) -> Iterator[Margins]:
    """Within it, a layout makes pages without margins."""
    margins = Margins(spare)
    around = weasyprint.layout.make_margin_boxes
    weasyprint.layout.make_margin_boxes = margins.leave_out
    try:
        yield margins
    finally:
        weasyprint.layout.make_margin_boxes = around


def outline_of(pages: Sequence[Any]) -> list[Any]:
    """The rest of drawn pages: their heights and bookmarks."""
    return [SimpleNamespace(height=page.height, bookmarks=page.bookmarks) for page in pages]
