"""The code inside a worker process: forked with loaded engines, it enters the sandbox and answers frames until the front ends."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from service.engines import Engines, formulas
from service.engines.failures import problem_of
from service.engines.fonts import face
from service.engines.pandoc.process import Pandoc, binary
from service.engines.sandbox import limits
from service.engines.weasyprint import patches, rendering
from service.model import frames
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.telemetry import timings
from service.workers import cpu_time, fork_server, sandbox_test

Operation = Callable[[Mapping[str, Any], Sequence[bytes], Engines], tuple[dict[str, Any], list[bytes]]]

# WeasyPrint recurses with the depth of the page; 10,000 frames fit the stack (measured), and passes.limits caps the depth.
RECURSION = 10_000
STACK = 256 << 20
LEFT = 10_000  # objects that may wait for the collector between two documents: they may hold pictures


def serve(operations: Mapping[str, Operation], stylesheets: Sequence[str] = ()) -> None:
    """Forks workers. Each answers frames on its standard input and output until its front ends.

    `stylesheets` are the sheets of most documents.
    """
    limits.die_with_parent()

    def warm(settings: Settings, targets: Sequence[str] | None) -> None:
        if targets is None or "pdf" in targets:
            patches.install(speed=settings.weasyprint_patches == "on")
            rendering.warm(stylesheets)
            formulas.warm()
        spare_the_collector()

    fork_server.serve(warm, lambda settings, folder: _work(operations, settings, folder))


def _work(operations: Mapping[str, Operation], settings: Settings, folder: Path) -> None:
    """The main function of a worker. Other output goes to standard error."""
    answers: BinaryIO = os.fdopen(os.dup(1), "wb", frames.BUFFER)
    os.dup2(2, 1)
    requests: BinaryIO = os.fdopen(os.dup(0), "rb", frames.BUFFER)
    os.environ["TMPDIR"] = os.environ["HOME"] = str(folder)
    holds = limits.enter(settings, folder, [Path(binary())])
    pandoc = Pandoc(settings)
    holds["sealed"] = limits.seal(settings)
    holds["refused"] = sandbox_test.refused(settings, pandoc)
    frames.send(answers, {"ready": True, "sandbox": holds, "pandoc": pandoc.version, "pid": pandoc.pid})
    engines = Engines(pandoc=pandoc, settings=settings, step=lambda: frames.send(answers, {"step": True}))
    _with_large_stack(lambda: _loop(requests, answers, operations, engines))


def spare_the_collector() -> None:
    """Freezes the objects that exist now, because they stay, and because a page creates many objects with a long life.

    Without this, the collector took a tenth of the time of a PDF (measured).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def tidy() -> None:
    """Frees cycles (inline SVG, footnotes) between two documents, when the collector has few objects to visit."""
    if gc.get_count()[0] > LEFT:
        gc.collect(0)


def _with_large_stack(work: Callable[[], None]) -> None:
    """Runs `work` in a thread with a stack for deep recursion. The thread is in the sandbox, which was entered before."""
    with large_stack():
        thread = threading.Thread(target=work)
        thread.start()
    thread.join()


@contextlib.contextmanager
def large_stack() -> Iterator[None]:
    """Threads that start inside the block have a stack for the recursion of WeasyPrint. The recursion limit stays raised."""
    sys.setrecursionlimit(max(RECURSION, sys.getrecursionlimit()))
    before = threading.stack_size(STACK)
    try:
        yield
    finally:
        threading.stack_size(before)


def _loop(requests: BinaryIO, answers: BinaryIO, operations: Mapping[str, Operation], engines: Engines) -> None:
    while engines.pandoc.alive:
        try:
            header, blobs = frames.receive(requests)
        except EOFError:
            return
        began, before = time.monotonic(), cpu_time.spent(engines.pandoc.pid)
        with timings.collecting() as found:
            answer, parts = _answer(header, blobs, operations, engines)
        reported = {"cpu": round(cpu_time.spent(engines.pandoc.pid) - before, 4), "stages": timings.pack(found, began)}
        last = not engines.pandoc.alive or bool(face.SEEN)  # the library never removes a font from its cache
        frames.send(answers, answer | reported | {"last": last}, parts)
        if last:
            return
        del header, blobs, answer, parts
        tidy()


def _answer(
    header: Mapping[str, Any], blobs: Sequence[bytes], operations: Mapping[str, Operation], engines: Engines
) -> tuple[dict[str, Any], list[bytes]]:
    """The operation's answer, or the error as a frame."""
    try:
        answer, parts = perform(operations[header["operation"]], header, blobs, engines)
    except ColophonError as error:
        return _failure(error), []
    return {"answer": answer}, parts


def perform(
    operation: Operation, header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines
) -> tuple[dict[str, Any], list[bytes]]:
    """The operation's answer. Raises only ColophonError: a document must not end the worker from inside."""
    try:
        return operation(header, blobs, engines)
    except ColophonError:
        raise
    except Exception as error:
        if isinstance(error, SystemError):  # a C library is in an unknown state
            engines.pandoc.close()  # the worker ends with it
        raise problem_of(error) from error


def _failure(error: ColophonError) -> dict[str, Any]:
    """The public part and, for the log of the front, the private cause."""
    return {"error": error.as_dict(), "cause": traceback.format_exc(limit=-12)}
