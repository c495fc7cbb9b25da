"""
Imports run one way. Every rule of the house as one line, read from the code with `ast`.

Each rule brings a piece of code that breaks it, so that a rule which can no longer fail
is noticed.
"""

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.settings import ROOT

PLACES = ["app.py", "core", "pages", "migrations/env.py", "docs"]
STANDARD = "|".join(map(re.escape, sorted(sys.stdlib_module_names)))
# Of `pages.parts`: what is asked from outside of Streamlit's script runs, too.
SHARED = "credentials|ears|goodbye|sessions|tabs|words|written"


@dataclass(frozen=True)
class Rule:
    """Modules that match `who` import nothing that matches `never`."""

    sentence: str
    who: str
    never: str
    broken_by: tuple[str, str]

    def breaches(self, imports: dict[str, set[str]]) -> list[str]:
        return sorted(
            f"{module} imports {name}"
            for module, names in imports.items()
            if re.match(rf"({self.who})\Z", module)
            for name in names
            if re.match(rf"({self.never})(\.|\Z)", name)
        )


HOUSE = [
    Rule(
        "core knows no page",
        r"core(\..*)?",
        r"streamlit|streamlit_webrtc|pages|app",
        ("core.office.chat", "def f():\n    from streamlit import session_state"),
    ),
    Rule(
        "only the door and the pages know Streamlit",
        r"(?!app\Z|pages\b).*",
        r"streamlit",
        ("docs.generate", "import streamlit.web as web"),
    ),
    Rule(
        "only one module knows streamlit-webrtc",
        r"(?!pages\.parts\.worker\Z).*",
        r"streamlit_webrtc",
        ("pages.staff.desk", "from streamlit_webrtc import WebRtcMode"),
    ),
    Rule(
        "only the tables and the office know SQLModel",
        r"(?!core\.records\Z|core\.office\b|migrations\b).*",
        r"sqlmodel",
        ("core.text", "import sqlmodel"),
    ),
    Rule(
        "nobody but the office holds rows in their hands",
        r"(?!core\.records\Z|core\.office\b|migrations\b).*",
        r"core\.records\.[A-Z][a-z]\w*|core\.office\.ledger",
        ("pages.parts.chat", "from core.records import MESSAGE_LENGTH, Message"),
    ),
    Rule(
        "the live room knows nothing of ours but settings",
        r"core\.media(\..*)?",
        r"core\.(?!media\b|settings\b)\w+|pages|app",
        ("core.media.room", "from core import office"),
    ),
    Rule(
        "the office knows no live room",
        r"core\.office(\..*)?",
        r"core\.media",
        ("core.office.hosting", "from core.media.room import ROOMS"),
    ),
    Rule(
        "the rules know only the standard library",
        r"core\.appointment",
        rf"(?!({STANDARD}|core\.refused|core\Z)\b).*",
        ("core.appointment", "from core.settings import settings"),
    ),
    Rule(
        "the tables know only the rules and settings",
        r"core\.records",
        r"core\.(?!appointment\b|settings\b)\w+",
        ("core.records", "from core import text"),
    ),
    Rule(
        "what the office uses does not know the office",
        r"core\.(access|clock|invitations|live|records|refused|settings|text|words)",
        r"core\.(office|manage|demo)",
        ("core.invitations", "import core.office.views"),
    ),
    Rule(
        "settings and the hub know nothing of ours",
        r"core\.(settings|live)",
        r"core|pages|app",
        ("core.settings", "from . import clock"),
    ),
    Rule(
        "only the door starts the watch",
        r"(?!app\Z).*",
        r"core\.watch",
        ("pages.doors.live", "from core import watch"),
    ),
    Rule(
        "shared parts of pages know no page",
        r"pages\.parts(\..*)?",
        r"pages\.(?!parts\b)\w+|app",
        ("pages.parts.chat", "from ..visitor import room"),
    ),
    Rule(
        "what the doors share with pages knows no script run",
        rf"pages\.parts\.({SHARED})",
        r"streamlit",
        ("pages.parts.ears", "import streamlit as st"),
    ),
    Rule(
        "the gate and the doors know no page",
        r"pages\.(doors|gate)(\..*)?",
        rf"pages\.(visitor|staff|index|home)|pages\.parts\.(?!({SHARED})\b)\w+|app",
        ("pages.doors.signal", "from pages.parts import call"),
    ),
    Rule(
        "the doors do not know the gate before them",
        r"pages\.doors(\..*)?",
        r"pages\.gate",
        ("pages.doors.live", "from pages.gate.sockets import POLICY"),
    ),
    Rule(
        "pages know neither the router nor what stands before them",
        r"pages\.(visitor|staff)\..*",
        r"pages\.(index|doors|gate|home)|app",
        ("pages.visitor.start", "from pages import index"),
    ),
    Rule(
        "a visitor's page never shows a staff page",
        r"pages\.visitor\..*",
        r"pages\.staff",
        ("pages.visitor.start", "from pages.staff import desk"),
    ),
    Rule(
        "a staff page never shows a visitor's page",
        r"pages\.staff\..*",
        r"pages\.visitor",
        ("pages.staff.desk", "from pages.visitor.room import draw"),
    ),
]
rules = pytest.mark.parametrize("rule", HOUSE, ids=lambda rule: rule.sentence.replace(" ", "-"))


def imports_of(module: str, source: str, is_package: bool = False) -> set[str]:
    """
    Every name a module imports, anywhere in it.

    `from a import b` counts as both a and a.b: b may be a module.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, module, is_package)
            names |= {origin, *(f"{origin}.{alias.name}" for alias in node.names)}
    return names


def _origin(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def the_house() -> dict[str, set[str]]:
    """Each module of ours with what it imports."""
    files: list[Path] = []
    for place in PLACES:
        path = ROOT / place
        files += [path] if path.is_file() else path.rglob("*.py")
    return {
        name: imports_of(name, path.read_text(encoding="utf-8"), path.name == "__init__.py")
        for path in files
        for name in [_name(path)]
    }


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@rules
def test_the_house_keeps_its_rules(rule):
    assert rule.breaches(the_house()) == []


@rules
def test_each_rule_can_fail(rule):
    module, source = rule.broken_by
    assert len(rule.breaches({module: imports_of(module, source)})) >= 1
    assert rule.breaches({module: imports_of(module, "import enum")}) == []


def test_the_whole_house_is_read():
    house = the_house()
    known = {"core.appointment", "core.office.ledger", "core.media.relay", "docs.generate"}
    assert known - set(house) == set()
    assert [name for name in house if name.startswith("core.office.") and not house[name]] == []


@pytest.mark.parametrize(
    ("module", "is_package", "source", "names"),
    [
        ("a.b", False, "import x.y, z as w", {"x.y", "z"}),
        ("a.b", False, "from x import y as w", {"x", "x.y"}),
        ("a.b", False, "from . import c", {"a", "a.c"}),
        ("a.b", False, "from .c import d", {"a.c", "a.c.d"}),
        ("a.b.c", False, "from ..d import e", {"a.d", "a.d.e"}),
        ("a.b", True, "from .c import d", {"a.b.c", "a.b.c.d"}),
        ("a", False, "if TYPE_CHECKING:\n    from x import y", {"x", "x.y"}),
        ("a", False, "# import x\n'import y'", set()),
    ],
)
def test_imports_are_found_wherever_they_are(module, is_package, source, names):
    assert imports_of(module, source, is_package) == names
