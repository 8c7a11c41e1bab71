"""The environment of alembic: it uses the given connection and transaction, and never opens a database."""

from __future__ import annotations

from alembic import context

from service.jobs.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
