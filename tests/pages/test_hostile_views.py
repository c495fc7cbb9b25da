"""
Every hostile text in every field that is shown, on every page: it stands there as text.

The texts are put into the database as they are, past all rules, many at a time. Whatever
Streamlit is sent is looked at: they may only be in the HTML that `pages.parts.show` makes.
What a browser makes of that is in `tests/browser/test_hostile_html.py`.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from urllib.parse import quote

import pytest

from core.office import hosting, visiting
from core.office.planning import Planned
from core.records import Guest, Jobcenter, Staff
from pages.doors import link
from tests.conftest import House
from tests.core.media.ends import End
from tests.pages import reading
from tests.pages.conftest import Tab
from tests.pages.knocking import send
from tests.pages.test_hostile import SENDABLE, foreign

AT_ONCE = 25
OURS = r"tel:[+0-9]+|datenschutz|hilfe|barrierefreiheit|\?t=[0-9a-f]{10}&sprache=[a-z-]+"
EDGE = "⁂"  # around the texts in a field; none of them has it
BATCHES = [
    EDGE + "\n".join(SENDABLE[start : start + AT_ONCE]) + EDGE
    for start in range(0, len(SENDABLE), AT_ONCE)
]


def waits(house: House, planned: Planned) -> None:
    visiting.consent(house.guest(planned), house.now, "1")
    visiting.enter_waiting(house.guest(planned), house.now)


def talks(house: House, planned: Planned) -> None:
    waits(house, planned)
    hosting.open_room(house.advisor, house.now, planned.appointment_id, {})


def ends(house: House, planned: Planned) -> None:
    talks(house, planned)
    hosting.end(house.advisor, house.now, planned.appointment_id)


STATES = {
    "planned": lambda house, planned: None,
    "testing": lambda house, planned: visiting.consent(house.guest(planned), house.now, "1"),
    "waiting": waits,
    "talking": talks,
    "over": ends,
    "elsewhere": lambda house, planned: house.set(Guest, planned.guest_id, device_hash="x" * 64),
}
# Page and state, and how often names or numbers of theirs stand on it.
VISITORS = {"planned": 4, "testing": 1, "waiting": 2, "talking": 2, "elsewhere": 1}
STAFF = {"planned": 4, "waiting": 4, "talking": 4, "over": 3}


@dataclass
class Cast:
    """An appointment in some state, and names for everybody in it."""

    house: House
    planned: Planned

    def named(self, text: str) -> None:
        self.house.set(Guest, self.planned.guest_id, name=text)
        self.house.set(Staff, self.house.advisor.id, name=text)
        self.house.set(Jobcenter, self.house.advisor.jobcenter_id, name=text, phone=text)


@pytest.fixture
def cast(house):
    def brought(state):
        planned = house.plan()
        STATES[state](house, planned)
        return Cast(house, planned)

    return brought


def texts_in(tab: Tab, batch: str) -> int:
    """How often the batch is read on a page; it is nowhere but there, and changes nothing."""
    assert foreign(tab) == []
    elsewhere = [
        node
        for node in tab.at._tree
        if getattr(node, "proto", None) is not None
        and EDGE.encode() in node.proto.SerializeToString()
        and node.type != "html"
    ]
    assert elsewhere == []
    read = squeezed("".join(piece.text for piece in tab.pieces))
    count = read.count(squeezed(batch))
    assert read.count(EDGE) == 2 * count
    return count


def squeezed(text: str) -> str:
    """Without what neither st.html nor a browser keeps: blanks after blanks."""
    return " ".join(text.split())


@pytest.mark.parametrize("state", VISITORS)
def test_on_the_pages_of_visitors(cast, visitor, call, state):
    people = cast(state)
    tab, counts = visitor(people.planned), set()
    for batch in BATCHES:
        people.named(batch)
        if state == "talking":
            End(call.line).show()  # the page speaks of the advisor
        counts.add(texts_in(tab.run(), batch))
    assert counts == {VISITORS[state]}


@pytest.mark.parametrize("state", STAFF)
def test_at_the_desk(cast, advisor, state):
    people = cast(state)
    tab, counts = advisor("beratung", termin=str(people.planned.appointment_id)), set()
    for batch in BATCHES:
        people.named(batch)
        counts.add(texts_in(tab.run(), batch))
    assert counts == {STAFF[state]}


def test_in_the_agenda(cast, advisor):
    everybody = [cast(state) for state in STATES]
    tab, counts = advisor("tagesplan"), set()
    for batch in BATCHES:
        for people in everybody:
            people.named(batch)
        counts.add(texts_in(tab.run(), batch))
    assert counts == {2 + len(STATES)}


def test_in_an_invitation_on_the_page_and_in_the_mail(cast, advisor):
    people = cast("planned")
    for batch in BATCHES:
        people.named(batch)
        tab = advisor("beratung", termin=str(people.planned.appointment_id))
        assert texts_in(tab.press(f"link_{people.planned.guest_id}"), batch) == 5
        [path] = people.house.outbox.glob("*.eml")
        mail = message_from_bytes(path.read_bytes(), policy=default)
        path.unlink()
        assert [str(mail["To"]), str(mail["From"]), mail["Subject"]] == [
            "karla@example.com",
            "videotermin@localhost",
            "Ihr Videotermin",
        ]
        assert (mail.get_content_type(), len(mail.keys()), mail.defects) == ("text/plain", 10, [])
        assert mail.get_content().count(EDGE) == 6


def test_on_the_way_to_a_new_appointment(cast, advisor):
    people = cast("planned")
    tab = advisor("termin-anlegen")
    for batch in BATCHES:
        people.named(batch)
        assert texts_in(tab.run(), batch) == 2


def test_on_the_plain_pages_of_visitors(house, client):
    over = Cast(house, house.plan())
    ends(house, over.planned)
    house.set(Jobcenter, house.stranger.jobcenter_id, phone="")
    address = client.get(f"/termin/{over.planned.secret}").headers["location"].lstrip("./")
    tags = None
    for text in filter(None, SENDABLE):
        over.named(text)
        page = reading.tree(client.get(f"/{address}").text)
        kinds = [
            (tag.name, sorted(tag.attributes)) for tag in reading.below(page) if tag.name != "a"
        ]
        assert kinds == (tags := tags or kinds)
        assert squeezed(f"Fragen? Rufen Sie uns an: {text}") == squeezed(page.all("p")[-1].text)
        numbers = [tag.attributes["href"] for tag in page.all("a")]
        assert [each for each in numbers if not re.fullmatch(OURS, each)] == []


def test_in_the_login_field(client):
    plain = send(client, {"login": "anna", "form": "x"}).text
    kinds = [(tag.name, sorted(tag.attributes)) for tag in reading.below(reading.tree(plain))]
    for text in SENDABLE:
        page = reading.tree(send(client, {"login": text, "form": "x"}).text)
        assert [(tag.name, sorted(tag.attributes)) for tag in reading.below(page)] == kinds
        assert [tag.attributes.get("value") for tag in page.all("input")][1:] == [text, None]


def test_in_an_address_they_are_not_even_shown(client, monkeypatch):
    monkeypatch.setattr(link, "MISS_SECONDS", 0)
    for path in ("/termin/{}", "/termin?t={}", "/termin?t=x&{}=x"):
        found = {client.get(path.format(quote(text, safe=""))).text for text in SENDABLE}
        # The same few pages whatever was in the address: an unknown link, once too often, a page
        # that is not open in this browser, no route.
        headings = [tag.text for page in found for tag in reading.tree(page).all("h1")]
        assert set(headings) <= {
            "Dieser Link führt zu keinem Termin.",
            "In diesem Browser ist Ihr Termin nicht offen.",
        }
        assert len(found) <= 4


@pytest.mark.parametrize(("path", "name"), [("beratung", "termin"), ("termin", "t")])
def test_in_the_query_of_a_page_they_are_not_shown(advisor, path, name):
    tab = advisor(path)
    expected = tab.everything
    for text in SENDABLE:
        tab.at.query_params[name] = text
        assert tab.run().everything == expected, text
