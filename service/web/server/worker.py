"""The process that serves, as gunicorn starts it: one listener in its main thread."""

from __future__ import annotations

import logging
import os
import sys

from gunicorn.workers.base import Worker as Base

from service.jobs.keys.policy import required
from service.web import authentication
from service.web.server.listener import Listener
from service.web.services import of

# waitress warns when requests wait for threads: metrics tell that, and `waiting` bounds it.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


# Seconds after which a thread that computes lets another one run. A probe waits for several turns: with four threads that
# compute, and Python's 5 ms, /healthz took 270 ms on a busy machine (median), and 22 ms with 1 ms.
TURN = 0.001


class Worker(Base):
    """Ends when gunicorn says so, or is gone; requests under way may end within `graceful_timeout`."""

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
