"""The live socket over real WebSockets: who gets one, what comes through it, how it ends."""

import json
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, update
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core import clock
from core import hub as news
from core.engine import engine
from core.office import inviting, staff_sessions, timekeeping
from core.trail import Timekeeping
from pages.doors import live_socket
from pages.gate import live_limits as limits
from pages.gate import socket_limits
from pages.tabs.tab import Tab
from tests.browser import office
from tests.browser.raw import raw_page
from tests.jars import link_jar
from tests.pages.live import Site, ended, heard, hello, jar_of, listen, visit

DAY, SOME_SECONDS = timedelta(days=1), timedelta(seconds=30)


def test_a_tab_is_told_that_something_has_changed_and_not_what(site: Site) -> None:
    invited = site.served.plan()
    jar = jar_of(invited)
    with visit(site, jar) as page, listen(site, jar) as socket:
        before = hello(socket, page.tab)
        office.consented(site.served, invited)
        assert heard(socket) == {"changed": before + 1}


@pytest.mark.parametrize(
    ("button", "shows"),
    [("Gespräch beenden", "Gespräch für alle beenden?"), ("Abmelden", "Nicht angemeldet")],
    ids=["with a callback", "without one"],
)
def test_what_a_press_does_is_seen_even_if_a_part_of_the_page_asked_together_with_it(
    site: Site, button: str, shows: str
) -> None:
    invited = site.served.plan()
    office.talking(site.served, invited)
    with raw_page(site.served.base_url, site.staff()) as page:
        page.run("beratung", f"termin={invited.appointment_id}")
        press = WidgetState(id=page.widgets[button], trigger_value=True)
        part = min(page.parts)
        assert shows not in page.run_part(part)
        assert shows in page.run_part(part, [press])


def test_a_message_alone_has_no_part_of_the_page_drawn() -> None:
    class Here:
        def wake(self) -> None: ...

        def close(self, code: int) -> None: ...

    tab, here = Tab("somebody"), Here()
    listener = tab.listener
    listener.attach(here)
    listener.take(here)
    before = listener.version
    tab.told(frozenset({news.chat(3)}))
    assert listener.take(here) == [{"said": None}]
    tab.told(frozenset({news.chat(3), news.appointment(3)}))
    assert listener.take(here) == [{"said": None}, {"changed": before + 1}]


def test_what_has_changed_meanwhile_is_said_on_coming_back(site: Site) -> None:
    invited = site.served.plan()
    jar = jar_of(invited)
    with visit(site, jar) as page, visit(site, jar) as other:
        with listen(site, jar) as socket:
            before = hello(socket, page.tab)
        with listen(site, jar) as socket:
            hello(socket, other.tab)
            office.consented(site.served, invited)
            heard(socket)
        with listen(site, jar) as socket:
            assert hello(socket, page.tab) > before  # once or twice: it may be told by two ways


def test_what_happens_to_others_is_not_told(site: Site) -> None:
    own, other = site.served.plan(), site.served.plan()
    jar = jar_of(own)
    with visit(site, jar) as page, listen(site, jar) as socket:
        before = hello(socket, page.tab)
        office.consented(site.served, other)
        office.consented(site.served, own)
        assert heard(socket) == {"changed": before + 1}


def test_a_sign_of_life_is_answered(site: Site) -> None:
    jar = site.guest()
    with visit(site, jar) as page, listen(site, jar) as socket:
        hello(socket, page.tab)
        socket.send("{}")
        assert heard(socket) == {}


def test_whoever_has_no_live_seat_gets_none(site: Site) -> None:
    for jar in ({}, link_jar("x" * 43), {"beratung": "y" * 43}):
        assert site.refused(jar, path="/live", subprotocols=None) == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_foreign_page_gets_none(site: Site, origin: str | None) -> None:
    assert site.refused(site.guest(), path="/live", subprotocols=None, origin=origin) == 403


def test_a_tabs_name_opens_nothing_without_its_cookie(site: Site) -> None:
    jar = site.guest()
    with visit(site, jar) as page:
        for other in (site.guest(), site.staff()):
            with listen(site, other) as socket:
                socket.send(json.dumps({"tab": page.tab}))
                assert ended(socket) == live_socket.UNKNOWN


@pytest.mark.parametrize("tab", ["x" * 22, "", None, 1, ["x"], {"x": 1}])
def test_a_name_that_no_tab_has_opens_nothing(site: Site, tab: object) -> None:
    with listen(site, site.guest()) as socket:
        socket.send(json.dumps({"tab": tab}))
        assert ended(socket) == live_socket.UNKNOWN


def test_a_replaced_link_loses_the_socket_and_the_name(site: Site) -> None:
    invited = site.served.plan()
    jar = jar_of(invited)
    with visit(site, jar) as page, listen(site, jar) as socket:
        hello(socket, page.tab)
        inviting.new_link(site.served.advisor, clock.now(), invited.guest_id)
        assert ended(socket) == live_socket.REFUSED
        assert site.refused(jar, path="/live", subprotocols=None) == 403


def test_who_signs_out_loses_the_socket(site: Site) -> None:
    jar = site.staff()
    with raw_page(site.served.base_url, jar) as page:
        page.run("tagesplan", "")
        with listen(site, jar) as socket:
            hello(socket, page.tab)
            staff_sessions.sign_out(site.served.advisor, clock.now(), jar["beratung"])
            assert ended(socket) == live_socket.REFUSED


def counts_from(moment: datetime) -> None:
    """As if the machine had been off since then."""
    now = {"moment": moment, "boot": clock.boot(), "seconds": clock.running()}
    with Session(engine()) as session:
        # One statement that writes waits for the app's; one that has read before would not.
        session.execute(update(Timekeeping).values(now))
        session.commit()


def behind() -> timedelta:
    with Session(engine()) as session:
        row = session.get_one(Timekeeping, timekeeping.ROW)
        counted = row.moment + timedelta(seconds=clock.running() - row.seconds)
    return clock.wall() - counted


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def test_a_colleagues_browser_that_has_the_time_ends_the_doubt_about_the_clock(site: Site) -> None:
    counts_from(clock.wall() - 40 * DAY)
    jar = site.staff()
    with raw_page(site.served.base_url, jar) as page:
        page.run("tagesplan", "")
        with listen(site, jar) as socket:
            hello(socket, page.tab, at=milliseconds(clock.wall()))
            assert abs(behind()) < SOME_SECONDS


# Few: one account opens ten sockets at once and no more.
@pytest.mark.parametrize("at", [None, {}, -1, 0.5, 10**400])
def test_what_is_no_time_is_none(site: Site, at: object) -> None:
    counts_from(clock.wall() - 40 * DAY)
    jar = site.staff()
    with raw_page(site.served.base_url, jar) as page:
        page.run("tagesplan", "")
        with listen(site, jar) as socket:
            hello(socket, page.tab, at=at)
            assert abs(behind() - 40 * DAY) < SOME_SECONDS


def test_a_guests_browser_is_not_asked_what_time_it_is(site: Site) -> None:
    counts_from(clock.wall() - 40 * DAY)
    jar = site.guest()
    with visit(site, jar) as page, listen(site, jar) as socket:
        hello(socket, page.tab, at=milliseconds(clock.wall()))
        assert abs(behind() - 40 * DAY) < SOME_SECONDS


def test_the_newest_socket_of_a_tab_is_the_one(site: Site) -> None:
    jar = site.guest()
    with visit(site, jar) as page, listen(site, jar) as old, listen(site, jar) as new:
        hello(old, page.tab)
        hello(new, page.tab)
        assert ended(old) == live_socket.REPLACED
        new.send("{}")
        assert heard(new) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"{}", socket_limits.NO_TEXT),
        ("x", socket_limits.NOT_READABLE),
        ("[]", socket_limits.NOT_READABLE),
        ("[" * 4000, socket_limits.NOT_READABLE),
        (json.dumps({"tab": "x" * limits.MAX_BYTES}), socket_limits.TOO_LARGE),
    ],
)
def test_what_no_page_of_ours_says_ends_it(
    site: Site,
    said: bytes | str,
    expected: int,
) -> None:
    before, jar = site.served.log(), site.guest()
    with visit(site, jar) as page, listen(site, jar) as socket, listen(site, jar) as silent:
        hello(socket, page.tab)
        for each in (socket, silent):
            each.send(said)
            assert ended(each) == expected
    assert site.served.log() == before


def test_somebody_who_comes_and_goes_without_a_word_leaves_no_line_in_the_log(
    site: Site,
) -> None:
    before, jar = site.served.log(), site.guest()
    for _ in range(3):
        with listen(site, jar):
            pass
    assert site.refused({}, path="/live", subprotocols=None) == 403
    assert site.served.log() == before


def test_a_person_has_a_few_and_the_page_is_not_kept_out_by_them(site: Site) -> None:
    jar = site.guest()
    with ExitStack() as open_:
        for _ in range(limits.SOCKETS):
            open_.enter_context(listen(site, jar))
        assert site.refused(jar, path="/live", subprotocols=None) == 429
        open_.enter_context(site.connect(jar))


def test_who_says_nothing_at_all_is_not_kept(site: Site) -> None:
    with listen(site, site.guest()) as socket:
        assert ended(socket) == live_socket.POLICY
