"""The places of the sections of a long document: the report of each after its layout, and the data that it receives then."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import weasyprint.layout
from weasyprint.layout import make_margin_boxes


@dataclass(slots=True)
class Extent:
    """The report of a section after its layout: its pages, the places of its anchors, and the last of each running text."""

    pages: int
    anchors: dict[str, int]
    running: dict[str, str]


@dataclass(slots=True)
class Place:
    """The data for a section: the pages before it, those of the whole, all anchors, and the running texts before it."""

    before: int
    total: int
    anchors: list[str] = field(default_factory=list)
    running: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def numbered(meet: Callable[[Extent], Place], spare: int) -> Iterator[None]:
    """Within it, a layout stops when its pages are made, reports its extent, and numbers them by the place that it gets.

    For the front; the other sections are drawn before they get their place (`margins`).

    WeasyPrint makes the margins of the first page when the last page is laid out: that is the moment.
    """
    place: list[Place] = []

    def margins(context: Any, page: Any, state: Any) -> Any:
        if not place:
            place.append(meet(extent_of(context, spare)))
            continue_running(context, place[0].running)
        counters = state[1]
        counters["page"] = [number + place[0].before for number in counters.get("page", [0])]
        counters["pages"] = [place[0].total]
        return make_margin_boxes(context, page, state)

    around = weasyprint.layout.make_margin_boxes
    weasyprint.layout.make_margin_boxes = margins
    try:
        yield
    finally:
        weasyprint.layout.make_margin_boxes = around


def extent_of(context: Any, spare: int) -> Extent:
    """The extent of a section whose pages are made."""
    pages = context.page_maker
    anchors: dict[str, int] = {}
    for number, (_, _, _, _, state) in enumerate(pages):
        for name in state.get("anchors", ()):
            anchors.setdefault(name, number)
    running = {name: by_page[max(by_page)][-1] for name, by_page in context.string_set.items() if by_page}
    return Extent(len(pages) - 1 - spare, anchors, running)


def continue_running(context: Any, running: Mapping[str, str]) -> None:
    """Gives the first page the running texts of the sections before, if it has no running text."""
    for name, text in running.items():
        if not context.string_set[name].get(1):
            context.string_set[name][1].append(text)


def places(front: Extent, rest: Sequence[Extent]) -> list[Place]:
    """The place of each section behind the front, in order."""
    every = [front, *rest]
    total = sum(extent.pages for extent in every)
    anchors = [name for extent in every for name in extent.anchors]
    found, before, running = list[Place](), front.pages, dict(front.running)
    for extent in rest:
        found.append(Place(before, total, anchors, dict(running)))
        before += extent.pages
        running |= extent.running
    return found


def pages_of(front: int, own: Sequence[Extent], rest: Sequence[Extent]) -> dict[str, int]:
    """The page of each anchor, counted from 1; those of the front where it was laid out before."""
    found, before = dict[str, int](), 0
    for extent in (*own, *([] if own else [Extent(front, {}, {})]), *rest):
        for name, index in extent.anchors.items():
            found.setdefault(name, before + index + 1)
        before += extent.pages
    return found
