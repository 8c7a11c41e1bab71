"""Runs the work on one picture in a separate process with a limit of CPU seconds: a costly picture does not cost the article.

Python cannot stop a decoder that is written in C or Rust. So work that may take long runs in a fork of the worker,
in its sandbox, under RLIMIT_CPU. The fork takes about 5 ms (measured).
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from service.engines.sandbox.limits import die_with_parent

ENDED = (signal.SIGXCPU, signal.SIGKILL)  # by the limit; by the kernel, which has no memory left
SECONDS = 5  # of CPU for one picture
WAIT, WAIT_IN_ALL = 15, 40  # seconds by the clock, of a picture and of a document
LEFT: list[int] = []  # processes that were not waited for
SECONDS_IN_ALL = 20  # for the pictures of one document: a third of the time to write it


class TooSlow(Exception):
    """The process was ended, or the document had no time left."""


class Busy(TooSlow):
    """The machine was too busy: it got too little CPU before its deadline. A second attempt may succeed."""


class Failed(Exception):
    """The work raised, or its process died; the text is that of the exception."""


@dataclass(slots=True)
class Allowance:
    """The time left for the pictures of one document: CPU seconds, and wall-clock time, of which a busy machine needs more."""

    seconds: float = SECONDS_IN_ALL
    until: float = field(default_factory=lambda: time.monotonic() + WAIT_IN_ALL)

    def run(self, work: Callable[[], bytes]) -> bytes:
        """Runs `work` in a separate process and returns its result. Raises TooSlow, Busy and Failed."""
        seconds = int(min(SECONDS, self.seconds))
        if time.monotonic() >= self.until:
            raise Busy
        if seconds < 1:
            raise TooSlow
        take, give = os.pipe()
        process = os.fork()
        if not process:
            os.close(take)
            _live(work, give, seconds)
        os.close(give)
        answer = _received(take, min(self.until, time.monotonic() + WAIT))
        if answer is None:  # the sandbox forbids signals to it: it ends by its limit, or when its pipe is closed
            self.seconds -= seconds
            LEFT.append(process)
            raise Busy
        _, status, usage = os.wait4(process, 0)
        _reap()
        ended = os.WIFSIGNALED(status) and os.WTERMSIG(status) in ENDED
        self.seconds -= seconds if ended else usage.ru_utime + usage.ru_stime
        if ended:
            raise TooSlow
        if status or not answer.startswith(b"+"):
            raise Failed(answer[1:].decode(errors="replace"))
        return answer[1:]


def _received(stream: int, until: float) -> bytes | None:
    """All bytes until the other end is closed; None if that takes too long."""
    parts: list[bytes] = []
    try:
        while select.select([stream], [], [], max(0.0, until - time.monotonic()))[0]:
            part = os.read(stream, 1 << 20)
            if not part:
                return b"".join(parts)
            parts.append(part)
    finally:
        os.close(stream)
    return None


def _reap() -> None:
    """Reaps the processes that were given up and have ended since."""
    for process in list(LEFT):
        with contextlib.suppress(ChildProcessError):
            if not os.waitpid(process, os.WNOHANG)[0]:
                continue
        LEFT.remove(process)


def _live(work: Callable[[], bytes], give: int, seconds: int) -> None:
    """The main function of the process; it never returns. At the hard limit the kernel ends it with SIGKILL."""
    try:
        die_with_parent()
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        try:
            answer = b"+" + work()
        except Exception as error:
            answer = b"-" + str(error).encode(errors="replace")
        with os.fdopen(give, "wb") as stream:
            stream.write(answer)
    finally:
        with contextlib.suppress(BaseException):
            os._exit(0)
