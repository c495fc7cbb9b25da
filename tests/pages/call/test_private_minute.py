"""A private minute on the pages: both sides read plainly what goes on, and can end it."""

import pytest

from core import access
from core.appointment import GuestRole
from core.media.rooms.live_rooms import ROOMS
from core.office import private, visiting
from core.records import Appointment, Guest
from tests.conftest import NOW
from tests.jars import DEVICE, link_jar

UNHEARD = "Sie werden jetzt nicht gehört und nicht gesehen."
ALONE, BACK, NOW_BACK = (
    "Die anderen kurz allein lassen",
    "Zurück ins Gespräch",
    "Jetzt zurückkommen",
)
WITHOUT, WITH = "Kurz ohne das Jobcenter sprechen", "Wieder mit dem Jobcenter sprechen"
NOT_READ = "Anna Beraterin hört und sieht Sie nicht und liest nicht, was Sie jetzt schreiben."


@pytest.fixture
def planned(house):
    """A talk with a client and somebody who came along."""
    planned = house.plan()
    companion = house.second_guest(planned, GuestRole.ASSISTANT)
    visiting.consent(companion, NOW, "1")
    visiting.enter_waiting(companion, NOW)
    house.talking(planned)
    return planned


def inside(planned):
    return ROOMS.room(planned.appointment_id)._inside


def test_the_advisor_leaves_the_others_alone_and_reads_what_that_means(house, desk, planned):
    tab = desk(planned)
    everybody = inside(planned)
    tab.press("private")
    assert inside(planned) == everybody - {f"staff:{house.advisor.id}"}
    assert UNHEARD in tab.states
    names = "Karla Beispiel und Ida Dolmetscherin"
    sentence = f"Nur {names} hören und sehen sich. Was sie jetzt schreiben, lesen Sie nicht."
    assert tab.paragraphs.count(sentence) == 1
    assert tab.states.count("Spricht gerade ohne Sie") == 2
    assert (ALONE in tab.buttons, BACK in tab.buttons) == (False, True)


def test_with_one_person_there_is_nobody_to_leave_alone(house, desk, visitor):
    planned = house.plan()
    house.talking(planned)
    assert [ALONE in desk(planned).buttons, WITHOUT in visitor(planned).buttons] == [False] * 2


def test_the_advisor_knocks_and_comes_back_when_the_others_have_had_their_time(
    house, desk, it_is, planned
):
    tab = desk(planned)
    everybody = inside(planned)
    tab.press("private").press("back_in")
    assert (BACK in tab.buttons, NOW_BACK in tab.buttons) == (False, True)
    tab.press("back_in")
    assert tab.errors == ["Bitte geben Sie den anderen noch etwas Zeit. Eine halbe Minute genügt."]
    assert UNHEARD in tab.states
    it_is(NOW + private.KNOCKING)
    tab.press("back_in")
    assert (inside(planned), ALONE in tab.buttons) == (everybody, True)


def test_a_client_begins_and_ends_it_and_reads_who_hears_them(house, visitor, planned):
    tab = visitor(planned)
    everybody = inside(planned)
    tab.press("private")
    assert tab.states.count("Nur Sie und Ida Dolmetscherin hören und sehen sich.") == 1
    assert tab.paragraphs.count(NOT_READ) == 1
    assert everybody - inside(planned) == {f"staff:{house.advisor.id}"}
    tab.press("fetch")
    assert (inside(planned), WITHOUT in tab.buttons) == (everybody, True)


def test_the_others_read_that_the_advisor_would_like_to_come_back(house, visitor, planned):
    private.begin(house.advisor, NOW, planned.appointment_id)
    tab = visitor(planned)
    private.knock(house.advisor, NOW, planned.appointment_id)
    assert (
        tab.run().states.count("Anna Beraterin möchte zurückkommen. Bitte sprechen Sie zu Ende.")
        == 1
    )
    tab.press("fetch")
    assert house.row(Appointment, planned.appointment_id).private_since is None


def test_who_came_along_may_fetch_the_advisor_but_not_send_them_out(house, new_tab, planned):
    secret = "S" * 43
    house.set(Guest, 2, secret_hash=access.digest(secret), device_hash=None)
    tab = new_tab(link_jar(secret, DEVICE), "termin", t=access.link_key(secret))
    assert WITHOUT not in tab.buttons
    private.begin(house.advisor, NOW, planned.appointment_id)
    assert tab.run().states.count("Nur Sie und Karla Beispiel hören und sehen sich.") == 1
    tab.press("fetch")
    assert house.row(Appointment, planned.appointment_id).private_since is None


def test_who_is_left_alone_reads_that_nobody_hears_them(house, desk, visitor, planned):
    private.begin(house.advisor, NOW, planned.appointment_id)
    visiting.leave(house.guest(planned), NOW)
    tab = desk(planned)
    assert tab.paragraphs.count("Ida Dolmetscherin ist gerade allein im Gespräch.") == 1
    visiting.come_back(house.guest(planned), NOW)
    assert "Einlassen" not in tab.run().buttons
    sentence = "Sie können wieder einlassen, wenn Sie zurück im Gespräch sind."
    assert tab.paragraphs.count(sentence) == 1


def test_what_the_others_write_meanwhile_is_not_on_the_desk(house, desk, visitor, planned):
    tab = visitor(planned).press("private").says("unter uns")
    assert tab.chat == [("Sie", "unter uns")]
    assert desk(planned).chat == []
    tab.press("fetch")
    assert desk(planned).chat == []
