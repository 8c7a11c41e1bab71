"""What alembic runs: our connection, our transaction. It never opens a database of its own."""

from __future__ import annotations

from alembic import context

from service.jobs.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
