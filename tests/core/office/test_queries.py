"""
Rows about people are found in one way only: by who asks for them.

Reads the code with `ast`: a function of the office that asks for appointments, guests or
messages finds them by own_… and themself of `own_rows`, or is named here with a reason.
"""

import ast
from pathlib import Path

import pytest

from core.settings import ROOT

OFFICE = ROOT / "core/office"
TABLES = {"Appointment", "Guest", "Message"}
QUERIES = {"select", "update", "delete", "exists", "get", "get_one"}
SCOPES = {"own_appointment", "own_guest", "themself", "staff_member"}
REASONS = {
    "own_rows.themself": "a scope: the guest is the one who asks",
    "own_rows._locked": "what the scopes are made of",
    "guests.guests_of": "of an appointment that was found already",
    "guest_view.visits": "opened by the secrets of links",
    "seats.inside": "live rooms ask, for nobody: names of seats",
    "closing.expire_due": "the clock, over every Jobcenter",
    "chat._refuse_if_too_many": "counts in an appointment that was found already",
    "planning._planned_already": "of an advisor who was found already",
    "forgetting_appointments._take": "the clock, over every Jobcenter",
    "forgetting_appointments._take_from": "of appointments that were found already",
}


def functions(module: str, source: str) -> dict[str, ast.FunctionDef]:
    return {
        f"{module}.{node.name}": node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }


def calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    """The last word of what is called: `get` of `session.get(…)`."""
    return ast.unparse(call.func).rpartition(".")[2]


def asks(function: ast.FunctionDef) -> bool:
    """Whether it asks for rows about people itself, wherever in the query they are named."""
    named = {
        node.id
        for call in calls(function)
        if name_of(call) in QUERIES | {"where", "join", "select_from"}
        for node in ast.walk(call)
        if isinstance(node, ast.Name)
    }
    return bool(named & TABLES)


def scoped(function: ast.FunctionDef, module: dict[str, ast.FunctionDef]) -> bool:
    """Whether `own_rows` says whose rows these are, here or in a helper of the same module."""
    called = {name_of(call) for call in calls(function)}
    helpers = [
        helper for helper in module.values() if helper.name in called and helper is not function
    ]
    return bool(called & SCOPES) or any(scoped(helper, module) for helper in helpers)


def unscoped(module: str, source: str) -> set[str]:
    all_of_it = functions(module, source)
    return {name for name, node in all_of_it.items() if asks(node) and not scoped(node, all_of_it)}


def test_whoever_asks_for_rows_about_people_is_asked_who_they_are():
    found = {
        name
        for path in OFFICE.glob("*.py")
        for name in unscoped(path.stem, path.read_text(encoding="utf-8"))
    }
    assert found == set(REASONS)


@pytest.mark.parametrize(
    "body",
    [
        "session.exec(select(Guest))",
        "session.get(Appointment, number)",
        "session.exec(delete(Message).where(Message.id == 1))",
        "session.exec(select(func.count()).where(Message.guest_id == 1))",
        "session.exec(select(Guest).where(Guest.jobcenter_id == 1))",
    ],
)
def test_a_query_that_asks_nobody_is_noticed(body: str, tmp_path: Path):
    assert unscoped("m", f"def f(session):\n    {body}") == {"m.f"}
    asked = f"def f(session, actor):\n    _mine(session, actor)\n    {body}\n"
    helper = "def _mine(session, actor):\n    own_appointment(session, actor, 1)"
    assert unscoped("m", asked + helper) == set()
