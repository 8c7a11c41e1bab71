"""The processes that print the sections of a long document: the worker's own children, forked from it.

They are in its sandbox, in its process group that a deadline kills, and nicer than the worker itself, so that a long
document does not keep short ones waiting. Each takes the next section after one is laid out, and reuses fonts, hyphens and
widths of words.
"""

from __future__ import annotations

import contextlib
import gc
import os
import struct
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from service.engines.failures import problem_of
from service.engines.sandbox.limits import die_with_parent
from service.engines.weasyprint.sections import Unjoinable, merging
from service.engines.weasyprint.sections.margins import Margins, left_out
from service.engines.weasyprint.sections.page_offsets import Place
from service.model import frames
from service.model.errors import ColophonError, EngineCrashed, Internal, from_dict

NICER = 5


@dataclass(frozen=True, slots=True)
class Press:
    """The functions to print a section: HTML → WeasyPrint's document, the options of writing it, and its log.

    `lay_out` leaves out the last `spare` pages.
    """

    lay_out: Callable[[str], Any]
    options: Mapping[str, Any]
    messages: Callable[[], contextlib.AbstractContextManager[dict[str, None]]]
    spare: int = 0


class Queue:
    """The sections that are to be laid out: HTML in memory that all processes share, and a pipe that holds a ticket for each.

    A process that reads a ticket takes the section. A printer waits there for a ticket or the end of the pipe.
    """

    TICKET = struct.Struct("=IIQ")  # number, size, and start; written and read at once, so that each is complete

    def __init__(self) -> None:
        self.count = self._end = 0
        self._memory = os.memfd_create("sections")
        self._take, self._give = os.pipe()

    def put(self, html: str) -> None:
        data = html.encode()
        written = 0
        while written < len(data):
            written += os.pwrite(self._memory, data[written:], self._end + written)
        os.write(self._give, self.TICKET.pack(self.count, len(data), self._end))
        self.count, self._end = self.count + 1, self._end + len(data)

    def take(self) -> tuple[int, str] | None:
        """The next section's number and HTML; None after the last."""
        ticket = os.read(self._take, self.TICKET.size)
        if not ticket:
            return None
        number, size, start = self.TICKET.unpack(ticket)
        return number, os.pread(self._memory, size, start).decode()

    def end(self) -> None:
        """Ends the queue. Idempotent."""
        if self._give >= 0:
            os.close(self._give)
            self._give = -1

    def close(self) -> None:
        self.end()
        os.close(self._take)
        os.close(self._memory)


class Printer:
    """One forked process and the two pipes to it. Frames go over them; from the fork on nothing else is shared but the queue."""

    def __init__(self, press: Press, queue: Queue, others: Sequence[Printer]) -> None:
        self.sections: list[int] = []  # those that it took
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
        queue.end()
        _live(Printing(press, queue, os.fdopen(theirs, "rb"), os.fdopen(ours, "wb")))

    def tell(self, header: Mapping[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):  # it ended: `hear` reports that
            frames.send(self.requests, header)

    def hear(self) -> tuple[dict[str, Any], list[bytes]]:
        """Raises Unjoinable, another error of the process, or EngineCrashed if it has ended."""
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
        """Closes the pipes, which ends the process. It does not wait: a busy process ends at its next read, or is killed."""
        with contextlib.suppress(BrokenPipeError):
            self.requests.close()
        self.answers.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.process, 0 if done else os.WNOHANG)


def _live(printing: Printing) -> None:
    """The main function of a printer; it never returns."""
    try:
        die_with_parent()
        os.nice(NICER)
        gc.disable()  # its objects live as long as the process, and a collection would copy shared memory
        printing.run()
    except Unjoinable as reason:
        frames.send(printing.answers, {"unjoinable": str(reason)})
    except BaseException as error:
        reported = {"error": _public(error).as_dict(), "cause": traceback.format_exc(limit=-12)}
        with contextlib.suppress(BaseException):
            frames.send(printing.answers, reported)
    finally:
        os._exit(0)


def _public(error: BaseException) -> ColophonError:
    found = problem_of(error)
    return EngineCrashed() if type(found) is Internal else found


class Printing:
    """The inside of a printer."""

    def __init__(self, press: Press, queue: Queue, requests: BinaryIO, answers: BinaryIO) -> None:
        self.press, self.queue = press, queue
        self.requests, self.answers = requests, answers
        self.pieces: dict[int, tuple[merging.Piece, Margins]] = {}
        self.messages: dict[int, dict[str, None]] = {}
        self.heard: dict[str, None] = {}

    def run(self) -> None:
        with self.press.messages() as self.heard:
            while (taken := self.queue.take()) is not None:
                self._draw(*taken)
            frames.send(self.answers, {"laid_out": True})
            places, _ = frames.receive(self.requests)
            for number in sorted(self.pieces):
                self._number(number, Place(**places[str(number)]))
        rooms, _ = frames.receive(self.requests)
        for number in sorted(self.pieces):
            header, data = self.pieces.pop(number)[0].moved(rooms[str(number)])
            frames.send(self.answers, header, data)

    def _draw(self, number: int, html: str) -> None:
        """Draws the pages of a section without their margins, which need its place."""
        with left_out(self.press.spare) as margins:
            document = self.press.lay_out(html)
        frames.send(self.answers, {"number": number} | asdict(margins.extent))
        self.pieces[number] = merging.draw(document, self.press.options), margins
        margins.let_go()
        self._listen(number)

    def _number(self, number: int, place: Place) -> None:
        piece, margins = self.pieces[number]
        piece.place_in(place, margins)
        self._listen(number)
        frames.send(self.answers, piece.reported() | {"number": number, "messages": list(self.messages[number])})

    def _listen(self, number: int) -> None:
        """The records since then are of this section."""
        self.messages.setdefault(number, {}).update(self.heard)
        self.heard.clear()
