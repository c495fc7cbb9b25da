"""Alembic runs here. Knows no address of its own: `core.records.migrate` brings the connection."""

from alembic import context
from sqlmodel import SQLModel

import core.records  # noqa: F401  (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
