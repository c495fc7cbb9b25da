"""Hostile names and messages on real pages: shown as text, fetching and running nothing."""

import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from core import clock
from core.appointment import OPERATOR, Actor, By
from core.office import accounts, chat
from core.office.ledger import transaction
from core.pieces import pieces
from core.records import Jobcenter
from core.refused import Refused
from core.text import BadText, person_name
from tests.browser import office
from tests.browser.beacon import Beacon, Seen
from tests.browser.people import SECONDS, Advisor, Person, Visitor, wait_until
from tests.browser.server import PHONE, Invited, Served
from tests.browser.test_links import is_calm, says
from tests.browser.test_outside import foreign
from tests.hostile import HOSTILE

NAMES = 60
ALLOWED = {"LI", "SPAN", "BDI", "TIME", "DIV", "A"}
MESSAGES = """
(log) => [...log.querySelectorAll("li > div")].map((div) => {
  const copy = div.cloneNode(true);
  const notes = [...copy.querySelectorAll("span.host")];
  const hosts = notes.map((note) => note.textContent).join("");
  notes.forEach((note) => note.remove());
  return { stored: copy.textContent, hosts, shown: div.innerText };
})
"""
STICKS_OUT = """
() => [...document.querySelectorAll("html, .st-key-chatlog, [data-testid=stMain], .stHtml")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.className || each.tagName)
"""
LINKS = "(links) => links.map(({ href, target, rel }) => ({ href, target, rel }))"


@dataclass
class Stage:
    """A Jobcenter where everybody has a hostile name, and one open room full of messages."""

    beacon: Beacon
    login: str
    advisor_name: str
    jobcenter_name: str
    planned: dict[str, Invited]
    room_name: str
    room: Invited
    lines: list[str]


@pytest.fixture(scope="module")
def stage(served: Served, beacon: Beacon) -> Stage:
    advisor_name = (
        f"Anna ![x](http://{beacon.host}/a.png) <img src=//{beacon.host}/b onerror=alert(1)>"
    )
    jobcenter_name = (
        f":material/home: <script src=//{beacon.host}/c></script> [Amt](javascript:alert(1))"
    )
    operator = (OPERATOR, clock.now())
    phone = '"><img src=x onerror=alert(1)> 030'
    jobcenter = accounts.add_jobcenter(*operator, jobcenter_name, PHONE)
    with transaction() as session:  # kept before numbers were asked to be ones
        session.get_one(Jobcenter, jobcenter).phone = phone
    staff = accounts.add_staff(*operator, jobcenter, advisor_name, "hostile", "ein-langes-passwort")
    advisor = Actor(By.ADVISOR, staff, jobcenter)
    planned = {name: served.plan(name, advisor=advisor) for name in storable_names(beacon)}
    room_name, room = planned.popitem()
    hostile = Served(served.base_url, served.folder, advisor, served.process)
    guest = office.talking(hostile, room)
    lines = write_all(beacon, (advisor, guest), room.appointment_id)
    return Stage(beacon, "hostile", advisor_name, jobcenter_name, planned, room_name, room, lines)


def storable_names(beacon: Beacon) -> list[str]:
    """Those that point outside first, then others, both spread over all kinds."""
    names: dict[str, None] = {}
    for text in HOSTILE:
        with suppress(BadText):
            names[person_name(beacon.pointed_at(text))] = None
    outside = [name for name in names if beacon.host in name]
    others = [name for name in names if beacon.host not in name]
    each = NAMES // 2
    return outside[:: len(outside) // each][:each] + others[:: len(others) // each][:each]


def write_all(beacon: Beacon, writers: tuple[Actor, Actor], appointment_id: int) -> list[str]:
    """Messages of all kinds into the chat, by turns; what is read of them."""
    began = clock.now() - timedelta(minutes=30)
    for number, text in enumerate(HOSTILE[::7]):
        at, pointed = began + timedelta(seconds=3 * number), beacon.pointed_at(text)
        with suppress(Refused):
            chat.write(writers[number % 2], at, appointment_id, pointed)
    return [line.text for line in chat.read(writers[0], appointment_id)]


@pytest.fixture
def seen(stage: Stage, served: Served, people: list[Person]) -> Iterator[Seen]:
    """Whatever a test opens, nothing of this may have happened at its end."""
    watched = Seen()
    before = stage.beacon.asked
    yield watched
    for person in people:
        is_calm(person)
        assert foreign(person.requests, served.base_url) == []
    assert stage.beacon.asked == before
    assert watched.dialogs == []
    assert watched.errors == []


@pytest.fixture
def guest(browser: Browser, served: Served, seen: Seen, people: list[Person]) -> Visitor:
    person = Visitor(browser, served.base_url, viewport={"width": 390, "height": 844})
    people.append(person)
    seen.watch(person.page)
    return person


@pytest.fixture
def staff(
    browser: Browser, served: Served, stage: Stage, seen: Seen, people: list[Person]
) -> Advisor:
    person = Advisor(browser, served.base_url, viewport={"width": 1280, "height": 900})
    people.append(person)
    seen.watch(person.page)
    person.signs_in(stage.login, "ein-langes-passwort")
    return person


def test_these_names_and_messages_are_worth_the_trouble(stage: Stage) -> None:
    assert len(stage.planned) == NAMES - 1
    assert len(stage.lines) > 80
    for lines in (stage.planned, stage.lines):
        assert sum(stage.beacon.host in line for line in lines) > 10
        assert any("<script" in line for line in lines)
        assert any("](" in line for line in lines)


def test_the_beacon_and_the_dialogs_are_noticed_where_text_is_not_escaped(
    browser: Browser, beacon: Beacon
) -> None:
    page, seen, before = browser.new_page(), Seen(), beacon.asked
    seen.watch(page)
    with suppress(OSError):
        urllib.request.urlopen(f"http://{beacon.host}/", timeout=5)
    assert beacon.asked == before + 1
    page.set_content(f"<img src=http://{beacon.host}/x.png><img src=x: onerror=alert(1)>")
    page.evaluate("setTimeout(() => { throw new Error('noticed') })")
    page.wait_for_function("document.images[0].complete")
    assert beacon.asked > before + 1
    assert seen.dialogs == ["1"]
    assert len(seen.errors) == 1
    page.close()


def test_the_agenda_shows_every_name_as_it_is(stage: Stage, staff: Advisor) -> None:
    for name, invited in stage.planned.items():
        row = staff.page.locator(f".st-key-meeting_{invited.appointment_id} p.state")
        expect(row).to_be_visible(timeout=30 * SECONDS)
        assert row.first.inner_text().endswith(f"{name} war noch nicht da.")
    says(staff, f"{stage.advisor_name}, {stage.jobcenter_name}")


def test_the_desk_shows_the_name_as_it_is(stage: Stage, staff: Advisor) -> None:
    for name in list(stage.planned)[::20]:
        staff.page.goto(f"/beratung?termin={stage.planned[name].appointment_id}")
        expect(staff.page.locator("h2.part").first).to_have_text(name, timeout=30 * SECONDS)
        assert staff.page.locator("p.lead").first.inner_text().startswith(f"{name} · ")


def test_a_new_link_is_shown_with_the_name_as_it_is(stage: Stage, staff: Advisor) -> None:
    name, invited = list(stage.planned.items())[1]
    staff.page.goto(f"/beratung?termin={invited.appointment_id}")
    staff.page.get_by_text("Weitere Schritte").click()
    staff.press("Neuen Link senden")
    says(staff, f"Persönlicher Link für {name}, nur jetzt zu sehen:")


def test_the_startseite_shows_advisor_and_jobcenter_as_they_are(
    stage: Stage, guest: Visitor
) -> None:
    invited = next(iter(stage.planned.values()))
    guest.opens(invited.link)
    guest.sees("Startseite")
    shown = guest.page.locator("dl.facts dd").all_inner_texts()
    assert shown[2:4] == [stage.advisor_name, stage.jobcenter_name]


def test_the_waiting_room_shows_the_advisor_as_they_are(
    served: Served, stage: Stage, guest: Visitor
) -> None:
    invited = list(stage.planned.values())[-1]
    actor = Actor(By.GUEST, invited.guest_id, office.guest(invited).jobcenter_id)
    hostile = Served(served.base_url, served.folder, actor, served.process)
    office.waiting(hostile, invited)
    guest.opens(invited.link)
    guest.sees("Warteraum")
    says(guest, f"{stage.advisor_name} öffnet zum Termin den Beratungsraum.")


def test_the_visitor_reads_the_chat_as_it_was_written(stage: Stage, guest: Visitor) -> None:
    guest.opens(stage.room.link)
    guest.sees("Beratungsraum")
    guest.page.get_by_role("button", name="Chat öffnen").click()
    shows_the_chat_as_it_was_written(guest, stage)
    says(guest, f"{stage.advisor_name} ist gleich da.")
    authors = guest.page.locator("ol.chat li.theirs .who").all_inner_texts()
    assert all(author.startswith(f"{stage.advisor_name} ") for author in authors)


def test_the_advisor_reads_the_chat_as_it_was_written(stage: Stage, staff: Advisor) -> None:
    staff.page.goto(f"/beratung?termin={stage.room.appointment_id}")
    staff.sees("Beratungsraum")
    shows_the_chat_as_it_was_written(staff, stage)
    authors = staff.page.locator("ol.chat li.theirs .who").all_inner_texts()
    assert all(author.startswith(f"{stage.room_name} ") for author in authors)


def shows_the_chat_as_it_was_written(person: Person, stage: Stage) -> None:
    log = person.page.locator("ol.chat")
    expect(log.locator("> li")).to_have_count(len(stage.lines), timeout=30 * SECONDS)
    messages = log.evaluate(MESSAGES)
    assert [message["stored"] for message in messages] == stage.lines
    seen = [squeezed(message["shown"]) for message in messages if not message["hosts"]]
    lines = zip(messages, stage.lines, strict=True)
    assert seen == [squeezed(line) for message, line in lines if not message["hosts"]]
    # On a phone the chat has just begun to slide in.
    wait_until(lambda: person.page.evaluate(STICKS_OUT) == [], "nothing sticks out")
    kinds = log.evaluate("(log) => [...log.querySelectorAll('*')].map((each) => each.tagName)")
    assert set(kinds) <= ALLOWED
    are_harmless(log.locator("a").evaluate_all(LINKS), stage)


def are_harmless(links: list[dict[str, str]], stage: Stage) -> None:
    typed = [piece for line in stage.lines for piece in pieces(line) if piece.href]
    assert len(links) == len(typed) > 10
    for link in links:
        assert urlsplit(link["href"]).scheme in ("http", "https"), link
        assert link["target"] == "_blank"
        assert {"noopener", "noreferrer"} <= set(link["rel"].split())


def squeezed(text: str) -> list[str]:
    """Its lines without what a browser leaves out: blanks at their ends, blanks after blanks."""
    return [" ".join(line.split()) for line in text.strip().splitlines()]
