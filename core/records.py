"""
The tables of a Jobcenter, its people and its appointments: columns and constraints, no rules.

Times are UTC and aware; SQLModel refuses naive ones. Secrets are stored as SHA-256 only.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, false
from sqlmodel import Field, SQLModel

from core.appointment import GuestRole, GuestStatus, IdentityProof, StaffRole, Status
from core.columns import (
    LACK_LENGTH,
    LANGUAGE_LENGTH,
    MAIL_LENGTH,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    PHONE_LENGTH,
)


class Jobcenter(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=NAME_LENGTH, unique=True)
    phone: str = Field(max_length=PHONE_LENGTH)


class Staff(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    name: str = Field(max_length=NAME_LENGTH)
    login: str = Field(max_length=NAME_LENGTH, unique=True)
    password_hash: str
    role: StaffRole = StaffRole.ADVISOR
    disabled_at: datetime | None = Field(default=None, index=True)


class StaffSession(SQLModel, table=True):
    __tablename__ = "staff_session"

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(index=True)
    seen_at: datetime
    ended_at: datetime | None = None


class Appointment(SQLModel, table=True):
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_appointment_advisor_id", "advisor_id", "starts_at"),  # the Tagesplan
        Index("ix_appointment_taken", "taken", "status", "ends_at"),  # what time does
    )

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    advisor_id: int = Field(foreign_key="staff.id")
    starts_at: datetime
    ends_at: datetime
    status: Status = Status.PLANNED
    # How far time has come with it: the chat is gone (1), names and links are gone (2).
    taken: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    screen_since: datetime | None = None  # since when the advisor shows a screen
    private_since: datetime | None = None  # since when the others talk without the advisor
    knocked_at: datetime | None = None  # when the advisor asked to come back


class Guest(SQLModel, table=True):
    __table_args__ = (
        CheckConstraint(
            "(identity_at IS NULL AND identity_by IS NULL AND identity_how IS NULL) OR "
            "(identity_at IS NOT NULL AND identity_by IS NOT NULL AND identity_how IS NOT NULL)",
            name="identity_all_or_nothing",
        ),
        CheckConstraint(
            "(consented_at IS NULL) = (consented_version IS NULL)",
            name="consent_all_or_nothing",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    role: GuestRole = GuestRole.CLIENT
    name: str = Field(max_length=NAME_LENGTH)
    email: str = Field(max_length=MAIL_LENGTH)
    # Of `core.languages`; None until the advisor or they choose one, or they agree in one.
    language: str | None = Field(default=None, max_length=LANGUAGE_LENGTH)
    secret_hash: str = Field(max_length=64, unique=True)
    # The one browser that speaks for this guest; None until they have consented.
    device_hash: str | None = Field(default=None, max_length=64)
    device_changed_at: datetime | None = None
    # When the seat moved away from somebody the advisor had let in.
    doubted_at: datetime | None = None
    # The one that always gets the seat back (docs/decisions/0022).
    own_device_hash: str | None = Field(default=None, max_length=64)
    status: GuestStatus = GuestStatus.INVITED
    consented_at: datetime | None = None
    consented_version: str | None = Field(default=None, max_length=20)
    waiting_since: datetime | None = None
    camera_worked: bool | None = None
    microphone_worked: bool | None = None
    loudspeaker_worked: bool | None = None
    connection_worked: bool | None = None
    # Why it cannot be used just now (core.appointment.Lack); None if it can, or nobody has said.
    camera_lacks: str | None = Field(default=None, max_length=LACK_LENGTH)
    microphone_lacks: str | None = Field(default=None, max_length=LACK_LENGTH)
    technique_failed_at: datetime | None = None
    identity_at: datetime | None = None
    identity_by: int | None = Field(default=None, foreign_key="staff.id", index=True)
    identity_how: IdentityProof | None = None
    mail_sent_at: datetime | None = None

    @property
    def has_waited(self) -> bool:
        return self.waiting_since is not None

    @property
    def technique_failed(self) -> bool:
        """A device once failed; a later success does not take that back."""
        return self.technique_failed_at is not None


class Message(SQLModel, table=True):
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {MESSAGE_LENGTH}", name="text_length"),
    )

    id: int | None = Field(default=None, primary_key=True)
    jobcenter_id: int = Field(foreign_key="jobcenter.id", index=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    at: datetime
    guest_id: int | None = Field(default=None, foreign_key="guest.id", index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    text: str = Field(max_length=MESSAGE_LENGTH)
    private: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class MessageReader(SQLModel, table=True):
    """Somebody who was inside when a private message was written, and in which browser."""

    __tablename__ = "message_reader"

    id: int | None = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    guest_id: int = Field(foreign_key="guest.id", index=True)
    device_hash: str | None = Field(default=None, max_length=64)
