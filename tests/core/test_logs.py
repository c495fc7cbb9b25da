"""The log: one line of JSON for each event, and nothing of a person in it, no matter who logs."""

import ast
import json
import logging
import subprocess
import sys
import textwrap
import time
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import access, log_limits, logs, redaction
from core.redaction import BLOT, FIELDS, redact
from core.settings import ROOT

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SECRETS = st.text(ALPHABET, min_size=43, max_size=43)
DOMAINS = st.sampled_from(["example.org", "jobcenter.example", "xn--mller-kva.example"])
LOCAL = st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="@<>\"'"))
MAILS = st.tuples(LOCAL.filter(bool), DOMAINS).map("@".join)
PERSONAL = st.one_of(
    SECRETS,
    SECRETS.map(access.digest),
    st.uuids().map(str),
    st.uuids().map(lambda each: each.hex.upper()),
    MAILS,
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str),
    st.ip_addresses(v=6).map(lambda each: each.exploded),
    st.ip_addresses(v=4).map(lambda each: f"::ffff:{each}"),
)
# What stands beside it in a line; such as in an address, a cookie, a repr.
AROUND = st.sampled_from(
    ["", " ", "/", "=", "'", '"', ",", ";", "(", ")", "[", "]", "\n", "?t=", "<"]
)


@given(PERSONAL, AROUND, AROUND)
@example("A" * 43, "x", "y")  # a longer run
@example("karla@example.org", "mailto:", "")
def test_what_looks_personal_is_blotted_out_wherever_it_stands(personal, before, after):
    text = f"line {before}{personal}{after} end"
    assert (redact(text).count(personal), redact(text).count(BLOT) >= 1) == (0, True)


@given(st.text(ALPHABET + "/%.+ßé", min_size=1))
def test_of_a_personal_link_nothing_is_left_however_broken_it_is(rest):
    assert redact(f"GET /termin/{rest} HTTP/1.1") == f"GET /termin/{BLOT} HTTP/1.1"


@given(st.text())
def test_redacting_twice_changes_nothing_more(text):
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "harmless",
    [
        "clock failed",
        "OperationalError at /srv/beratungsraum/core/office/ledger.py:36",
        '  File "/srv/app.py", line 12, in tick\n    await attempt(deed)\n',
        '  File "/srv/app.py", line 9, in f\n    @cache\n    def g(): ...\n',
        "Streamlit 1.67.0 on port 8501 after 2026-11-23",
        "/termin is a page, /anmelden too",
        "x" * 42,
    ],
)
def test_what_helps_to_find_a_mistake_stays(harmless):
    assert redact(harmless) == harmless


@pytest.mark.parametrize("piece", ["a", "a@", "1.", "a:", "A_-", "/termin/", "0-", "::", "é "])
def test_a_long_line_takes_no_long_time(piece):
    """A pattern that goes back over the text again and again would take minutes."""
    assert len(redact(piece * 100_000)) >= 1


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none())))
def test_only_fields_with_a_known_name_get_into_the_log(entry):
    assert set(redaction.discreet(None, "info", entry)) == set(entry) & FIELDS


def test_numbers_stay_and_everything_else_becomes_discreet_text():
    entry = {"count": 3, "where": ["karla@example.org"], "kind": None, "timestamp": "12:00:00Z"}
    assert redaction.discreet(None, "info", entry) == {
        "count": 3,
        "where": f"['{BLOT}']",
        "kind": "None",
        "timestamp": "12:00:00Z",
    }


def house_lines() -> list[ast.Call]:
    """Every call of a logger in our own code."""
    calls = []
    for path in [ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        if path.name == "logs.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            function = getattr(node, "func", None)
            if isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "log":
                calls.append(node)
    return calls


def test_our_own_lines_are_constant_and_have_only_known_fields():
    calls = house_lines()
    assert len(calls) >= 3
    assert [ast.dump(c) for c in calls if [type(a) for a in c.args] != [ast.Constant]] == []
    assert {keyword.arg for call in calls for keyword in call.keywords} - FIELDS == set()


# In a process of its own, as the app does it: what arrives on standard error.

CANARY = "Karla Kanarienvogel"
SESSION = str(UUID(int=0x1234567890ABCDEF1234567890ABCDEF, version=4))
BEGIN = f"""
import asyncio, logging, sys, threading, warnings
import streamlit
from streamlit.logger import get_logger
before = get_logger("streamlit.before")
from core import logs
logs.configure()
logs.configure()  # twice is as once
import structlog
log = structlog.get_logger()
CANARY, SESSION = {CANARY!r}, {SESSION!r}
def fail():
    raise ValueError("no such person: " + CANARY)
class Person:
    def __del__(self):
        fail()
async def never_awaited():
    task = asyncio.create_task(later())
    await asyncio.wait([task])
    del task
async def later():
    fail()
"""


def logged(script: str) -> list[dict[str, object]]:
    """The lines a process writes that runs this after `BEGIN`; each has to be JSON."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    assert [word for word in (*CANARY.split(), SESSION) if word in done.stderr] == []
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_our_own_line_has_its_time_in_utc_and_its_level():
    [line] = logged('log.warning("many", count=3, name=CANARY, code="A1B2C3")')
    time = str(line.pop("timestamp"))
    assert line == {"event": "many", "count": 3, "code": "A1B2C3", "level": "warning"}
    assert (time[10], time[-1], len(time)) == ("T", "Z", 27)


@pytest.mark.parametrize("logger", ["before", 'logging.getLogger("aiortc")', "logging.getLogger()"])
def test_a_librarys_line_comes_in_the_same_form(logger):
    [line] = logged(f'{logger}.warning("session %s of %d", SESSION, 3)')
    assert (line["event"], line["level"]) == (f"session {BLOT} of 3", "warning")


def test_a_logger_that_streamlit_makes_later_is_as_discreet(capfd):
    """It brings a handler of its own: the line is not JSON then, but as harmless."""
    script = 'get_logger("streamlit.late").warning("session %s\\nERROR forged", SESSION)'
    command = [sys.executable, "-c", BEGIN + script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    [line] = done.stderr.splitlines()
    assert line.endswith(f"session {BLOT}\\u000aERROR forged")


def test_who_opened_what_and_when_is_not_logged_however_uvicorn_is_started():
    lines = logged("""
        import uvicorn
        uvicorn.Config("app:app", access_log=True)
        logs.configure()
        for name in ("uvicorn.access", "uvicorn.error"):
            logging.getLogger(name).info("GET /")
        logging.getLogger("uvicorn.error").warning("trouble")
    """)
    assert [line["event"] for line in lines] == ["trouble"]


def test_a_line_break_never_begins_a_line():
    lines = logged(r"""
        log.error("one\r\n{}", kind="two\u2028three")
        logging.getLogger("aioice").error("four\r\nfive\x1b[31m")
    """)
    assert [line["event"] for line in lines] == ["one\r\n{}", "four\\u000d\\u000afive\\u001b[31m"]


@pytest.mark.parametrize(
    "about",
    [
        'logging.getLogger("x").exception("failed for " + CANARY)',
        'logging.getLogger("x").error("failed: %s", problem)',
        'logging.getLogger("x").error(f"failed: {problem}")',
        'before.error("failed", exc_info=problem)',
    ],
)
def test_of_an_exception_there_is_its_kind_and_its_place_only(about):
    [line] = logged(f"""
        try:
            fail()
        except ValueError as problem:
            {about}
    """)
    assert (line["event"].startswith("ValueError at "), line["level"]) == (True, "error")
    assert line["where"].count("in fail") == 1


def test_an_exception_told_of_later_is_its_kind_only():
    [line] = logged("""
        try:
            fail()
        except ValueError as problem:
            kept = problem
        logging.getLogger("x").error("it was %s", kept)
    """)
    assert (line["event"], "where" in line) == ("it was ValueError", False)


@pytest.mark.parametrize(
    "happens",
    [
        "threading.Thread(target=fail).start()",
        "Person()",
        "fail()",
    ],
)
def test_what_nobody_catches_is_logged_without_its_message(happens):
    [line] = logged(happens)
    assert (line["event"], line["kind"]) == ("uncaught", "ValueError")
    assert line["where"].count("in fail") == 1


def test_a_task_nobody_asked_about_is_logged_without_its_message():
    [line] = logged("asyncio.run(never_awaited())")
    assert (line["logger"], line["event"].startswith("ValueError at ")) == ("asyncio", True)


def test_a_warning_is_a_line_too():
    [line] = logged('warnings.warn("mail to karla@example.org")')
    assert (line["logger"], "karla" in line["event"]) == ("py.warnings", False)


def test_a_line_that_cannot_be_read_does_no_harm():
    [line] = logged('logging.getLogger("x").error("%d of %d", CANARY)')
    assert line["event"].startswith("unreadable line at ")


LATER = """
import time
now = time.monotonic()
time.monotonic = lambda: now + 61
"""


@pytest.mark.parametrize(
    ("again", "logger", "where"),
    [
        ('logging.getLogger("x").error("packet %d", number)', "x", "<string>:"),
        ("one = threading.Thread(target=fail); one.start(); one.join()", None, "in fail"),
        ('log.error("mail failed", kind=str(number), where="here")', None, "here"),
        ('log.error("mail failed", kind=str(number))', None, "mail failed"),
    ],
)
def test_one_place_says_thirty_lines_a_minute_and_then_how_many_more_it_had(again, logger, where):
    script = f"""
        for number in range(100):
            {again}
        log.error("another place")
        exec(LATER)
        log.error("next")
        for number in range(2):
            {again}
        log.error("last")
    """
    lines = logged(f"LATER = {LATER!r}\n" + textwrap.dedent(script))
    assert len(lines) == 30 + 1 + 2 + 2 + 1
    assert [lines[at]["event"] for at in (30, 32, 35)] == ["another place", "next", "last"]
    told = lines[31]
    assert (told["event"], told["count"], told.get("logger")) == ("lines left out", 70, logger)
    assert where in str(told["where"])


def test_no_line_with_a_code_that_a_person_was_shown_is_left_out():
    lines = logged(f"""
        LATER = {LATER!r}
        for number in range(100):
            log.error("page failed", code=str(number), where="here")
        exec(LATER)
        log.error("next")
    """)
    shown = [line["code"] for line in lines[:-1]]
    assert (shown, lines[-1]["event"]) == ([str(number) for number in range(100)], "next")


def test_memory_of_places_lasts_a_minute(monkeypatch):
    sparing, hands = log_limits.Sparing(), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: hands[0])
    for number in range(5):
        sparing(None, "error", {"event": "failed", "where": str(number)})
    assert len(sparing._counts) == 5
    hands[0] += log_limits.WINDOW_SECONDS
    sparing(None, "error", {"event": "failed", "where": "elsewhere"})
    assert list(sparing._counts) == [("", "elsewhere")]


def test_hooks_that_somebody_else_has_set_stay():
    assert (
        logged("""
        sys.excepthook = lambda *_: None
        logs.configure()
        fail()
    """)
        == []
    )


def test_levels_between_the_known_ones_are_taken_for_the_lower_one():
    [line] = logged('logging.getLogger("x").log(35, "between")')
    assert (line["event"], line["level"]) == ("between", "warning")


def test_a_library_that_asks_for_the_arguments_of_a_line_gets_none():
    record = logs._Discreet("x", logging.INFO, "f.py", 1, "%s", (CANARY,), None)
    assert (record.args, record.getMessage(), record.exc_info) == ((), CANARY, None)
