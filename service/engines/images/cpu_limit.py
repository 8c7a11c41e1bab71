"""A picture in a process of its own, which ends after some seconds of CPU: a picture that is too costly costs itself.

A decoder can't be stopped from within: it is C or Rust that asks nobody. So what may take long runs in a fork of the
worker, in its sandbox, under RLIMIT_CPU. A fork of a warm worker takes some 5 ms (measured).
"""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Callable
from dataclasses import dataclass

from service.engines.sandbox.limits import die_with_parent

SECONDS = 5  # of CPU for one picture
SECONDS_IN_ALL = 20  # for the pictures of one document: a third of the time to write it


class TooSlow(Exception):
    """It was ended, or the document had no time left."""


class Failed(Exception):
    """The work raised, or its process died; the text is that of the exception."""


@dataclass(slots=True)
class Allowance:
    """What is left for the pictures of one document, in CPU-seconds."""

    seconds: float = SECONDS_IN_ALL

    def run(self, work: Callable[[], bytes]) -> bytes:
        """What `work` answers, from a process of its own. Raises TooSlow and Failed."""
        seconds = int(min(SECONDS, self.seconds))
        if seconds < 1:
            raise TooSlow
        take, give = os.pipe()
        process = os.fork()
        if not process:
            os.close(take)
            _live(work, give, seconds)
        os.close(give)
        with os.fdopen(take, "rb") as stream:
            answer = stream.read()
        _, status, usage = os.wait4(process, 0)
        self.seconds -= usage.ru_utime + usage.ru_stime
        if usage.ru_utime + usage.ru_stime >= seconds and status:
            raise TooSlow
        if status or not answer.startswith(b"+"):
            raise Failed(answer[1:].decode(errors="replace"))
        return answer[1:]


def _live(work: Callable[[], bytes], give: int, seconds: int) -> None:
    """The life of the process; it never returns. The kernel ends it by SIGKILL: at the hard limit nothing is asked."""
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
