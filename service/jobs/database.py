"""One database, SQLite or PostgreSQL: opens and migrates it, and translates its errors.

SQLite: write-ahead log, every commit is synced, writers take the lock at their start and wait up to `BUSY` seconds for it.
"""

from __future__ import annotations

import errno
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.engine import URL

from service.jobs import migrations
from service.model.errors import ColophonError, DatabaseDamaged, StorageFull, StorageUnavailable
from service.model.settings import Settings

BUSY = 5.0  # seconds
REMEMBERED = 10.0  # seconds for which readiness reports damage that one transaction found, because others may not read that page
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FULL = frozenset({"SQLITE_FULL", "53100"})  # SQLite's name, PostgreSQL's SQLSTATE
# SQLite; PostgreSQL's class "internal error", with data_corrupted and index_corrupted in it, and a file of it that is missing;
# a table, a column, a function that is not there.
DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "XX", "58P01", "42P01", "42703", "42883")


@contextmanager
def mapped() -> Iterator[None]:
    """Converts errors of the database to errors of the service. A fault of the code (a wrong statement) passes unchanged."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, exc.InternalError) as error:
        raise _meaning(error) from error
    except exc.DatabaseError as error:
        if not is_damage(error):
            raise
        raise _meaning(error) from error
    except (json.JSONDecodeError, exc.NoSuchTableError) as error:
        raise DatabaseDamaged(retry_after=60) from error  # a column that was written as JSON
    except OSError as error:
        raise (StorageFull() if error.errno in NO_ROOM else StorageUnavailable(retry_after=10)) from error


def _meaning(error: exc.SQLAlchemyError) -> ColophonError:
    if is_damage(error):
        return DatabaseDamaged(retry_after=60)
    return StorageFull() if _code(error) in FULL else StorageUnavailable(retry_after=5)


def is_damage(error: exc.SQLAlchemyError) -> bool:
    """Whether the database reports damage of its files."""
    return _code(error).startswith(DAMAGE)


def _code(error: exc.SQLAlchemyError) -> str:
    """SQLite's name of the error, or PostgreSQL's SQLSTATE, or an empty text."""
    cause = getattr(error, "orig", None)
    return str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")


def url_of(settings: Settings) -> URL:
    """Raises ValueError if it is neither SQLite nor PostgreSQL."""
    if not settings.database_url:
        return URL.create("sqlite", database=str(Path(settings.data_dir) / "colophon.db"))
    try:
        url = make_url(settings.database_url)
    except exc.ArgumentError as error:
        raise ValueError("COLOPHON_DATABASE_URL: not a database URL") from error
    name = url.get_backend_name().replace("postgres", "postgresql") if url.drivername == "postgres" else url.get_backend_name()
    if name == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if name == "sqlite" and url.database:
        return url
    raise ValueError(f"COLOPHON_DATABASE_URL: {url.drivername!r} is neither sqlite nor postgresql")


class Database:
    """Opened on first use, never before a fork. Safe in threads. Both transactions raise StorageUnavailable and StorageFull."""

    def __init__(self, settings: Settings) -> None:
        self.url = url_of(settings)
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._damaged_until = self._failed_at = 0.0
        self._failure: ColophonError | None = None

    @property
    def engine(self) -> Engine:
        """Migrated to the newest version. Raises StorageUnavailable, StorageFull; the next use tries again.

        Threads that waited during an attempt share its failure. Otherwise each would wait for the same timeout.
        """
        asked = time.monotonic()
        with self._lock:
            if self._engine is None:
                if self._failure is not None and self._failed_at > asked:
                    raise self._failure
                self._engine = self._tried()
            return self._engine

    def _tried(self) -> Engine:
        self._failure = None
        try:
            return self._open()
        except ColophonError as error:
            self._failure, self._failed_at = error, time.monotonic()
            raise

    def _open(self) -> Engine:
        with mapped():
            if self.url.get_backend_name() == "sqlite":
                Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
                engine = _sqlite(self.url)
            else:
                from service.jobs import postgresql  # psycopg is an extra

                engine = postgresql.open_engine(self.url, BUSY)
            event.listen(engine, "checkin", lambda _, record: record.invalidate() if engine is not self._engine else None)
            try:
                migrations.upgrade(engine)
            except BaseException:
                engine.dispose()
                raise
            return engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view, nothing written."""
        with self._mapped(), self.engine.connect().execution_options(reading=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing; durable when it ends."""
        with self._mapped(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def counting(self) -> Iterator[Connection]:
        """As `writing`, but not synced, which is much cheaper. Only a power cut may lose the last changes."""
        with self._mapped(), self.engine.connect().execution_options(counting=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        """As `mapped`. After damage the file is opened again, because the operator may have restored it."""
        try:
            with mapped():
                yield
        except DatabaseDamaged:
            self._damaged_until = time.monotonic() + REMEMBERED
            self.close()
            raise

    def check(self) -> None:
        """For readiness: checks that it answers and can be written to, and that no recent transaction found damage."""
        if time.monotonic() < self._damaged_until:
            raise DatabaseDamaged(retry_after=60)
        with self.writing() as connection:
            connection.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        """Idempotent. The next use opens it again. A connection in use is closed when it is returned."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY, "check_same_thread": False}, pool_size=4, max_overflow=60, pool_timeout=BUSY
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver begins no transaction
    _log_ahead(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _log_ahead(connection: sqlite3.Connection) -> None:
    """If two processes open a new file together, the switch to the log fails for one of them without a wait."""
    end = time.monotonic() + BUSY
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    """A writer takes the lock at its start: after a read it could not wait for the lock."""
    options = connection.get_execution_options()
    if options.get("reading"):
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options.get('counting') else 'FULL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
