"""Alembic runs here. Knows no address of its own: `core.engine.migrate` brings the connection."""

from alembic import context
from sqlmodel import SQLModel

import core.records
import core.trail  # noqa: F401  (both fill the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
