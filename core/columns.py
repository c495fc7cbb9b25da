"""
What the columns of every table go by: how long a text may be, how constraints and indexes are
called. Knows no table.
"""

from sqlalchemy import Index, text
from sqlmodel import SQLModel

NAME_LENGTH = 100
PHONE_LENGTH = 40
MAIL_LENGTH = 254
MESSAGE_LENGTH = 2000
LANGUAGE_LENGTH = 10
LACK_LENGTH = 10

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def partial_index(name: str, column: str, where: str) -> Index:
    """An index of few of a table's rows."""
    only = text(where)
    return Index(name, column, sqlite_where=only, postgresql_where=only)
