"""Faults on purpose, as SQLite tests itself (sqlite.org/testing.html): of all calls of a kind the n-th fails, for n = 1, 2, 3…

until the operation needs no more calls than that. Each time the operation must show a clear error, nothing half-written,
and that it works the next time.
"""

from __future__ import annotations

import errno
import io
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from sqlalchemy import Engine

FULL, BROKEN, READ_ONLY = (OSError(code, os.strerror(code)) for code in (errno.ENOSPC, errno.EIO, errno.EROFS))
NO_MEMORY = MemoryError("no memory")
FILES = ("open", "fsync", "replace", "rename", "utime", "mkdir", "unlink", "stat", "pread")
MOST = 200  # calls of one operation


@dataclass
class Faults:
    """Fails the `at`-th call that it hears of."""

    at: int
    error: BaseException
    heard: list[str] = field(default_factory=list)

    def hear(self, name: str) -> None:
        self.heard.append(name)
        if len(self.heard) == self.at:
            raise self.error

    @property
    def struck(self) -> bool:
        return len(self.heard) >= self.at


class FailingFile:
    """A file whose every write, read and flush is heard of."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._file, name)
        if name not in ("write", "writelines", "flush", "read"):
            return found

        def called(*given: Any) -> Any:
            self._faults.hear(name)
            return found(*given)

        return called

    def __enter__(self) -> FailingFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@contextmanager
def of_files(faults: Faults) -> Iterator[None]:
    """Calls of `os`, and what is written to files."""
    with pytest.MonkeyPatch.context() as patch:
        for name in FILES:
            patch.setattr(os, name, _heard(getattr(os, name), name, faults))
        plain_open, plain_fdopen = io.open, os.fdopen
        patch.setattr(io, "open", lambda *a, **b: _opened(plain_open, faults, *a, **b))
        patch.setattr(os, "fdopen", lambda *a, **b: FailingFile(plain_fdopen(*a, **b), faults))
        patch.setattr(tempfile._os, "open", os.open)  # type: ignore[attr-defined]
        yield


def _opened(plain: Any, faults: Faults, *given: Any, **named: Any) -> Any:
    faults.hear("open")
    return FailingFile(plain(*given, **named), faults)


def _heard(plain: Any, name: str, faults: Faults) -> Callable[..., Any]:
    def called(*given: Any, **named: Any) -> Any:
        faults.hear(name)
        return plain(*given, **named)

    return called


# What a database says, as its driver raises it.
DATABASE_FAULTS: dict[str, Callable[[str], BaseException]] = {
    "no room": lambda dialect: psycopg.errors.DiskFull("no room") if dialect == "postgresql" else _sqlite("SQLITE_FULL"),
    "broken": lambda dialect: psycopg.OperationalError("gone") if dialect == "postgresql" else _sqlite("SQLITE_IOERR_FSYNC"),
    "no memory": lambda dialect: psycopg.errors.OutOfMemory("x") if dialect == "postgresql" else _sqlite("SQLITE_NOMEM"),
}


def _sqlite(name: str) -> BaseException:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    return error


@contextmanager
def of_database(engine: Engine, faults: Faults) -> Iterator[None]:
    """Connections, statements and commits: each fails as the driver would, before it is done.

    What is in the pool is closed before, so that the first connection is a call as well.
    """

    dialect = engine.dialect
    plain, many, commit, connect = dialect.do_execute, dialect.do_executemany, dialect.do_commit, dialect.connect
    engine.dispose()

    def connected(*given: Any, **named: Any) -> Any:
        faults.hear("CONNECT")
        return connect(*given, **named)

    def execute(cursor: Any, statement: str, *rest: Any) -> Any:
        faults.hear(statement.split(maxsplit=1)[0])
        return plain(cursor, statement, *rest)

    def execute_many(cursor: Any, statement: str, *rest: Any) -> Any:
        faults.hear(statement.split(maxsplit=1)[0])
        return many(cursor, statement, *rest)

    def committed(connection: Any) -> Any:
        faults.hear("COMMIT")
        return commit(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialect, "connect", connected)
        patch.setattr(dialect, "do_execute", execute)
        patch.setattr(dialect, "do_executemany", execute_many)
        patch.setattr(dialect, "do_commit", committed)
        yield


# What the client of an object store says, as it raises it.
S3_FAULTS: dict[str, BaseException] = {
    "no connection": EndpointConnectionError(endpoint_url="https://s3.example/"),
    "silence": ReadTimeoutError(endpoint_url="https://s3.example/"),
    "overload": ClientError({"Error": {"Code": "SlowDown"}, "ResponseMetadata": {"HTTPStatusCode": 503}}, "PutObject"),
    "no right": ClientError({"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}, "PutObject"),
}


@contextmanager
def of_s3(faults: Faults) -> Iterator[None]:
    """Calls of an object store, each after the client has given up to repeat it."""
    plain = BaseClient._make_api_call  # type: ignore[attr-defined]

    def called(client: Any, name: str, given: Any) -> Any:
        faults.hear(name)
        return plain(client, name, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", called)
        yield


COUNTS: Counter[str] = Counter()  # of calls that were made to fail, by their names


def in_turn(error: BaseException) -> Iterator[Faults]:
    """Faults for the first call, the second, and so on; ends after the one that never struck."""
    for at in range(1, MOST):
        faults = Faults(at, error)
        yield faults
        if not faults.struck:
            return
        COUNTS[faults.heard[at - 1]] += 1
    raise AssertionError(f"an operation with more than {MOST} calls: {faults.heard}")
