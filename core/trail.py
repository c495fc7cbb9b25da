"""
The tables of what was done and when: the trail, and the time as it was counted.

`Happening` has no foreign keys, so that the trail never gets in the way of the rows it
speaks of. Knows no other table.
"""

from datetime import datetime

from sqlmodel import Field, SQLModel

from core.columns import partial_index

# As SQLite and PostgreSQL have to read it in a query, too, to use the index.
ABOUT_NO_APPOINTMENT = (
    "appointment_id IS NULL AND "
    "(guest_id IS NOT NULL OR staff_id IS NOT NULL OR actor_id IS NOT NULL)"
)


class Happening(SQLModel, table=True):
    """Who did what and when. No content, no name."""

    __table_args__ = (
        partial_index(
            "ix_happening_appointment_id", "appointment_id", "appointment_id IS NOT NULL"
        ),
        partial_index("ix_happening_linked", "at", ABOUT_NO_APPOINTMENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    jobcenter_id: int = Field(index=True)
    appointment_id: int | None = None
    guest_id: int | None = None
    staff_id: int | None = None  # the account it was done to; who did it is actor_id
    by: str = Field(max_length=20)
    actor_id: int | None = None
    what: str = Field(max_length=40)


class Timekeeping(SQLModel, table=True):
    """One row: the time as it was counted last, and what the counter said then (decision 24)."""

    id: int | None = Field(default=None, primary_key=True)
    moment: datetime
    boot: str = Field(max_length=64)
    seconds: float
