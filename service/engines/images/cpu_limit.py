"""A picture in a process of its own, which ends after some seconds of CPU: a picture that is too costly costs itself.

A decoder cannot be stopped from within: it is C or Rust that asks no one. So what may take long runs in a fork of the
worker, in its sandbox, under RLIMIT_CPU. A fork of a warm worker takes some 5 ms (measured).
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
    """It was ended, or the document had no time left."""


class Busy(TooSlow):
    """The machine gave it too little CPU in the time by the clock: another try may end well."""


class Failed(Exception):
    """The work raised, or its process died; the text is that of the exception."""


@dataclass(slots=True)
class Allowance:
    """What is left for the pictures of one document: CPU-seconds, and time by the clock, which a busy machine needs more of."""

    seconds: float = SECONDS_IN_ALL
    until: float = field(default_factory=lambda: time.monotonic() + WAIT_IN_ALL)

    def run(self, work: Callable[[], bytes]) -> bytes:
        """What `work` answers, from a process of its own. Raises TooSlow, Busy and Failed."""
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
        if answer is None:  # no one here may send it a signal: it ends by its limit, or when no one reads what it answers
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
    """All that comes until the other end is closed; None where that takes too long."""
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
    """Those that were left alone and have ended since."""
    for process in list(LEFT):
        with contextlib.suppress(ChildProcessError):
            if not os.waitpid(process, os.WNOHANG)[0]:
                continue
        LEFT.remove(process)


def _live(work: Callable[[], bytes], give: int, seconds: int) -> None:
    """The life of the process; it never returns. The kernel ends it by SIGKILL at the hard limit."""
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
