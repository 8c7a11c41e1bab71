"""A long document printed side by side: each of its sections in a process of its own, all joined to one PDF.

A section begins on a page of its own, so that nothing but two things depends on the others: the number of its first page,
and the pages behind it. A forked process lays its section out and tells its length; when all have told, each gets its
numbers, draws its pages, and hands over finished PDF objects (`joining`). What is made does not depend on how many
cores there are: the sections are the document's, and the system shares the cores among them.

The processes are the worker's own children: in its sandbox, in its process group that a deadline kills, and nicer than the
worker itself, so that a long document does not keep short ones waiting.
"""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

import weasyprint.layout
from weasyprint.layout import make_margin_boxes

from service.engines import frames, glyphs, joining
from service.engines.glyphs import Unjoinable
from service.engines.sandbox import die_with_parent
from service.errors import ColophonError, EngineCrashed, TooComplex, from_dict

NICER = 5


@dataclass(frozen=True, slots=True)
class Press:
    """What a section is printed with: HTML → WeasyPrint's document, the options of writing it, and its log meanwhile.

    `lay_out` leaves out the last `spare` pages.
    """

    lay_out: Callable[[str], Any]
    options: Mapping[str, Any]
    messages: Callable[[], contextlib.AbstractContextManager[dict[str, None]]]
    spare: int = 0


@dataclass(slots=True)
class Extent:
    """What a section tells when it is laid out: its pages, where its anchors are, and the last of each running text."""

    pages: int
    anchors: dict[str, int]
    running: dict[str, str]


@dataclass(slots=True)
class Place:
    """What a section is told: the pages before it, those of the whole, all anchors, and the running texts before it."""

    before: int
    total: int
    anchors: list[str] = field(default_factory=list)
    running: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def numbered(meet: Callable[[Extent], Place], spare: int) -> Iterator[None]:
    """Within it, a layout stops when its pages are made, tells its extent, and numbers them by the place that it gets.

    WeasyPrint makes the margins of the first page when the last page is laid out: that is the moment.
    """
    place: list[Place] = []

    def margins(context: Any, page: Any, state: Any) -> Any:
        if not place:
            place.append(meet(_extent(context, spare)))
            _continue_running(context, place[0].running)
        counters = state[1]
        counters["page"] = [number + place[0].before for number in counters.get("page", [0])]
        counters["pages"] = [place[0].total]
        return make_margin_boxes(context, page, state)

    weasyprint.layout.make_margin_boxes = margins
    try:
        yield
    finally:
        weasyprint.layout.make_margin_boxes = make_margin_boxes


def _extent(context: Any, spare: int) -> Extent:
    pages = context.page_maker
    anchors: dict[str, int] = {}
    for number, (_, _, _, _, state) in enumerate(pages):
        for name in state.get("anchors", ()):
            anchors.setdefault(name, number)
    running = {name: by_page[max(by_page)][-1] for name, by_page in context.string_set.items() if by_page}
    return Extent(len(pages) - 1 - spare, anchors, running)


def _continue_running(context: Any, running: Mapping[str, str]) -> None:
    for name, text in running.items():
        if not context.string_set[name].get(1):
            context.string_set[name][1].append(text)


class Section:
    """One forked process and the two pipes to it. Frames go over them; nothing else is shared from the fork on."""

    def __init__(self, html: str, press: Press, others: Sequence[Section]) -> None:
        theirs, self._send = os.pipe()
        self._receive, ours = os.pipe()
        self.process = os.fork()
        if self.process:
            os.close(theirs)
            os.close(ours)
            self.answers: BinaryIO = os.fdopen(self._receive, "rb")
            self.requests: BinaryIO = os.fdopen(self._send, "wb")
            return
        for descriptor in (self._send, self._receive, *(each for one in others for each in (one._send, one._receive))):
            os.close(descriptor)
        _live(html, press, os.fdopen(theirs, "rb"), os.fdopen(ours, "wb"))

    def tell(self, header: Mapping[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):  # it died: `hear` says so
            frames.send(self.requests, header)

    def hear(self) -> tuple[dict[str, Any], list[bytes]]:
        """Raises Unjoinable, what else went wrong in the process, or EngineCrashed when it is gone."""
        try:
            header, blobs = frames.receive(self.answers)
        except (EOFError, ValueError) as error:
            raise EngineCrashed() from error
        if "unjoinable" in header:
            raise Unjoinable(header["unjoinable"])
        if "error" in header:
            failure = from_dict(header["error"])
            failure.__cause__ = RuntimeError(header["cause"])
            raise failure
        return header, blobs

    def end(self, done: bool) -> None:
        """The process ends with its pipes. One that is not done is not waited for: it ends when it next asks, or is killed."""
        with contextlib.suppress(BrokenPipeError):
            self.requests.close()
        self.answers.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.process, 0 if done else os.WNOHANG)


def _live(html: str, press: Press, requests: BinaryIO, answers: BinaryIO) -> None:
    """The life of a section's process; it never returns."""
    try:
        die_with_parent()
        os.nice(NICER)
        _print(html, press, requests, answers)
    except Unjoinable as reason:
        frames.send(answers, {"unjoinable": str(reason)})
    except BaseException as error:
        told = {"error": _public(error).as_dict(), "cause": traceback.format_exc(limit=-12)}
        with contextlib.suppress(BaseException):
            frames.send(answers, told)
    finally:
        os._exit(0)


def _public(error: BaseException) -> ColophonError:
    if isinstance(error, (RecursionError, MemoryError)):
        return TooComplex("The document is nested more deeply, or needs more memory, than can be converted.")
    return error if isinstance(error, ColophonError) else EngineCrashed()


def _print(html: str, press: Press, requests: BinaryIO, answers: BinaryIO) -> None:
    place: list[Place] = []

    def meet(extent: Extent) -> Place:
        frames.send(answers, {"pages": extent.pages, "anchors": extent.anchors, "running": extent.running})
        place.append(Place(**frames.receive(requests)[0]))
        return place[0]

    with press.messages() as messages:
        with numbered(meet, press.spare):
            document = press.lay_out(html)
        piece = joining.draw(document, frozenset(place[0].anchors), press.options)
    frames.send(answers, piece.told() | {"messages": list(messages)})
    given, _ = frames.receive(requests)
    header, data = piece.moved(given)
    frames.send(answers, header, data)


class Others:
    """All sections but the front, seen from the process that prints the front and joins the whole."""

    def __init__(self, html: Sequence[str], press: Press) -> None:
        self.sections: list[Section] = []
        for each in html:
            self.sections.append(Section(each, press, self.sections))
        self.told: list[dict[str, Any]] = []
        self.messages: dict[str, None] = {}
        self.pages, self.spare = 0, press.spare
        self._fonts: Any = None

    def lay_out(self, front: Callable[[Mapping[str, int]], str], lay_out: Callable[[str], Any]) -> tuple[Any, frozenset[str]]:
        """The front's document, with the right numbers in it, and all anchors; the others then draw their pages.

        The front is laid out again when its table of contents gets the numbers, for which its own length must be known.
        """
        document = lay_out(front({}))
        rest = [Extent(**section.hear()[0]) for section in self.sections]
        length, met = 0, list[Extent]()
        while length != len(document.pages):
            length = len(document.pages)
            self.pages = length + sum(extent.pages for extent in rest)

            def meet(extent: Extent) -> Place:
                met.append(extent)
                return Place(0, self.pages)

            with numbered(meet, self.spare):
                document = lay_out(front(_pages(length, met[-1:], rest)))
        found = places(met[-1], rest)
        for section, place in zip(self.sections, found, strict=True):
            section.tell(asdict(place))
        return document, frozenset(found[0].anchors)

    def merge_fonts(self, known: dict[int, Any], font_map: Any) -> None:
        """Waits until the others have drawn, and adds the glyphs that they used."""
        for section in self.sections:
            self.told.append(section.hear()[0])
            self.messages |= dict.fromkeys(self.told[-1]["messages"])
        glyphs.merge(known, [usage for each in self.told for usage in each["fonts"]], font_map)

    def join(self, document: Any, pdf: Any, fonts_number: int) -> None:
        """The pages of the others behind those of the front."""
        rooms = joining.room(pdf, self.told, fonts_number)
        for section, room in zip(self.sections, rooms, strict=True):
            section.tell(room)
        for section, room in zip(self.sections, rooms, strict=True):
            header, (data,) = section.hear()
            joining.add(pdf, room, header, data)
        joining.add_outline(pdf, document, self.told)


@contextlib.contextmanager
def printed_beside(html: Sequence[str], press: Press) -> Iterator[Others]:
    others = Others(html, press)
    done = False
    try:
        yield others
        done = True
    finally:
        for section in others.sections:
            section.end(done)


def _pages(front: int, own: Sequence[Extent], rest: Sequence[Extent]) -> dict[str, int]:
    """The page of each anchor, counted from 1; those of the front where it was laid out before."""
    found, before = dict[str, int](), 0
    for extent in (*own, *([] if own else [Extent(front, {}, {})]), *rest):
        for name, index in extent.anchors.items():
            found.setdefault(name, before + index + 1)
        before += extent.pages
    return found


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
