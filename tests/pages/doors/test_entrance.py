"""Who gets Streamlit's pages, and what everybody else sees there."""

import asyncio
import re

import pytest
from starlette.requests import Request

from core import access
from core.office import closing, hosting, other_device, staff_sessions, visiting
from core.records import Guest, Staff, StaffSession
from pages.doors import entrance, live_seats
from tests.conftest import HOUR, MINUTE, NOW, PASSWORD
from tests.jars import DEVICE, link_jar
from tests.pages.knocking import said

STREAMLIT = (200, "Streamlit")
STAFF_PAGES = ["/tagesplan", "/termin-anlegen", "/beratung", "/beratung?termin=1"]
WHEN = "Montag, 23. November 2026, 09:00 Uhr"
PHONE = "Fragen? Rufen Sie uns an: 030 23125-001"


def token(login="anna"):
    return staff_sessions.sign_in(NOW, login, PASSWORD)


def opened(client, planned):
    """What the visitor's page answers in a browser that has opened the link."""
    client.cookies.update(link_jar(planned.secret))
    return client.get(f"/termin?t={access.link_key(planned.secret)}")


@pytest.mark.parametrize("path", STAFF_PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_staff_page_leads_nobody_but_staff_anywhere_but_to_the_sign_in(
    house, client, path, method
):
    client.cookies.update({**link_jar(house.plan().secret), "beratung": access.new_secret()})
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["location"]) == (303, "anmelden")


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_staff_get_their_pages(client, path):
    client.cookies.update({"beratung": token()})
    answer = client.get(path)
    assert (answer.status_code, answer.text) == STREAMLIT


def test_asking_for_a_page_does_not_keep_a_session_alive(client, it_is):
    client.cookies.update({"beratung": token()})
    for minutes in (20, 29):
        it_is(NOW + minutes * MINUTE)
        assert client.get("/tagesplan").status_code == 200
    it_is(NOW + 31 * MINUTE)
    assert client.get("/tagesplan").status_code == 303


@pytest.mark.parametrize("path", ["/", "/?t=x", "/?embed=true"])
def test_the_bare_address_says_where_to_go(client, path):
    answer = client.get(path)
    assert said(answer) == [
        "Videokommunikation",
        "Haben Sie einen Termin? Öffnen Sie bitte den Link aus Ihrer E-Mail.",
        "Sie brauchen kein Konto und kein Programm, nur diesen Link.",
    ]
    assert re.findall('href="anmelden"', answer.text) == ['href="anmelden"']


@pytest.mark.parametrize("bring", ["guest", "waiting", "talking"])
def test_a_living_visit_gets_its_page(house, client, bring):
    planned = house.plan()
    getattr(house, bring)(planned)
    answer = opened(client, planned)
    assert (answer.status_code, answer.text) == STREAMLIT


def foreword(planned, device):
    """What is said before the visitor's page is drawn, to the browser with this cookie."""
    [(name, value)] = link_jar(planned.secret, device).items()
    query = f"t={access.link_key(planned.secret)}".encode()
    cookie = f"{name}={value}".encode()
    scope = {"type": "http", "path": "/termin", "query_string": query}
    return asyncio.run(entrance.foreword(Request({**scope, "headers": [(b"cookie", cookie)]})))


def test_with_whom_and_when_is_said_before_the_page_is_drawn_where_the_visit_is(house, it_is):
    planned = house.plan()
    facts = {
        "Ihr Termin": WHEN,
        "Ende": "etwa um 10:00 Uhr",
        "Mit": "Anna Beraterin",
        "Jobcenter": "Jobcenter Musterstadt",
    }
    assert foreword(planned, DEVICE) == ("030 23125-001", facts)
    visiting.consent(house.guest(planned), NOW, "1", access.digest(DEVICE))
    assert foreword(planned, DEVICE) == ("030 23125-001", facts)


def test_no_other_device_learns_it_once_the_visit_has_one(house, it_is):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1", access.digest(DEVICE))
    assert foreword(planned, "E" * 43) == ("030 23125-001", {})


def test_who_waits_or_talks_is_never_sent_away_by_time(house, client, it_is):
    waits, talks = house.plan(), house.plan(by=house.colleague)
    house.waiting(waits)
    house.waiting(talks)
    hosting.open_room(house.colleague, NOW, talks.appointment_id, {})
    it_is(NOW + 5 * HOUR)
    assert [opened(client, planned).text for planned in (waits, talks)] == ["Streamlit"] * 2


def ended(house, planned):
    house.talking(planned)
    hosting.end(house.advisor, NOW, planned.appointment_id)


def cancelled(house, planned):
    closing.cancel(house.advisor, NOW, planned.appointment_id)


def missed(house, planned):
    closing.record_missed(house.advisor, NOW + HOUR, planned.appointment_id)


ENDS = [
    (
        ended,
        [
            "Das Gespräch ist beendet. Vielen Dank und auf Wiedersehen.",
            "Kamera und Mikrofon sind aus. Sie können dieses Fenster schließen.",
        ],
    ),
    (
        cancelled,
        [
            f"Der Termin am {WHEN} wurde abgesagt.",
            "Sie müssen nichts tun. Wir melden uns bei Ihnen.",
        ],
    ),
    (
        missed,
        [
            f"Der Termin am {WHEN} ist vorbei.",
            "Wenn Sie nicht teilnehmen konnten, rufen Sie uns bitte an.",
            "Hat die Technik nicht funktioniert, entsteht Ihnen daraus kein Nachteil.",
        ],
    ),
]


@pytest.mark.parametrize(("end", "sentences"), ENDS, ids=["ended", "cancelled", "missed"])
def test_a_visit_that_is_over_says_so_and_whom_to_call(house, client, end, sentences):
    planned = house.plan()
    end(house, planned)
    for answer in (opened(client, planned), opened(client, planned)):
        assert (answer.status_code, said(answer)) == (200, [*sentences, PHONE])
        assert answer.headers["cache-control"] == "no-store"


def test_who_has_left_gets_a_living_page_while_the_room_is_open(house, client):
    planned = house.plan()
    visiting.leave(house.talking(planned), NOW)
    assert opened(client, planned).text == "Streamlit"
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert said(opened(client, planned))[0] == ENDS[0][1][0]


def test_a_plain_page_loads_nothing_and_runs_nothing(house, client):
    planned = house.plan()
    cancelled(house, planned)
    pages = [
        client.get("/"),
        client.get("/anmelden"),
        client.get("/termin"),
        opened(client, planned),
    ]
    loads = "<script|<img|<link|<iframe|@import|url\\(|src=|https?:|//[a-z]|\\bon[a-z]+="
    assert [re.findall(loads, page.text) for page in pages] == [[]] * 4
    for page in pages:
        once = ("<h1>", "<main>", '<html lang="de" dir="ltr">')
        assert [len(re.findall(tag, page.text)) for tag in once] == [1] * 3


def test_every_plain_page_leads_to_what_is_stored_from_however_deep(house, client):
    addresses = ["/", "/anmelden", "/termin", f"/termin/{'A' * 43}", "/termin/a/b%2Fc"]
    pages = [client.get(address).text for address in addresses]
    ways = [re.findall('href="([^"]*datenschutz)"', page) for page in pages]
    assert ways == [[up + "datenschutz"] for up in ("", "", "", "../", "../../")]


# Live seats


def seats_of(jar):
    """What the gate is told at a handshake with these cookies."""
    cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
    header = (b"cookie", cookies.encode("utf-8", "surrogatepass"))
    return asyncio.run(live_seats.admitted({"type": "websocket", "headers": [header]}))


def test_cookies_open_the_seats_of_living_visits_and_of_a_session(house, it_is):
    mine, other, over = house.plan(), house.plan(by=house.colleague), house.plan()
    cancelled(house, over)
    jar = {"beratung": token(), **link_jar(mine.secret), **link_jar(other.secret)}
    jar |= {**link_jar(over.secret), **link_jar(access.new_secret())}
    guests = {f"guest:{planned.guest_id}" for planned in (mine, other)}
    assert seats_of(jar) == guests | {f"staff:{house.advisor.id}"}


def test_a_second_device_has_a_live_seat_to_ask_from(house, it_is):
    planned = house.plan()
    house.set(Guest, planned.guest_id, device_hash=access.digest("D" * 43))
    jars = [link_jar(planned.secret, device * 43) for device in "DE"]
    seat = f"guest:{planned.guest_id}"
    assert [seats_of(jar) for jar in jars] == [{seat}, {f"{seat} elsewhere"}]


def test_what_others_with_the_same_link_open_is_counted_apart_from_the_guests_own(house, it_is):
    """Somebody who reads the mailbox uses up nothing of what the client may open."""
    planned = house.plan()
    own, other, third = (link_jar(planned.secret, letter * 43) for letter in "OTX")
    seat = f"guest:{planned.guest_id}"
    assert [seats_of(jar) for jar in (own, other)] == [{seat}] * 2  # nobody has consented yet
    guest = house.guest(planned)
    visiting.consent(guest, NOW, "1", access.digest("O" * 43))
    assert [seats_of(jar) for jar in (own, other)] == [{seat}, {f"{seat} elsewhere"}]
    other_device.take_over(guest, NOW, access.digest("T" * 43))
    came = [seats_of(jar) for jar in (own, other, third)]
    assert came == [{f"{seat} own"}, {seat}, {f"{seat} elsewhere"}]


def signed_out(house, session):
    staff_sessions.sign_out(house.advisor, NOW, session)


def disabled(house, session):
    house.set(Staff, house.advisor.id, disabled_at=NOW)


def idle(house, session):
    house.set(StaffSession, 1, seen_at=NOW - 31 * MINUTE)


@pytest.mark.parametrize("end", [signed_out, disabled, idle])
def test_a_session_that_is_over_opens_no_seat(house, it_is, end):
    session = token()
    end(house, session)
    assert seats_of({"beratung": session}) == frozenset()


@pytest.mark.parametrize("end", [ended, cancelled, missed])
def test_a_visit_that_is_over_opens_no_seat(house, it_is, end):
    planned = house.plan()
    end(house, planned)
    assert seats_of(link_jar(planned.secret)) == frozenset()


FORGED = {
    "nothing": {},
    "another name": {"termin_0123456789": f"{'A' * 43}.{'D' * 43}", "staff": "3"},
    "no device": {f"termin_{access.link_key('A' * 43)}": "A" * 43},
    "half a character": {"beratung": "\ud800" * 43, "termin_\ud800": "\ud800" * 43},
    "SQL": {"beratung": "' OR 1=1 --".ljust(43, "-")},
}


@pytest.mark.parametrize("case", FORGED)
def test_forged_cookies_open_no_seat(house, it_is, case):
    house.plan()
    assert seats_of(FORGED[case]) == frozenset()
