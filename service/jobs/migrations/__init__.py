"""The database's versions. A new one is a file in `versions` and HEAD. Released ones are never edited."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from service.model.errors import DatabaseNewer

HEAD = "0005"
LOCK = 0xC0109401  # of all processes that migrate the same PostgreSQL database, one at a time


def upgrade(engine: Engine) -> None:
    """Migrates to HEAD in one transaction. A process that does the same at that time waits and finds it done.

    Raises DatabaseNewer for a database that a newer Colophon has migrated.
    """
    with engine.connect() as connection:
        if current(connection) == HEAD:
            return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if current(connection) != HEAD:
            _run(connection)


def current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(connection: Connection) -> None:
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # which it has is of no interest
    from alembic import command  # the import takes half a second and is only needed here
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        found = current(connection)
        raise DatabaseNewer(
            f"The database is of version {found}, this Colophon knows {HEAD}: update Colophon.", retry_after=60
        ) from error
