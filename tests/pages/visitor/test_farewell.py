"""
The last page of a visit that was open: what each end is called, and that it gives nothing away.

Who comes later sees a plain page: test_doors_entrance.py.
"""

import pytest

from core import access
from core.appointment import GuestStatus, Status
from core.office import closing, hosting, inviting
from core.records import Appointment
from core.settings import settings
from tests.conftest import HOUR, MINUTE, NOW
from tests.jars import link_jar

WHEN = "Montag, 23. November 2026, 09:00 Uhr"
UNKNOWN = [
    "Dieser Link führt zu keinem Termin.",
    "Haben Sie mehrere E-Mails von uns? Dann nehmen Sie bitte den Link aus der neuesten, "
    "genau so, wie er dort steht.",
    "Vielleicht ist der Termin auch schon vorbei. "
    "Wenn Sie nicht teilnehmen konnten, rufen Sie uns bitte an.",
    "Hat die Technik nicht funktioniert, entsteht Ihnen daraus kein Nachteil.",
]
OVER = [
    f"Der Termin am {WHEN} ist vorbei.",
    "Wenn Sie nicht teilnehmen konnten, rufen Sie uns bitte an.",
    "Hat die Technik nicht funktioniert, entsteht Ihnen daraus kein Nachteil.",
]
PHONE = {"Fragen? Rufen Sie uns an": "030 23125-001"}


@pytest.fixture
def farewell(house, visitor):
    """Opens the link and returns what the last page says."""

    def read(planned):
        tab = visitor(planned)
        assert (tab.heading, tab.buttons, tab.errors) == ("Videokommunikation", [], [])
        return tab.paragraphs, tab.facts

    return read


def test_a_cancelled_appointment(house, farewell):
    planned = house.plan()
    closing.cancel(house.advisor, NOW, planned.appointment_id)
    assert farewell(planned) == (
        [
            f"Der Termin am {WHEN} wurde abgesagt.",
            "Sie müssen nichts tun. Wir melden uns bei Ihnen.",
        ],
        PHONE,
    )


def test_a_missed_appointment(house, farewell):
    planned = house.plan()
    closing.record_missed(house.advisor, NOW + HOUR, planned.appointment_id)
    assert farewell(planned) == (OVER, PHONE)


def test_an_ended_talk(house, farewell):
    planned = house.plan()
    house.talking(planned)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert farewell(planned) == (
        [
            "Das Gespräch ist beendet. Vielen Dank und auf Wiedersehen.",
            "Kamera und Mikrofon sind aus. Sie können dieses Fenster schließen.",
        ],
        PHONE,
    )


def test_a_link_that_time_has_closed_though_nobody_has_noted_it_yet(house, farewell, it_is):
    planned = house.plan()
    it_is(NOW + 2 * HOUR)
    assert house.status(planned)[0] is Status.PLANNED
    assert farewell(planned) == (OVER, PHONE)


def test_a_link_that_has_been_noted_as_closed(house, farewell):
    planned = house.plan()
    house.set(Appointment, planned.appointment_id, status=Status.EXPIRED)
    assert farewell(planned) == (OVER, PHONE)


def test_a_link_is_open_until_the_last_moment(house, visitor, it_is):
    planned = house.plan()
    it_is(NOW + 2 * HOUR - MINUTE)
    assert visitor(planned).heading == "Startseite"


def test_who_waits_is_never_sent_away_by_time(house, visitor, it_is):
    planned = house.plan()
    house.waiting(planned)
    it_is(NOW + 5 * HOUR)
    assert visitor(planned).heading == "Warteraum"


def test_a_talk_may_go_on_beyond_its_end(house, visitor, it_is):
    planned = house.plan()
    house.talking(planned)
    it_is(NOW + 5 * HOUR)
    assert visitor(planned).heading == "Beratungsraum"


def test_somebody_else_who_was_invited_reads_the_same_when_the_talk_is_over(house, visitor):
    planned = house.plan()
    house.talking(planned)
    house.second_guest(planned)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert house.status(planned) == (Status.ENDED, GuestStatus.LEFT)
    assert visitor(planned).heading == "Videokommunikation"


@pytest.fixture
def helped(house, monkeypatch):
    """An installation with a number for people whose link says nothing."""
    monkeypatch.setenv("BERATUNGSRAUM_HELP_PHONE", "0800 4555500")
    settings.cache_clear()


def test_an_unknown_link_shows_where_to_call(helped, new_tab):
    secret = access.new_secret()
    key = access.link_key(secret)
    tab = new_tab(link_jar(secret), "termin", t=key)
    assert (tab.heading, tab.buttons) == ("Videokommunikation", [])
    assert tab.paragraphs == UNKNOWN
    assert tab.facts == {"Fragen? Rufen Sie uns an": "0800 4555500"}


def test_unknown_links_all_look_the_same_byte_for_byte(house, new_tab):
    house.plan()
    pages = set()
    for secret in [access.new_secret() for _ in range(5)]:
        key = access.link_key(secret)
        tab = new_tab(link_jar(secret), "termin", t=key)
        pages.add(tuple(tab.everything))
    pages.add(tuple(new_tab({}, "termin").everything))
    [page] = pages
    assert len(page) > 5


def test_a_replaced_link_looks_like_one_that_never_was(house, visitor, new_tab):
    planned = house.plan()
    inviting.new_link(house.advisor, NOW, planned.guest_id)
    assert visitor(planned).everything == new_tab({}, "termin").everything


SECRET = "A" * 43
KEY = access.link_key(SECRET)
MALFORMED = {
    "no cookie": ({}, KEY),
    "no key": ({f"termin_{KEY}": SECRET}, ""),
    "an empty cookie": ({f"termin_{KEY}": ""}, KEY),
    "a short secret": ({f"termin_{KEY}": SECRET[1:]}, KEY),
    "a long secret": ({f"termin_{KEY}": SECRET * 1000}, KEY),
    "other characters": ({f"termin_{KEY}": "ä" * 43}, KEY),
    "a line end": ({f"termin_{KEY}": SECRET + "\n"}, KEY),
    "a NUL": ({f"termin_{KEY}": "\0" * 43}, KEY),
    "half a character": ({f"termin_{KEY}": "\ud800" * 43}, KEY),
    "SQL": ({f"termin_{KEY}": "' OR 1=1 --".ljust(43, "-")}, KEY),
    "a cookie under a bare name": ({"termin_": SECRET}, ""),
    "a strange key": ({"termin_<script>": SECRET}, "<script>"),
    "a very long key": ({}, "k" * 10_000),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_cookie_or_key_leads_to_no_appointment(house, new_tab, case):
    jar, key = MALFORMED[case]
    tab = new_tab(jar, "termin", t=key)
    assert (tab.heading, tab.paragraphs, tab.facts) == ("Videokommunikation", UNKNOWN, {})


def test_the_cookie_of_one_link_does_not_open_it_under_another_ones_key(house, new_tab):
    mine, other = house.plan(), house.plan(by=house.colleague)
    key = access.link_key(other.secret)
    tab = new_tab({f"termin_{key}": link_jar(mine.secret).popitem()[1]}, "termin", t=key)
    assert tab.paragraphs == UNKNOWN


def test_two_links_in_one_browser_open_each_their_own(house, new_tab):
    mine, other = house.plan(), house.plan(by=house.colleague)
    keys = [access.link_key(each.secret) for each in (mine, other)]
    jar = link_jar(mine.secret) | link_jar(other.secret)
    names = [new_tab(jar, "termin", t=key).facts["Mit"] for key in keys]
    assert names == ["Anna Beraterin", "Bodo Kollege"]
