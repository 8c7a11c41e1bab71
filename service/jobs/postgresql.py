"""Connections to PostgreSQL that end when the server does not answer.

`statement_timeout` is the server's, and keepalives are the kernel's: neither helps if the kernel acknowledges
all bytes while the server is stopped, or if a proxy in between has lost the server.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

# Limits of the server: in milliseconds.
OPTIONS = "-c statement_timeout=20000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
SILENCE = 25.0  # seconds of one statement: more than the server's own limit
CONNECT = 5  # seconds
POOL = {"pool_size": 4, "max_overflow": 60, "pool_pre_ping": True}


class BoundedConnection(psycopg.Connection[Any]):
    """Closes after SILENCE, and raises OperationalError."""

    def wait(self, gen: Generator[Any, Any, Any], *given: Any, **named: Any) -> Any:
        return super().wait(self._bounded(gen), *given, **named)

    def _bounded(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """psycopg resumes its generators ten times a second, also if nothing has arrived."""
        end = time.monotonic() + SILENCE
        try:
            state = next(gen)
            while True:
                ready = yield state
                if not ready and time.monotonic() > end:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"the server did not answer for {SILENCE:g} seconds")
                state = gen.send(ready)
        except StopIteration as ended:
            return ended.value


def open_engine(url: URL, pool_timeout: float) -> Engine:
    """An engine whose statements have a time limit. Nothing is connected yet."""
    given = {"connect_timeout": CONNECT, "options": OPTIONS, "application_name": "colophon"}
    engine = create_engine(url, connect_args=given, pool_timeout=pool_timeout, **POOL)
    event.listen(engine, "do_connect", lambda _, __, arguments, named: BoundedConnection.connect(*arguments, **named))
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("counting"):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
