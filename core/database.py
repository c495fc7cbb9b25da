"""
Which database a command of the operator works on: said first, and never made by mistake.

Without the service's settings a command would find another one, or none. Knows no deed.
"""

from sqlalchemy.exc import DBAPIError

from core.engine import engine, is_made, migrate, name_of

NEW = 'python -m core.manage jobcenter --new "NAME" "PHONE"'
AWAY = "The database does not answer, or cannot be written. Nothing was changed."


class NotThere(Exception):
    """There is no such database, or there is one already; says so in one sentence."""


def open_existing(new: bool = False) -> None:
    """
    Say which database it is and bring it to the newest version; `NotThere` if there is none.

    `new`: make it, and there must be none.
    """
    target = engine()
    print(f"Database: {name_of(target)}", flush=True)
    try:
        if is_made(target) != new:
            migrate(target)
            return
    except DBAPIError as problem:
        raise NotThere(f"{AWAY} ({type(problem.orig).__name__})") from None
    if new:
        raise NotThere("There is a database already; leave out --new.")
    raise NotThere(
        "There is no database. Is BERATUNGSRAUM_DATABASE_URL set as for the app, or is this the "
        f"folder with its .env? To make a new one: {NEW}"
    )
