"""
The room in its less common states holds to WCAG 2.2 A and AA, too, as far as axe can tell:
three people, a screen, cameras and microphones that are off, a lost connection.

One talk for each size; that of a desktop is run by `make soak-talk`. The usual states are in
the journey of test_axe.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from core import clock
from core.appointment import GuestRole, IdentityProof
from core.office import hosting
from tests.browser import office as desk
from tests.browser.people import Advisor, Person, Visitor, wait_until
from tests.browser.server import LOGIN, PASSWORD, Served
from tests.browser.test_axe import SIZES, Report

STATES = [
    f"{who}, {state}"
    for who in ("client", "advisor")
    for state in ("three people", "camera and microphone off", "settings", "screen", "interrupted")
]
LOST = "Verbindung unterbrochen, wir verbinden neu …"


def tiles(person: Person, more: str = "") -> int:
    return person.page.locator(f".stage .tile{more}:visible").count()


def look(people: tuple[Visitor, Advisor], state: str, report: Report) -> None:
    for who, person in zip(("client", "advisor"), people, strict=True):
        report.look(person, f"{who}, {state}")


def sees_two_others(person: Person) -> None:
    wait_until(lambda: tiles(person) == 2, "both others are seen")


def begin(served: Served, client: Visitor, third: Visitor, advisor: Advisor) -> None:
    """All three are in the open room, and the advisor knows who they are."""
    invited = served.plan()
    joined = desk.joined_by(served, invited, "Ida Dolmetsch", GuestRole.INTERPRETER)
    for person, link in ((client, invited), (third, joined)):
        desk.waiting(served, link)
        person.opens(link.link)
        person.sees("Warteraum")
        wait_until(person.sees_a_picture, "the connection stands")
    advisor.signs_in(LOGIN, PASSWORD)
    advisor.goes_to_desk(invited.appointment_id)
    advisor.turn_on()
    advisor.sees_own_picture()
    advisor.press("Beratungsraum öffnen")
    everybody: list[Person] = [client, third, advisor]
    for each in everybody:
        sees_two_others(each)
        each.sees_and_hears()
    for link in (invited, joined):
        hosting.check_identity(served.advisor, clock.now(), link.guest_id, IdentityProof.ID_SHOWN)


def switch(person: Person, words: str) -> None:
    person.toggle(f"Mikrofon {words}schalten")
    person.toggle(f"Kamera {words}schalten")


def off(people: tuple[Visitor, Advisor], report: Report) -> None:
    for person in people:
        switch(person, "aus")
    for person in people:
        expect(
            person.page.locator(".stage .tile").get_by_text("Nicht zu sehen").first
        ).to_be_visible()
    look(people, "camera and microphone off", report)
    for person in people:
        switch(person, "ein")


def settings(people: tuple[Visitor, Advisor], report: Report) -> None:
    for person in people:
        person.toggle("Einstellungen")
    look(people, "settings", report)
    for person in people:
        person.toggle("Einstellungen")


def share(people: tuple[Visitor, Advisor], report: Report) -> None:
    client, advisor = people
    advisor.press("Bildschirm zeigen")
    wait_until(lambda: tiles(client, ".screen") == 1, "the screen is seen")
    look(people, "screen", report)
    advisor.press("Bildschirm nicht mehr zeigen")


def interrupt(people: tuple[Visitor, Advisor], report: Report) -> None:
    """The connection is lost and no offer gets through."""

    def refuse(route: Route) -> None:
        route.abort()

    for person in people:
        person.page.route("**/signal", refuse)
        person.page.evaluate("window.connections.forEach((each) => each.close())")
        expect(person.page.get_by_text(LOST)).to_be_visible()
    look(people, "interrupted", report)


@pytest.fixture(scope="module", params=[pytest.param("desktop", marks=pytest.mark.soak), "phone"])
def report(
    request: pytest.FixtureRequest, clients: Browser, office: Browser, served: Served
) -> Iterator[Report]:
    size, report = SIZES[request.param], Report()
    client, third = (Visitor(clients, served.base_url, viewport=size) for _ in range(2))
    advisor = Advisor(office, served.base_url, viewport=size)
    begin(served, client, third, advisor)
    people = client, advisor
    look(people, "three people", report)
    for part in (off, settings, share, interrupt):
        part(people, report)
    yield report
    for person in (client, third, advisor):
        person.leave()


@pytest.mark.parametrize("state", STATES)
def test_no_state_of_the_room_breaks_a_rule(report: Report, state: str) -> None:
    assert report.pages[state] == []
