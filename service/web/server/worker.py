"""The server process that gunicorn starts: one listener in its main thread."""

from __future__ import annotations

import logging
import os
import sys

from gunicorn.workers.base import Worker as Base

from service.jobs.keys.policy import required
from service.web import authentication
from service.web.server.listener import Listener
from service.web.services import of

# waitress warns when requests wait for threads. Metrics report that, and `waiting` limits it.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


# Seconds after which a computing thread lets another one run. A probe waits for several turns: with four computing
# threads and Python's 5 ms, /healthz took 270 ms on a busy machine (median), and 22 ms with 1 ms.
TURN = 0.001


class Worker(Base):
    """Ends on a signal of gunicorn, or when gunicorn has ended. Open requests may end within `graceful_timeout`."""

    def run(self) -> None:
        sys.setswitchinterval(TURN)
        settings = of(self.wsgi).settings
        judge = authentication.judge(self.wsgi) if required(settings) else None
        (listening,) = self.sockets
        listener = Listener(self.wsgi, settings, listening.sock, judge)
        while self.alive and self.ppid == os.getppid():
            self.notify()
            listener.step()
        listener.drain(self.cfg.graceful_timeout)
