"""Prints a long document in parallel: its sections in forked processes, joined to one PDF.

A section begins on a new page, so only two things depend on the others: the number of its first page,
and the pages after it. A process lays a section out, sends its length and draws its pages; when all lengths are known, it
draws the margins and hands the section over as finished PDF objects (`merging`). The result does not depend on the number of
cores, because the document decides on the sections. There are as many processes as cores (`printers`), and they begin with the
first sections while their caller still makes the last.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from operator import itemgetter
from typing import Any

from service.engines.weasyprint.sections import font_usage, merging
from service.engines.weasyprint.sections.page_offsets import Extent, Place, numbered, pages_of, places
from service.engines.weasyprint.sections.processes import Press, Printer, Queue


class Others:
    """All sections but the front, seen from the process that prints the front and joins the whole."""

    def __init__(self, press: Press) -> None:
        self.queue, self.press = Queue(), press
        self.printers: list[Printer] = []
        self.cores = len(os.sched_getaffinity(0))
        self.reported: list[dict[str, Any]] = []
        self.messages: dict[str, None] = {}
        self.pages = 0

    def add(self, html: str) -> None:
        """One more section; it is begun while its caller makes the next one."""
        self.queue.put(html)
        if len(self.printers) < self.cores:
            self.printers.append(Printer(self.press, self.queue, self.printers))

    def lay_out(self, front: Callable[[Mapping[str, int]], str], lay_out: Callable[[str], Any]) -> tuple[Any, frozenset[str]]:
        """The front's document, with the right numbers in it, and all anchors; the others then draw their margins.

        The front is laid out again when its table of contents gets the numbers, for which its own length must be known.
        """
        self.queue.end()
        document = lay_out(front({}))
        rest = self._extents()
        length, met = 0, list[Extent]()
        while length != len(document.pages):
            length = len(document.pages)
            self.pages = length + sum(extent.pages for extent in rest)

            def meet(extent: Extent) -> Place:
                met.append(extent)
                return Place(0, self.pages)

            with numbered(meet, self.press.spare):
                document = lay_out(front(pages_of(length, met[-1:], rest)))
        found = places(met[-1], rest)
        for printer in self.printers:
            printer.tell({str(number): asdict(found[number]) for number in printer.sections})
        return document, frozenset(found[0].anchors)

    def _extents(self) -> list[Extent]:
        """Waits until all sections are laid out."""
        extents: dict[int, Extent] = {}
        for printer in self.printers:
            while "number" in (header := printer.hear()[0]):
                printer.sections.append(number := header.pop("number"))
                extents[number] = Extent(**header)
        return [extents[number] for number in range(self.queue.count)]

    def merge_fonts(self, known: dict[int, Any], font_map: Any) -> None:
        """Waits until the others have drawn, and adds the glyphs that they used."""
        reported = [printer.hear()[0] for printer in self.printers for _ in printer.sections]
        self.reported = sorted(reported, key=itemgetter("number"))
        for each in self.reported:
            self.messages |= dict.fromkeys(each["messages"])
        font_usage.merge(known, [usage for each in self.reported for usage in each["fonts"]], font_map)

    def join(self, document: Any, pdf: Any, fonts_number: int) -> None:
        """The pages of the others behind those of the front."""
        rooms = merging.room(pdf, self.reported, fonts_number)
        printers = {number: printer for printer in self.printers for number in printer.sections}
        for printer in self.printers:
            printer.tell({str(number): rooms[number] for number in printer.sections})
        for number, room in enumerate(rooms):
            header, (data,) = printers[number].hear()
            merging.add(pdf, room, header, data)
        merging.add_outline(pdf, document, self.reported)


@contextlib.contextmanager
def printed_next_to(press: Press) -> Iterator[Others]:
    others = Others(press)
    done = False
    try:
        yield others
        done = True
    finally:
        others.queue.close()
        for printer in others.printers:
            printer.end(done)
