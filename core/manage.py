"""
`python -m core.manage`: a real installation's first Jobcenter and its accounts.

Brings the database to the newest version first. Knows no page; reads a password
from the terminal, or one line from standard input, never from the command line.
"""

import argparse
import getpass
import os
import sys

from sqlalchemy.exc import IntegrityError

from core import words
from core.office import accounts
from core.records import engine, migrate
from core.refused import Reason, Refused
from core.text import BadText, person_name

PHONE_LENGTH = 40


class NotPossible(Exception):
    """What was asked for cannot be done; says why in one sentence."""


def add_jobcenter(name: str, phone: str) -> str:
    """A Jobcenter with the number its clients may call."""
    if len(phone) > PHONE_LENGTH or not any(char.isdigit() for char in phone):
        raise NotPossible(f"A phone number has digits and at most {PHONE_LENGTH} characters.")
    try:
        number = accounts.add_jobcenter(person_name(name), phone.strip())
    except BadText:
        raise Refused(Reason.BAD_NAME) from None
    except IntegrityError:
        raise NotPossible("There is a Jobcenter of this name already.") from None
    return f"Jobcenter {number} is there. Next: python -m core.manage staff {number} NAME LOGIN"


def add_staff(jobcenter_id: int, name: str, login: str, password: str) -> str:
    """An account for one member of staff."""
    if not login.strip():
        raise NotPossible("The login must not be empty.")
    try:
        accounts.add_staff(jobcenter_id, name, login, password)
    except IntegrityError:
        raise NotPossible(
            f"There is no Jobcenter {jobcenter_id}, or the login is taken already."
        ) from None
    return f"{login.strip().lower()} can sign in now."


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise NotPossible("The two passwords differ.")
    return password


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m core.manage", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    jobcenter = commands.add_parser("jobcenter", help="add a Jobcenter")
    jobcenter.add_argument("name")
    jobcenter.add_argument("phone", help="number clients may call")
    staff = commands.add_parser("staff", help="add an account; asks for its password")
    staff.add_argument("jobcenter_id", type=int)
    staff.add_argument("name")
    staff.add_argument("login")
    return parser.parse_args()


def main() -> int:
    os.umask(0o077)  # the database holds names
    """Do one command; 0 when done, 1 with a sentence when not."""
    asked = _asked()
    migrate(engine())
    try:
        if asked.command == "jobcenter":
            done = add_jobcenter(asked.name, asked.phone)
        else:
            done = add_staff(asked.jobcenter_id, asked.name, asked.login, _password())
    except Refused as refused:
        return _say_no(words.reason(refused.reason, words.translation()))
    except NotPossible as why:
        return _say_no(str(why))
    print(done)
    return 0


def _say_no(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
