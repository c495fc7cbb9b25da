"""
`python -m core.manage`: a real installation's Jobcenter and its accounts, by the operator.

Says which database it works on, makes none unless it is told to, and brings it to the newest
version first. Knows no page; reads a password from the terminal, or one line from standard input,
never from the command line.
"""

import argparse
import getpass
import os
import sys

from sqlalchemy.exc import IntegrityError

from core import access, clock, database, words
from core.appointment import CLOCK, OPERATOR, StaffRole
from core.clock import now
from core.office import accounts, timekeeping
from core.refused import Away, Refused


class NotPossible(Exception):
    """What was asked for cannot be done; says why in one sentence."""


def add_jobcenter(name: str, phone: str) -> str:
    """A Jobcenter with the number its clients may call."""
    try:
        number = accounts.add_jobcenter(OPERATOR, now(), name, phone)
    except IntegrityError:
        raise NotPossible("There is a Jobcenter of this name already.") from None
    return f"Jobcenter {number} is there. Next: python -m core.manage staff {number} NAME LOGIN"


def add_staff(jobcenter_id: int, name: str, login: str, role: StaffRole, password: str) -> str:
    """An account for one member of staff."""
    try:
        accounts.add_staff(OPERATOR, now(), jobcenter_id, name, login, password, role)
    except IntegrityError:
        raise NotPossible("The login is taken already.") from None
    return f"{access.login_form(login)} can sign in now."


def disable(login: str) -> str:
    """Close an account at once."""
    accounts.disable(OPERATOR, now(), accounts.id_of(OPERATOR, login))
    return f"{login} is signed out and cannot sign in any more."


def enable(login: str) -> str:
    """Open a disabled account again."""
    accounts.enable(OPERATOR, now(), accounts.id_of(OPERATOR, login))
    return f"{login} can sign in again."


def set_password(login: str, password: str) -> str:
    """A new password for an account."""
    accounts.set_password(OPERATOR, now(), accounts.id_of(OPERATOR, login), password)
    return f"{login} is signed out and has a new password."


def clock_is_right() -> str:
    """What time takes away goes by this machine's clock again."""
    wall = clock.wall()
    off = timekeeping.confirm(OPERATOR, wall).total_seconds() / 3600
    here = f"{clock.berlin(wall):%A, %d %B %Y, %H:%M}"
    return f"It is {here} in Berlin; the count was {off:+z.1f} hours off. Forgetting goes on."


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
    jobcenter.add_argument("--new", action="store_true", help="make the database first")
    staff = commands.add_parser("staff", help="add an account; asks for its password")
    staff.add_argument("jobcenter_id", type=int)
    staff.add_argument("name")
    staff.add_argument("login")
    staff.add_argument("--role", type=StaffRole, choices=list(StaffRole), default="advisor")
    for command, does in (
        ("disable", "close an account at once"),
        ("enable", "open a disabled account again"),
        ("password", "a new password for an account; asks for it"),
    ):
        commands.add_parser(command, help=does).add_argument("login")
    commands.add_parser(
        "clock-is-right", help="the clock was set, or the machine was off: go on by its clock"
    )
    return parser.parse_args()


def _do(asked: argparse.Namespace) -> str:
    if asked.command == "jobcenter":
        return add_jobcenter(asked.name, asked.phone)
    if asked.command == "staff":
        return add_staff(asked.jobcenter_id, asked.name, asked.login, asked.role, _password())
    if asked.command == "clock-is-right":
        return clock_is_right()
    if asked.command == "password":
        return set_password(asked.login, _password())
    return {"disable": disable, "enable": enable}[asked.command](asked.login)


def main() -> int:
    """Do one command; 0 when done, 1 with a sentence when not."""
    os.umask(0o077)  # the database holds names
    asked = _asked()
    try:
        database.open_existing(new=getattr(asked, "new", False))
        timekeeping.keep(CLOCK, clock.wall())
        done = _do(asked)
    except Refused as refused:
        return _say_no(words.reason(refused.reason, words.translation()))
    except (NotPossible, database.NotThere) as why:
        return _say_no(str(why))
    except Away:
        return _say_no(database.AWAY)
    print(done)
    return 0


def _say_no(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
