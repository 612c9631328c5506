"""Alembic's entry: migrations run on the connection that the caller gives."""

from __future__ import annotations

from alembic import context

from hytki_match.adviser.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    version_table="adviser_version",
)
with context.begin_transaction():
    context.run_migrations()
