"""The door itself: a failed page is calm and its log discreet; the clock does its rounds."""

import asyncio
import gc
import logging
import sys
from datetime import timedelta

import pytest
import streamlit as st
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select
from streamlit.error_util import handle_user_script_exception
from structlog.testing import capture_logs

import app
from core import log_limits
from core.appointment import CLOCK, GuestStatus, Status
from core.engine import engine
from core.office import chat, closing, forgetting, hosting, timekeeping
from core.records import Guest, Message
from pages.parts import language
from tests.conftest import HOUR, NOW
from tests.pages.knocking import served

CANARY = "Karla Beispiel karla@example.com"
SENTENCE = "Das hat leider nicht geklappt. Bitte laden Sie die Seite neu. Fehlercode: "


def failing(name, *_):
    raise ValueError(f"no such person: {name}")


@pytest.fixture
def problem():
    """A failure whose message names somebody."""
    with pytest.raises(ValueError, match="no such person") as caught:
        failing(CANARY)
    return caught.value


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.setattr(language, "speak_again", lambda: None)  # there is no session here
    sentences = []
    monkeypatch.setattr(st, "error", sentences.append)
    return sentences


def test_a_failed_page_shows_a_code_and_the_log_has_the_same(problem, shown):
    with capture_logs() as logs:
        assert app.calm_page(problem) is True
    [sentence], [entry] = shown, logs
    code = sentence.removeprefix(SENTENCE)
    assert (len(code), int(code, 16) >= 0) == (6, True)
    assert (entry["code"], entry["kind"], entry["event"]) == (code, "ValueError", "page failed")


def test_the_log_says_where_but_neither_the_message_nor_a_name(problem, shown):
    with capture_logs() as logs:
        app.calm_page(problem)
    [entry] = logs
    assert set(entry) == {"code", "kind", "where", "event", "log_level"}
    assert entry["where"].count("in failing") == 1
    assert [word for word in CANARY.split() if word in repr(logs) + repr(shown)] == []


def test_every_failure_has_a_code_of_its_own(problem, shown):
    for _ in range(20):
        app.calm_page(problem)
    assert len(set(shown)) == 20


def test_who_has_a_page_fail_all_the_time_fills_no_disk_and_everybody_finds_their_code(
    problem, shown, monkeypatch
):
    moment = [1000.0]
    monkeypatch.setattr(log_limits.time, "monotonic", lambda: moment[0])
    monkeypatch.setattr(log_limits, "failure_code", log_limits._Codes())
    with capture_logs() as written:
        for _ in range(200):
            app.calm_page(problem)
    codes = [entry["code"] for entry in written]
    assert len(codes) == log_limits.CODES
    assert {sentence.removeprefix(SENTENCE) for sentence in shown} == set(codes)
    moment[0] += log_limits.WINDOW_SECONDS
    with capture_logs() as later:
        app.calm_page(problem)
    assert len(later) == 1


def test_streamlits_own_log_is_as_discreet(problem, shown, caplog):
    logger = logging.getLogger("streamlit.error_util")
    logger.addHandler(caplog.handler)
    try:
        handle_user_script_exception(problem, app.calm_page)
    finally:
        logger.removeHandler(caplog.handler)
    assert [word for word in CANARY.split() if word in caplog.text] == []


def messages():
    with Session(engine()) as session:
        return list(session.exec(select(Message.text)))


def test_the_app_starts_with_its_doors_beside_streamlit(house, it_is):
    paths = ("/", "/termin", "/anmelden", "/_stcore/health", f"/termin/{house.plan().secret}")
    with served() as client:
        assert [client.get(path).status_code for path in paths] == [200, 404, 200, 200, 303]
        assert client.get("/anmelden").text.count("<form") == 1
    # Talks are let in soon; what is there at start is never looked through for garbage.
    assert sys.getswitchinterval() == pytest.approx(0.0005)
    assert gc.get_freeze_count() > 100_000


class OneRound(Exception):
    """The clock would sleep now."""


@pytest.fixture
def one_round(house, monkeypatch):
    """Lets the clock do one round at a moment, and returns what it slept for."""
    slept = []
    monkeypatch.setattr(app.clock, "running", NOW.timestamp)
    timekeeping.keep(CLOCK, NOW)

    async def sleep(seconds):
        slept.append(seconds)
        raise OneRound

    def go(moment, task=app.tick, passed=None):
        truth = moment if passed is None else NOW + passed
        monkeypatch.setattr(app.clock, "wall", lambda: moment)
        monkeypatch.setattr(app.clock, "running", truth.timestamp)
        monkeypatch.setattr(app.asyncio, "sleep", sleep)
        with pytest.raises(OneRound):
            asyncio.run(task())
        return slept

    return go


def test_a_round_closes_overdue_links_and_no_others(house, one_round):
    overdue, today = house.plan(), house.plan(starts_at=NOW + HOUR)
    waits = house.plan()
    house.waiting(waits)
    assert one_round(NOW + 2 * HOUR) == [60]
    assert [house.status(each)[0] for each in (overdue, today, waits)] == [
        Status.EXPIRED,
        Status.PLANNED,
        Status.PLANNED,
    ]
    assert house.status(waits)[1] is GuestStatus.WAITING


def test_a_round_deletes_chats_a_day_past(house, one_round):
    planned = house.plan()
    guest = house.talking(planned)
    chat.write(guest, NOW, planned.appointment_id, "Guten Tag")
    hosting.end(house.advisor, NOW, planned.appointment_id)
    one_round(NOW + 24 * HOUR)
    assert messages() == ["Guten Tag"]  # the appointment was over an hour later
    one_round(NOW + 25 * HOUR)
    assert messages() == []


@pytest.mark.parametrize("days", [1.1, 2, 31, 35, 91, 120, 3653])
def test_a_round_by_a_clock_that_is_ahead_takes_nothing(house, one_round, days):
    planned, talked = house.plan(), house.plan()
    chat.write(house.talking(talked), NOW, talked.appointment_id, "Guten Tag")
    hosting.end(house.advisor, NOW, talked.appointment_id)
    one_round(NOW + timedelta(days=days), passed=HOUR)
    assert house.row(Guest, talked.guest_id).name == "Karla Beispiel"
    assert (house.status(planned)[0], messages()) == (Status.PLANNED, ["Guten Tag"])


def test_what_cannot_be_counted_is_not_taken(house, one_round, monkeypatch):
    """The database was away when counting was to begin, and is back for what comes next."""
    planned = house.plan()
    app.clock.count_from(None)
    monkeypatch.setattr(timekeeping, "keep", failing)
    with capture_logs() as logs:
        one_round(NOW + 24 * HOUR)
    assert ([entry["deed"] for entry in logs], house.status(planned)[0]) == (
        ["failing"],
        Status.PLANNED,
    )


def test_a_round_does_each_thing_once_as_the_clock(house, one_round, monkeypatch):
    done = []
    monkeypatch.setattr(closing, "expire_due", lambda *with_: done.append(("expire", *with_)))
    monkeypatch.setattr(forgetting, "forget", lambda *with_: done.append(("forget", *with_)))
    one_round(NOW)
    assert done == [("expire", CLOCK, NOW), ("forget", CLOCK, NOW)]


def test_a_failed_round_does_not_stop_the_clock(house, one_round, monkeypatch):
    def locked(*_):
        raise OperationalError("UPDATE", {"name": CANARY}, Exception("database is locked"))

    monkeypatch.setattr(closing, "expire_due", locked)
    with capture_logs() as logs:
        assert one_round(NOW) == [60]
    [entry] = logs
    assert entry == {
        "event": "clock failed",
        "deed": "locked",
        "kind": "OperationalError",
        "log_level": "error",
    }


def test_what_fails_keeps_the_rest_of_a_round_from_nothing(house, one_round, monkeypatch):
    done = []
    monkeypatch.setattr(closing, "expire_due", failing)
    monkeypatch.setattr(forgetting, "forget", lambda *_: done.append("forget"))
    with capture_logs() as logs:
        one_round(NOW)
    assert (done, [entry["deed"] for entry in logs]) == (["forget"], ["failing"])
