"""
Imports run one way. Every rule of the house as one line, read from the code with `ast`.

Each rule brings a piece of code that breaks it, so that a rule which can no longer fail
is noticed.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from core.settings import ROOT
from docs import house

PLACES = ["app.py", "core", "pages", "migrations/env.py", "docs"]
STANDARD = "|".join(map(re.escape, sorted(sys.stdlib_module_names)))


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
        r"(?!pages\.call\.worker\Z).*",
        r"streamlit_webrtc",
        ("pages.staff.desk", "from streamlit_webrtc import WebRtcMode"),
    ),
    Rule(
        "only the tables and the office know SQLModel",
        r"(?!core\.(columns|records|trail)\Z|core\.office\b|migrations\b).*",
        r"sqlmodel",
        ("core.text", "import sqlmodel"),
    ),
    Rule(
        "nobody but the office holds rows in their hands",
        r"(?!core\.sqlite_remains\Z|core\.office\b|migrations\b).*",
        r"core\.(records|trail)|core\.office\.(ledger|own_rows|guests|moves|chat_readers|overwriting)",
        ("pages.parts.chat", "from core.records import Message"),
    ),
    Rule(
        "the live room knows nothing of ours but settings",
        r"core\.media(\..*)?",
        r"core\.(?!all_of\b|media\b|settings\b)\w+|pages|app",
        ("core.media.rooms.room", "from core import office"),
    ),
    Rule(
        "the office knows no live room",
        r"core\.office(\..*)?",
        r"core\.media",
        ("core.office.hosting", "from core.media.rooms.live_rooms import ROOMS"),
    ),
    Rule(
        "packets know no room and no transport",
        r"core\.media\.packets(\..*)?",
        r"core\.media\.(rooms|transport)|asyncio|threading",
        ("core.media.packets.outlet", "from core.media.rooms.line import Line"),
    ),
    Rule(
        "rooms know no transport",
        r"core\.media\.rooms(\..*)?",
        r"core\.media\.transport",
        ("core.media.rooms.room", "from core.media.transport import loop"),
    ),
    Rule(
        "of aiortc the live path has neither ICE nor SDP, and nothing of aioice",
        r".*",
        r"aioice|aiortc\.(sdp|rtcicetransport|rtcpeerconnection)",
        ("core.media.transport.ice", "from aioice import stun"),
    ),
    Rule(
        "what reads and writes bytes knows no connection and no loop",
        r"core\.media\.transport\.(stun|srtp|sdp|codecs|offer|answer|turn)",
        r"core\.media\.transport\.(peer|connection|incoming|outgoing|port|endpoint|udp|ice|dtls|loop)|asyncio",
        ("core.media.transport.stun", "from core.media.transport.port import Port"),
    ),
    Rule(
        "the rules know only the standard library",
        r"core\.(appointment|hours|rules)",
        rf"(?!({STANDARD}|core\.appointment|core\.refused|core\Z)\b).*",
        ("core.appointment", "from core.settings import settings"),
    ),
    Rule(
        "the tables know only what a row can be",
        r"core\.(columns|records|trail)",
        r"core\.(?!appointment\b|columns\b)\w+",
        ("core.records", "from core import text"),
    ),
    Rule(
        "the database knows no table",
        r"core\.engine",
        r"core\.(?!settings\b)\w+",
        ("core.engine", "from core.records import Guest"),
    ),
    Rule(
        "what the office uses does not know the office",
        r"core\.(access|clock|delivery|engine|hours|hub|invitations|links|mailbox|phone|pieces|post)"
        r"|core\.(records|refused|rules|sender|settings|sqlite_remains|text|trail|unseen|words)",
        r"core\.(office|manage|demo|demo_day)",
        ("core.invitations", "import core.office.guest_view"),
    ),
    Rule(
        "the hub knows nothing of ours, settings only what a number, a sender and a language are",
        r"core\.(settings|hub)",
        r"core\.(?!phone\b|sender\b|languages\b)\w+|pages|app",
        ("core.settings", "from . import clock"),
    ),
    Rule(
        "only the door starts the watch",
        r"(?!app\Z).*",
        r"core\.watch",
        ("pages.doors.live_socket", "from core import watch"),
    ),
    Rule(
        "words know no page, no door and no Streamlit",
        r"pages\.words(\..*)?",
        r"pages\.(ui|upstream|tabs|parts|call|staff|visitor|doors|gate|index|home)|streamlit|app",
        ("pages.words.goodbye", "from pages.parts import show"),
    ),
    Rule(
        "what runs in the browser knows no page and no door",
        r"pages\.ui(\..*)?",
        r"pages\.(words|upstream|tabs|parts|call|staff|visitor|doors|gate|index|home)|core|app",
        ("pages.ui.mount", "from pages.parts import show"),
    ),
    Rule(
        "what is worked around knows no page, no door and no gate",
        r"pages\.upstream(\..*)?",
        r"pages\.(tabs|parts|call|staff|visitor|doors|gate|index|home)|app",
        ("pages.upstream.frontend", "from pages.gate import paths"),
    ),
    Rule(
        "a tab knows no script run, no page and no door",
        r"pages\.tabs(\..*)?",
        r"pages\.(ui|upstream|parts|call|staff|visitor|doors|gate|index|home)|streamlit|app",
        ("pages.tabs.ears", "import streamlit as st"),
    ),
    Rule(
        "shared parts of pages know no page and no call",
        r"pages\.parts(\..*)?",
        r"pages\.(upstream|call|staff|visitor|doors|gate|index|home)|app",
        ("pages.parts.chat", "from ..visitor import room"),
    ),
    Rule(
        "the call knows no page",
        r"pages\.call(\..*)?",
        r"pages\.(upstream|staff|visitor|doors|gate|index|home)|app",
        ("pages.call.call", "from pages.staff import desk"),
    ),
    Rule(
        "the doors and the gate know no page and no script run",
        r"pages\.(doors|gate)(\..*)?",
        r"pages\.(parts|call|staff|visitor|index|home)|pages\.ui\.mount|streamlit|app",
        ("pages.doors.signal", "from pages.parts import call"),
    ),
    Rule(
        "the doors do not know the gate before them",
        r"pages\.doors(\..*)?",
        r"pages\.gate",
        ("pages.doors.live_socket", "from pages.gate.sockets import POLICY"),
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


def the_house() -> dict[str, set[str]]:
    """Each module of ours with what it imports."""
    found = house.modules(*PLACES)
    return {module: house.imports_from(module, path) for module, path in found.items()}


def test_imports_go_down_the_rows_of_the_picture_and_never_up():
    assert house.upward(house.arrows()) == []


def test_an_import_that_goes_up_would_be_seen():
    found = {("core/office", "pages/words"): ["x"], ("pages/words", "core/office"): ["y"]}
    assert house.upward(found) == ["x"]
    assert house.upward({("pages/visitor", "pages/staff"): ["z"]}) == ["z"]


def test_every_room_has_its_place_in_the_picture():
    rooms = {house.room(module) for module in house.modules()}
    assert rooms == set(house.ROW_OF)


@rules
def test_the_house_keeps_its_rules(rule):
    assert rule.breaches(the_house()) == []


@rules
def test_each_rule_can_fail(rule):
    module, source = rule.broken_by
    assert len(rule.breaches({module: house.imports_of(module, source)})) >= 1
    assert rule.breaches({module: house.imports_of(module, "import enum")}) == []


def test_the_whole_house_is_read():
    found = the_house()
    known = {"core.appointment", "core.office.ledger", "core.media.rooms.line", "docs.generate"}
    assert known - set(found) == set()
    assert [name for name in found if name.startswith("core.office.") and not found[name]] == []


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
    assert house.imports_of(module, source, is_package) == names


def test_files_are_short_enough_to_be_read_at_once():
    """`make sizes` prints them."""
    sizes = house.sizes()
    assert [name for name, lines in sizes.items() if lines > house.LONGEST] == []
    assert house.figures(sizes)["90 in a hundred"] <= 150
    assert house.figures(sizes)["half of them"] <= 70


SPEAKING = {"updates.redraw", "language.speak_again"}


def fragments(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            "fragment" in ast.unparse(each) for each in node.decorator_list
        ):
            yield node


def speaks_first(part: ast.FunctionDef) -> bool:
    """Before anything is said: a part may be run in a thread in which nobody has spoken yet."""
    begin = [each for each in part.body if not isinstance(getattr(each, "value", 0), ast.Constant)]
    call = begin[0].value if isinstance(begin[0], ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func) in SPEAKING


def test_every_part_that_is_redrawn_alone_knows_its_language_first():
    found = [
        (path.name, part.name, speaks_first(part))
        for path in sorted((ROOT / "pages").rglob("*.py"))
        for part in fragments(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert len(found) > 10
    assert [each for each in found if not each[2]] == []


def test_a_part_that_says_something_before_is_noticed():
    [part] = fragments(ast.parse("@st.fragment\ndef f():\n    show.text(1)\n    updates.redraw(2)"))
    assert not speaks_first(part)
