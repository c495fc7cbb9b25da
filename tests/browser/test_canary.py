"""
Canaries: after a whole journey they are where the data map says, and in time nowhere.
"""

import json
import re
import sys
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from core.access import digest
from core.appointment import CLOCK
from core.office import forgetting
from core.office.kept import KEPT
from tests.browser.canaries import GUESS, TRIED, Journey, end_of, joins, knock, walk
from tests.browser.server import LOGIN, PASSWORD, serve

FAILING = [sys.executable, "-m", "tests.browser.failing", "run", "app.py"]
BANNER = re.compile(r"\s*(You can now view your Streamlit app.*|(Local |Network )?URL: .*)?\s*")
STAGES = {"+25 h": timedelta(hours=25), "+31 d": timedelta(days=31), "+91 d": timedelta(days=91)}
SECRETS = ("link", "device", "token")
STORED = {
    "name": {"database", "outbox"},
    "mail": {"database", "outbox"},
    "text": {"database"},
    "link": {"outbox"},
    "digest of link": {"database"},
    "digest of device": {"database"},
    "digest of token": {"database"},
}


@pytest.fixture(scope="module")
def journey(clients: Browser, office: Browser, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """Both walk the whole way once; much goes wrong; then time passes."""
    with serve(tmp_path_factory.mktemp("canary"), FAILING) as served:
        seen = Journey(served)
        walk(clients, office, seen)
        knock(clients, served)
        seen.columns, seen.files = seen.in_columns(), seen.in_files()
        for stage, time in STAGES.items():
            forgetting.forget(CLOCK, end_of(seen) + time)
            seen.later[stage] = seen.in_files()
            seen.left[stage] = joins(served)
    seen.log = served.log()  # the server has stopped: nothing comes on top
    return seen


def test_the_database_has_each_canary_where_the_data_map_says_and_nowhere_else(
    journey: Journey,
) -> None:
    expected: dict[str, set[tuple[str, str]]] = {name: set() for name in journey.words}
    expected |= {
        "name": {("guest", "name")},
        "mail": {("guest", "email")},
        "text": {("message", "text")},
        "digest of link": {("guest", "secret_hash")},
        "digest of device": {("guest", "device_hash"), ("guest", "own_device_hash")},
        "digest of token": {("staff_session", "token_hash")},
    }
    assert journey.columns == expected
    mapped = {(row.place, column) for row in KEPT for column in row.columns}
    assert set().union(*expected.values()) - mapped == set()


def test_no_file_has_a_canary_but_the_database_and_the_outbox(journey: Journey) -> None:
    nowhere: dict[str, set[str]] = {name: set() for name in journey.words}
    assert journey.files == nowhere | STORED


def test_after_25_hours_no_byte_of_the_chat_is_left(journey: Journey) -> None:
    nowhere: dict[str, set[str]] = {name: set() for name in journey.words}
    assert journey.later["+25 h"] == nowhere | STORED | {"text": set()}


@pytest.mark.parametrize("stage", ["+31 d", "+91 d"])
def test_after_31_days_no_byte_of_anything_personal_is_left(journey: Journey, stage: str) -> None:
    assert journey.later[stage] == {name: set() for name in journey.words}


def test_after_91_days_no_row_joins_a_person_and_an_appointment(journey: Journey) -> None:
    assert {stage: bool(left) for stage, left in journey.left.items()} == {
        "+25 h": True,
        "+31 d": True,
        "+91 d": False,
    }


def test_secrets_are_in_cookies_only_and_the_link_in_its_one_address(journey: Journey) -> None:
    assert journey.visitor is not None
    assert journey.advisor is not None
    cookie = {"cookie", "set-cookie"}
    assert {name: journey.visitor.has(journey.words[name]) for name in SECRETS} == {
        "link": {*cookie, "url"},
        "device": cookie,
        "token": set(),
    }
    assert {name: journey.advisor.has(journey.words[name]) for name in SECRETS} == {
        "link": set(),
        "device": set(),
        "token": cookie,
    }
    addresses = {
        text for name, text in journey.visitor.seen if name == "url" and journey.link in text
    }
    assert addresses == {f"{journey.served.base_url}/termin/{journey.link}"}


def test_no_header_and_no_address_has_anything_else_of_a_person(journey: Journey) -> None:
    assert journey.visitor is not None
    assert journey.advisor is not None
    assert (len(journey.visitor.sessions) >= 1, len(journey.advisor.sessions) >= 1) == (True, True)
    found = {
        name: journey.visitor.has(word) | journey.advisor.has(word)
        for name, word in journey.words.items()
        if name not in SECRETS
    }
    # Streamlit's own page takes its session up again with its id, in this header only.
    again = {"sec-websocket-protocol"}
    assert {name: places - again for name, places in found.items()} == {n: set() for n in found}
    assert {n: places for n, places in found.items() if places and "session" not in n} == {}


def test_the_log_has_lines_of_json_and_streamlits_banner_only(journey: Journey) -> None:
    lines = [line for line in journey.log.splitlines() if not BANNER.fullmatch(line)]
    assert [line for line in lines if not line.startswith("{")] == []
    loggers = {json.loads(line).get("logger") for line in lines}
    assert loggers & {"uvicorn.access"} == set()


def test_the_log_names_nobody_who_came_and_nothing_a_stranger_tried(journey: Journey) -> None:
    tried = {"guess": GUESS, "tried": TRIED, "login": f'"{LOGIN}', "password": PASSWORD}
    words = {**journey.words, **tried, "digest of guess": digest(GUESS)}
    assert [name for name, word in words.items() if word in journey.log] == []


def test_the_code_on_the_failed_page_leads_to_the_place_in_the_log(journey: Journey) -> None:
    lines = [json.loads(line) for line in journey.log.splitlines() if line.startswith("{")]
    [line] = [line for line in lines if line.get("code") == journey.code]
    assert (line["event"], line["kind"]) == ("page failed", "ValueError")
    assert line["where"].count("in check_identity") >= 1


def test_everything_that_failed_has_left_a_line(journey: Journey) -> None:
    lines = [json.loads(line) for line in journey.log.splitlines() if line.startswith("{")]
    failed = {(line.get("logger"), line["event"].partition(" at ")[0]) for line in lines}
    assert failed >= {
        ("aiortc", "[…] no candidate for […]"),
        (None, "uncaught"),
        ("streamlit", "ValueError"),
        (None, "page failed"),
    }
