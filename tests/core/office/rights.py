"""The tables of docs/rights.md, and the functions they have to speak of."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass

from core import office
from core.appointment import Actor
from core.settings import ROOT
from tests.core.office.scene import STATES

SECTIONS = {"Staff": "staff", "Invited people": "guests", "Clock and operator": "machines"}
PAGE = (ROOT / "docs/rights.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Row:
    """One row of one table: who may, when, and why not when not."""

    done_in: frozenset[str]
    otherwise: frozenset[str]
    cells: dict[str, str]


def lines(title: str) -> list[list[str]]:
    """The cells of the table below a heading: its head first, without the line of dashes."""
    below = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in below.splitlines()
        if re.match(r"\|[^-]", line)
    ]


def _row(head: list[str], row: list[str]) -> Row:
    done_in = frozenset(STATES) if row[1] == "always" else frozenset(row[1].split())
    return Row(done_in, frozenset(row[2].split()), dict(zip(head[3:], row[3:], strict=True)))


def _table(title: str) -> dict[str, Row]:
    head, *rows = lines(title)
    table = {row[0]: _row(head, row) for row in rows}
    assert len(table) == len(rows), "a deed has two rows"
    return table


# By kind of actor, then by deed.
TABLES = {kind: _table(title) for title, kind in SECTIONS.items()}
DEEDS = sorted({deed for table in TABLES.values() for deed in table})
WITHOUT_ACTOR = dict(lines("Without an actor")[1:])


def functions() -> dict[str, Callable[..., object]]:
    """Every public function of every module of the office, new modules too."""
    modules = [
        importlib.import_module(f"{office.__name__}.{module.name}")
        for module in pkgutil.iter_modules(office.__path__)
    ]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def not_in_both() -> set[str]:
    """What the code has and the page has not, or the other way round."""
    whole = tuple(name.removesuffix("*") for name in WITHOUT_ACTOR if name.endswith(".*"))
    code = {name for name in functions() if not name.startswith(whole)}
    page = {name for name in (*DEEDS, *WITHOUT_ACTOR) if not name.endswith(".*")}
    return code ^ page


def begins_with_an_actor(function: Callable[..., object]) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()), None)
    return first is not None and first.annotation is Actor
