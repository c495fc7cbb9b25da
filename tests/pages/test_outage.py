"""
A page while the database is away: it stays as it is, every press is answered beside its button,
what was typed stays, and all of it goes by itself.
"""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from core import hub
from core.appointment import OPERATOR, GuestRole, IdentityProof
from core.office import accounts, chat, hosting, inviting, outage, private, staff_sessions, visiting
from core.refused import Away
from core.settings import settings
from pages.parts import deeds
from pages.tabs import tab as tabs
from tests import outages
from tests.conftest import HOUR, NOW, PASSWORD
from tests.outages import full, locked, removed, replaced, small_disk
from tests.pages.knocking import served

__all__ = ["small_disk"]
NOT_KEPT = "Das konnten wir gerade nicht speichern. Bitte versuchen Sie es gleich noch einmal."
CALL_US = "Klappt etwas nicht? Rufen Sie uns an: 030 23125-001"
FOR_GUESTS = "Wer eingeladen ist, erreicht das Jobcenter unter 030 23125-001."
named = {"ids": lambda each: getattr(each, "__name__", None)}


@pytest.fixture(autouse=True)
def _impatient(request):
    if "small_disk" in request.fixturenames:  # before there is a house on it
        request.getfixturevalue("small_disk")
    request.getfixturevalue("house")
    outages.impatient()


@pytest.fixture
def seconds_later(monkeypatch):
    """Moves the time that a sentence has been there."""
    hands = [1000.0]
    monkeypatch.setattr(deeds, "time", SimpleNamespace(monotonic=lambda: hands[0]))
    return lambda seconds: hands.__setitem__(0, hands[0] + seconds)


def start(house, visitor, planned):
    tab = visitor(planned)
    tab.at.checkbox(key="agreed").check()
    return tab


def before_the_test(house, visitor, planned):
    visiting.consent(house.guest(planned), NOW, "1")
    return visitor(planned)


def before_the_microphone(house, visitor, planned):
    return before_the_test(house, visitor, planned).press("open_microphone")


def tone_played(house, visitor, planned):
    tab = before_the_test(house, visitor, planned).press("open_loudspeaker")
    tab.at.session_state["tone_played"] = True
    return tab.run()


def waiting(house, visitor, planned):
    house.waiting(planned)
    return visitor(planned)


def talking(house, visitor, planned):
    house.talking(planned)
    return visitor(planned)


def company(house, planned):
    companion = house.second_guest(planned, GuestRole.ASSISTANT)
    visiting.consent(companion, NOW, "1")
    visiting.enter_waiting(companion, NOW)


def in_company(house, visitor, planned):
    company(house, planned)
    return talking(house, visitor, planned)


def in_private(house, visitor, planned):
    company(house, planned)
    house.talking(planned)
    private.begin(house.guest(planned), NOW, planned.appointment_id)
    return visitor(planned)


def left(house, visitor, planned):
    visiting.leave(house.talking(planned), NOW)
    return visitor(planned)


def elsewhere(house, visitor, planned):
    visiting.consent(house.guest(planned), NOW, "1", "another device")
    return visitor(planned)


GUESTS = {
    "go_on": start,
    "enter": before_the_test,
    "trouble_camera": before_the_test,
    "trouble_microphone": before_the_microphone,
    "yes_loudspeaker": tone_played,
    "again": waiting,
    "leave": talking,
    "private": in_company,
    "fetch": in_private,
    "come_back": left,
    "take_over": elsewhere,
}
TROUBLE = {"yes_loudspeaker": "trouble_loudspeaker"}


def planned_only(house, desk, planned):
    return desk(planned)


def who_waits(house, desk, planned):
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    house.waiting(planned)
    return desk(planned)


def in_the_talk(house, desk, planned):
    house.talking(planned)
    return desk(planned)


def proof_chosen(house, desk, planned):
    tab = in_the_talk(house, desk, planned)
    tab.at.radio(key=f"how_{planned.guest_id}").set_value(IdentityProof.KNOWN_PERSON)
    return tab


def asked_to_end(house, desk, planned):
    return in_the_talk(house, desk, planned).press("end")


def all_gone(house, desk, planned):
    visiting.leave(house.talking(planned), NOW)
    return desk(planned)


def with_company(house, desk, planned):
    company(house, planned)
    return in_the_talk(house, desk, planned)


def alone(house, desk, planned):
    return with_company(house, desk, planned).press("private")


STAFF = {
    "open": planned_only,
    "cancel": planned_only,
    "link_{guest}": planned_only,
    "sign_out": planned_only,
    "admit_{guest}": who_waits,
    "back_{guest}": in_the_talk,
    "identity_{guest}": proof_chosen,
    "end_yes": asked_to_end,
    "end": all_gone,
    "private": with_company,
    "back_in": alone,
}


def is_answered_and_then_done(house, tab, key, how, phone, seconds_later, same=True):
    heading, steps, before = tab.heading, [tag.text for tag in tab.all("li")], house.trail()
    with how(house.database):
        tab.press(key)
        assert tab.errors == [NOT_KEPT]
        assert tab.paragraphs.count(phone) >= 1
        assert (tab.heading, [tag.text for tag in tab.all("li")]) == (heading, steps)
        outage.look()
        seconds_later(100)
        assert tab.run().errors == [NOT_KEPT]
    assert house.trail() == before
    outage.look()
    assert tab.run().errors == []
    tab.press(key)
    assert tab.errors == []
    assert len(house.trail()) > len(before)


@pytest.mark.parametrize("how", [locked, removed], **named)
@pytest.mark.parametrize("key", GUESTS)
def test_a_guests_press_is_answered_beside_its_button_and_works_afterwards(
    house, visitor, seconds_later, key, how
):
    planned = house.plan()
    tab = GUESTS[key](house, visitor, planned)
    is_answered_and_then_done(house, tab, key, how, CALL_US, seconds_later)


@pytest.mark.parametrize("how", [locked, removed], **named)
@pytest.mark.parametrize("key", STAFF)
def test_an_advisors_press_is_answered_beside_its_button_and_works_afterwards(
    house, desk, seconds_later, key, how
):
    planned = house.plan()
    tab = STAFF[key](house, desk, planned)
    key = key.format(guest=planned.guest_id)
    is_answered_and_then_done(house, tab, key, how, FOR_GUESTS, seconds_later)


def test_who_did_not_come_cannot_be_recorded_meanwhile(house, desk, it_is, seconds_later):
    planned = house.plan()
    it_is(NOW + HOUR)
    tab = desk(planned)
    is_answered_and_then_done(house, tab, "missed", locked, FOR_GUESTS, seconds_later)


@pytest.mark.parametrize("how", [locked, removed, replaced], **named)
def test_what_was_written_stays_in_the_field_until_it_is_kept(house, visitor, seconds_later, how):
    planned = house.plan()
    guest = house.talking(planned)
    tab = visitor(planned).says("Guten Tag")
    with how(house.database):
        tab.says("Ich komme später")
        assert (tab.errors, tab.unsent) == ([NOT_KEPT], "Ich komme später")
        assert tab.paragraphs.count(CALL_US) == 2  # the room says it, too
        assert (tab.heading, tab.chat) == ("Beratungsraum", [("Sie", "Guten Tag")])
    outage.look()
    seconds_later(100)
    assert tab.run().errors == []
    tab.says("Ich komme später")
    kept = [line.text for line in chat.read(guest, planned.appointment_id)]
    assert (tab.errors, kept) == ([], ["Guten Tag", "Ich komme später"])


def test_on_a_full_disk_too_nothing_that_was_written_is_lost(small_disk, house, visitor):
    planned = house.plan()
    guest = house.talking(planned)
    tab = visitor(planned)
    with full(house.database):
        tab.says("Ich komme später")
        assert (tab.errors, tab.unsent) == ([NOT_KEPT], "Ich komme später")
    assert chat.read(guest, planned.appointment_id) == []


def test_a_form_keeps_what_was_typed_and_plans_once_it_can(house, advisor, seconds_later):
    tab = advisor("termin-anlegen")
    typed = {"name": "Omar Übung", "email": "omar@example.com"}
    for key, value in typed.items():
        tab.at.text_input(key=key).set_value(value)
    next(each for each in tab.at.button if each.label == "Weiter").click()
    facts, before = tab.run().facts, house.trail()
    assert [facts["Name"], facts["E-Mail-Adresse"]] == list(typed.values())
    with locked(house.database):
        tab.press("plan").press("plan")
        assert (tab.errors, tab.paragraphs.count(FOR_GUESTS), tab.facts) == ([NOT_KEPT], 1, facts)
    assert house.trail() == before
    outage.look()
    seconds_later(100)
    assert (tab.run().errors, tab.facts) == ([], facts)
    assert tab.press("plan").errors == []
    assert [what for what, *_ in house.trail()][len(before) :] == ["plan", "invite"]


def test_a_link_is_shown_even_if_nobody_can_be_asked_any_more(house, desk, monkeypatch):
    planned = house.plan()
    tab = desk(planned)
    away = ExitStack()
    made = inviting.new_link

    def and_then_it_goes(*arguments):
        secret = made(*arguments)
        away.enter_context(removed(house.database))
        return secret

    monkeypatch.setattr(inviting, "new_link", and_then_it_goes)
    with away:
        tab.press(f"link_{planned.guest_id}")
    [code] = [code.value for code in tab.at.code]
    assert tab.states.count(
        "Die E-Mail konnte nicht gesendet werden. Bitte geben Sie den Link anders weiter."
    )
    assert code.startswith("http://localhost:8501/termin/")


def test_the_answer_stands_long_enough_to_be_read(house, visitor, seconds_later):
    planned = house.plan()
    tab = waiting(house, visitor, planned)
    with locked(house.database):
        tab.press("again")
    outage.look()
    seen = [tab.run().errors]
    seconds_later(deeds.READABLE - 1)
    seen.append(tab.run().errors)
    seconds_later(2)
    seen.append(tab.run().errors)
    assert seen == [[NOT_KEPT], [NOT_KEPT], []]


EVERY_STEP = {
    "start": start,
    "test": before_the_test,
    "wait": waiting,
    "talk": talking,
    "left": left,
}


@pytest.mark.parametrize("how", [removed, replaced], **named)
@pytest.mark.parametrize("step", EVERY_STEP)
def test_every_step_stays_as_it_was_and_so_does_the_call(house, visitor, call, step, how):
    planned = house.plan()
    tab = EVERY_STEP[step](house, visitor, planned).run()
    seen = tab.heading, tab.paragraphs, tab.facts, tab.buttons, tab.chat
    drawn = call.draws[-1:]
    with how(house.database):
        tab.run().run()
        assert (tab.heading, tab.paragraphs, tab.facts, tab.buttons, tab.chat) == seen
        assert call.draws[-1:] == drawn


@pytest.mark.parametrize("path", ["tagesplan", "termin-anlegen", "beratung"])
def test_every_page_of_the_staff_stays_as_it_was(house, advisor, path):
    planned = house.plan()
    house.talking(planned)
    tab = advisor(path, termin=str(planned.appointment_id)).run()
    seen = tab.heading, tab.paragraphs, tab.buttons
    with removed(house.database):
        assert (tab.run().heading, tab.paragraphs, tab.buttons) == seen


UNREADABLE = "Das können wir gerade nicht anzeigen. Wir versuchen es weiter. Bitte warten Sie."


def test_whoever_comes_meanwhile_waits_on_a_calm_page_that_goes_on_by_itself(house, visitor):
    planned = house.plan()
    with removed(house.database):
        tab = visitor(planned)
        assert (tab.heading, tab.errors) == ("Videokommunikation", [UNREADABLE])
    assert tab.run().heading == "Startseite"


@pytest.mark.parametrize("path", ["tagesplan", "termin-anlegen", "beratung"])
def test_so_does_an_advisor(house, advisor, path):
    planned = house.plan()
    tab = advisor("tagesplan")
    tab.at.session_state["known"] = {}
    tab.at.query_params["termin"] = str(planned.appointment_id)
    with removed(house.database):
        tab.go_to(path)
        assert (tab.heading, tab.errors) == ("Videokommunikation", [UNREADABLE])
    assert tab.go_to(path).errors == []


def test_an_advisor_turns_to_what_they_have_not_seen_yet_and_can_turn_back(house, advisor):
    planned = house.plan()
    tab = advisor("tagesplan")
    tab.at.query_params["termin"] = str(planned.appointment_id)
    with removed(house.database):
        tab.go_to("beratung")
        assert (tab.heading, tab.errors) == ("Beratungsraum", [UNREADABLE])
        assert "Tagesplan" in tab.buttons
    assert tab.go_to("beratung").errors == []


def test_nobody_acts_as_whom_they_were(house, desk):
    """What a page shows is remembered; what somebody does is not done by a memory."""
    planned = house.plan()
    tab = desk(planned)
    before = house.trail()
    with removed(house.database):
        tab.run()
    accounts.disable(OPERATOR, NOW, house.advisor.id)
    tab.press("open")
    assert tab.heading == "Nicht angemeldet"
    assert len(house.trail()) == len(before) + 1


class Heard:
    """The live socket of a tab."""

    def __init__(self):
        self.woken = 0

    def wake(self):
        self.woken += 1

    def close(self, code):
        self.code = code


def test_every_tab_is_told_at_once_and_draws_itself_anew_when_it_is_back(house):
    tab, socket = tabs.begin("somebody"), Heard()
    tab.listener.attach(socket)
    assert {"away": False} in tab.listener.take(socket)
    with removed(house.database):
        with pytest.raises(Away):
            outage.ask()
        assert tab.listener.take(socket) == [{"away": True}]
        later, second = tabs.begin("somebody else"), Heard()
        later.listener.attach(second)
        assert {"away": True} in later.listener.take(second)
    outage.look()
    assert [set(each) for each in tab.listener.take(socket)] == [{"away"}, {"changed"}]
    assert hub.OUTAGE not in tab.topics


DOORS = ("/", "/termin", "/anmelden", "/tagesplan", "/beratung", "/termin/{secret}")


def test_the_plain_doors_say_so_with_the_number_and_ask_again_by_themselves(
    house, it_is, monkeypatch
):
    # With two Jobcenters nobody knows whose number it is, unless the installation has one.
    monkeypatch.setenv("BERATUNGSRAUM_HELP_PHONE", "0800 4555500")
    settings.cache_clear()
    planned = house.plan()
    outages.impatient(5000)  # the clock's first round writes, too
    with served() as client:
        links = [door.format(secret=planned.secret) for door in DOORS]
        key = client.get(links[-1]).headers["location"].partition("=")[2]
        client.cookies.set("beratung", staff_sessions.sign_in(NOW, "anna", PASSWORD))
        with removed(house.database):
            answers = {path: client.get(path) for path in (*links, f"/termin?t={key}")}
    away = {path: answer for path, answer in answers.items() if answer.status_code == 503}
    assert list(away) == ["/tagesplan", "/beratung", links[-1], f"/termin?t={key}"]
    assert {answer.headers["refresh"] for answer in away.values()} == {"5"}
    assert {answer.text.count(">0800 4555500<") for answer in away.values()} == {1}
    assert {answers[path].status_code for path in set(answers) - set(away)} == {200, 404}


def test_who_signs_in_meanwhile_keeps_the_login_and_has_missed_nothing(house, client):
    with locked(house.database):
        form = client.get("/anmelden").text.partition('name="form" value="')[2].partition('"')[0]
        sent = {"form": form, "login": "anna", "password": PASSWORD}
        answer = client.post("/anmelden", data=sent)
    assert (answer.status_code, answer.text.count('value="anna"')) == (503, 1)
    assert "Die Anmeldung geht gerade nicht." in answer.text
