"""The desk of one appointment: what the advisor sees and does there."""

import time
from types import SimpleNamespace

import pytest

from core import delivery
from core.appointment import GuestStatus, IdentityProof, Status
from core.media.rooms.live_rooms import ROOMS
from core.office import hosting, visiting
from core.records import Appointment, Guest
from core.settings import settings
from pages.tabs import listener
from tests.conftest import HOUR, MINUTE, NOW
from tests.core.media.ends import SILENT, End

NOTHING = "Das gibt es nicht oder nicht mehr."
TOP = ["Tagesplan", "Termin anlegen", "Abmelden"]
NEW_LINK = "Neuen Link senden"
END = "Gespräch beenden"  # below the picture, far from where "öffnen" was
TALKING = [*TOP, END, "Identität geprüft", "Zurück in den Warteraum"]


def test_the_desk_says_with_whom_and_when_and_how_far_they_are(house, desk, visitor, it_is):
    planned = house.plan()
    guest, tab, _theirs = house.guest(planned), desk(planned), visitor(planned)
    said = tab.states
    visiting.consent(guest, NOW, "1")
    said += tab.run().states
    visiting.enter_waiting(guest, NOW)
    it_is(NOW + 3 * MINUTE)
    said += tab.run().states
    assert said == ["War noch nicht da", "Prüft das Gerät", "Wartet seit 3 Minuten"]
    assert tab.paragraphs[1] == "Karla Beispiel · Montag, 23. November 2026, 09:00 Uhr"


def test_opening_the_room_lets_in_who_waits(house, desk, call):
    planned = house.plan()
    house.waiting(planned)
    tab = desk(planned)
    tab.press("open")
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)
    assert tab.buttons == TALKING
    assert call.last["iceServers"] == []
    assert ROOMS.room(planned.appointment_id)._inside == {
        f"guest:{planned.guest_id}",
        f"staff:{house.advisor.id}",
    }


def test_who_comes_later_is_let_in_one_by_one(house, desk):
    planned = house.plan()
    tab = desk(planned).press("open")
    assert tab.buttons == [*TOP, END, NEW_LINK]
    house.waiting(planned)
    tab.run()
    assert tab.buttons == [*TOP, END, "Einlassen", NEW_LINK]
    tab.press(f"admit_{planned.guest_id}")
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)


@pytest.mark.parametrize(
    ("how", "label"),
    [
        (IdentityProof.ID_SHOWN, "Ausweis in die Kamera gehalten"),
        (IdentityProof.KNOWN_PERSON, "Person ist mir bekannt"),
        (IdentityProof.QUESTIONS, "Fragen richtig beantwortet"),
    ],
)
def test_the_identity_check_keeps_how_by_whom_and_when(house, desk, it_is, how, label):
    planned = house.plan()
    house.talking(planned)
    tab = desk(planned)
    it_is(NOW + MINUTE)
    tab.at.radio(key=f"how_{planned.guest_id}").set_value(how)
    tab.press(f"identity_{planned.guest_id}")
    row = house.row(Guest, planned.guest_id)
    assert (row.identity_how, row.identity_by) == (how, house.advisor.id)
    assert row.identity_at == NOW + MINUTE
    assert tab.states[-1] == f"Identität geprüft: {label}"
    assert list(tab.at.radio) == []


def test_no_identity_check_is_chosen_beforehand(house, desk):
    planned = house.plan()
    house.talking(planned)
    tab = desk(planned)
    assert tab.at.radio(key=f"how_{planned.guest_id}").value is None
    tab.press(f"identity_{planned.guest_id}")
    assert tab.errors == ["Bitte wählen Sie zuerst, wie Sie die Identität geprüft haben."]
    assert house.row(Guest, planned.guest_id).identity_at is None


def test_somebody_may_be_sent_back_and_let_in_again(house, desk):
    planned = house.plan()
    house.talking(planned)
    tab = desk(planned).press(f"back_{planned.guest_id}")
    assert house.status(planned) == (Status.OPEN, GuestStatus.WAITING)
    assert ROOMS.room(planned.appointment_id)._inside == {f"staff:{house.advisor.id}"}
    tab.press(f"admit_{planned.guest_id}")
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)


@pytest.mark.parametrize(
    ("shows", "speaks", "said"),
    [
        (True, True, "Im Gespräch"),
        (False, True, "Im Gespräch, nicht zu sehen"),
        (True, False, "Im Gespräch, nicht zu hören"),
        (False, False, "Im Gespräch, nicht zu sehen und nicht zu hören"),
    ],
)
def test_the_desk_says_whether_the_partner_is_there_and_can_be_seen_and_heard(
    house, desk, visitor, call, shows, speaks, said
):
    planned = house.plan()
    house.talking(planned)
    visitor(planned)
    line = call.line
    tab = desk(planned)
    before = tab.states
    line.alive(time.monotonic())
    if shows:
        End(line).film()
    if speaks:
        End(line).speak(SILENT)
    assert (before, tab.run().states) == (["Verbindung wird aufgebaut …"], [said])


def comes(line):
    """Picture and sound."""
    End(line).film()
    End(line).speak(SILENT)


def test_the_desk_says_when_somebody_who_was_there_has_gone(
    house, desk, visitor, call, seconds_pass
):
    planned = house.plan()
    house.talking(planned)
    visitor(planned)
    line = call.line
    comes(line)
    tab = desk(planned)
    said = tab.states
    seconds_pass(3)
    said += tab.run().states
    comes(line)
    said += tab.run().states
    assert said == ["Im Gespräch", "Verbindung unterbrochen", "Im Gespräch"]


def test_what_ends_the_talk_stands_elsewhere_than_what_opened_it(house, desk):
    def columns(tab):
        return [[button.label for button in column.button] for column in tab.at.columns]

    tab = desk(house.plan())
    further = [NEW_LINK, "Termin absagen"]
    assert columns(tab) == [[], ["Beratungsraum öffnen", *further]]
    assert columns(tab.press("open")) == [[END], [NEW_LINK]]


def test_ending_what_another_tab_has_just_ended_is_no_mistake(house, desk):
    planned = house.plan()
    house.talking(planned)
    tab = desk(planned).press("end")
    room = ROOMS.room(planned.appointment_id)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    tab.press("end_yes")
    assert (tab.errors, tab.buttons, room._inside) == ([], TOP, frozenset())
    assert tab.paragraphs[2:] == ["Das Gespräch ist beendet. Kamera und Mikrofon sind aus."]


def test_ending_the_talk_ends_it_for_both_and_releases_the_camera(house, desk, visitor, call):
    planned = house.plan()
    house.talking(planned)
    tab = desk(planned)
    room = ROOMS.room(planned.appointment_id)
    tab.press("end").press("end_yes")
    assert house.status(planned) == (Status.ENDED, GuestStatus.LEFT)
    assert tab.paragraphs[2:] == ["Das Gespräch ist beendet. Kamera und Mikrofon sind aus."]
    assert (tab.buttons, call.stops > 0, room._inside) == (TOP, True, frozenset())
    assert visitor(planned).heading == "Videokommunikation"


def test_before_the_talk_ends_for_everybody_there_is_one_question(house, desk):
    planned = house.plan()
    house.talking(planned)
    tab = desk(planned).press("end")
    assert house.status(planned)[0] is Status.OPEN
    [asked] = [tag for tag in tab.all("p") if tag.attributes.get("role") == "alert"]
    assert asked.text == "Gespräch für alle beenden?"
    assert tab.buttons[3:6] == [END, "Ja, für alle beenden", "Nein"]
    assert tab.press("end_no").buttons == TALKING
    assert house.status(planned)[0] is Status.OPEN


def test_when_everybody_has_left_the_desk_says_so_and_one_press_ends(house, desk):
    planned = house.plan()
    guest = house.talking(planned)
    tab = desk(planned)
    visiting.leave(guest, NOW)
    assert "Karla Beispiel hat das Gespräch verlassen." in tab.run().paragraphs
    tab.press("end")
    assert (house.status(planned)[0], tab.errors) == (Status.ENDED, [])


def test_who_has_come_back_meanwhile_is_not_locked_out_by_the_same_press(house, desk):
    planned = house.plan()
    guest = house.talking(planned)
    visiting.leave(guest, NOW)
    tab = desk(planned)
    visiting.come_back(guest, NOW)
    tab.press("end")
    assert house.status(planned) == (Status.OPEN, GuestStatus.WAITING)
    assert tab.paragraphs.count("Gespräch für alle beenden?") == 1


def test_when_everybody_leaves_while_it_is_asked_there_is_nothing_to_ask_any_more(house, desk):
    planned = house.plan()
    guest = house.talking(planned)
    tab = desk(planned).press("end")
    visiting.leave(guest, NOW)
    tab.run()
    asked = [tag.text for tag in tab.all("p") if tag.attributes.get("role") == "alert"]
    assert asked == ["Karla Beispiel hat das Gespräch verlassen."]
    assert house.status(planned)[0] is Status.OPEN
    tab.press("end")
    assert house.status(planned)[0] is Status.ENDED


def test_when_one_of_two_has_left_ending_still_asks(house, desk):
    planned = house.plan()
    house.second_guest(planned)
    visiting.leave(house.talking(planned), NOW)
    tab = desk(planned).press("end")
    assert house.status(planned)[0] is Status.OPEN
    tab.press("end_yes")
    assert house.status(planned)[0] is Status.ENDED


def test_a_page_that_is_closed_is_said_to_be_and_waits_no_less(
    house, desk, visitor, it_is, call, seconds_pass, monkeypatch
):
    hands = [0.0]
    monkeypatch.setattr(listener, "time", SimpleNamespace(monotonic=lambda: hands[0], time_ns=int))
    planned = house.plan()
    house.waiting(planned)
    theirs = visitor(planned)
    line, tab = call.line, desk(planned)
    it_is(NOW + 3 * MINUTE)
    assert tab.run().states == ["Wartet seit 3 Minuten"]
    ear, socket = theirs.at.session_state["tab"].listener, Mouth()
    ear.attach(socket)
    ear.detach(socket)
    assert tab.run().states == ["Wartet seit 3 Minuten"]  # perhaps only another network
    hands[0] = listener.GONE_SECONDS
    assert tab.run().states == ["War da, die Seite ist gerade zu"]
    assert tab.paragraphs.count("Im Warteraum seit 3 Minuten") == 1
    End(line).film()  # a call that goes on says that somebody is there, too
    assert tab.run().states == ["Wartet seit 3 Minuten"]
    seconds_pass(3)
    assert tab.run().states == ["War da, die Seite ist gerade zu"]
    ear.attach(socket)
    assert tab.run().states == ["Wartet seit 3 Minuten"]


class Mouth:
    """In place of a socket."""

    def wake(self):
        pass

    def close(self, code):
        pass


def test_after_the_end_one_press_leads_to_whoever_waits_next(house, desk, visitor, it_is):
    planned, following = house.plan(), house.plan(starts_at=NOW + HOUR / 2)
    house.talking(planned)
    house.waiting(following)
    _theirs = visitor(following)
    it_is(NOW + 3 * MINUTE)
    waits = "Nächster Termin: 09:30 Uhr, Karla Beispiel, wartet seit 3 Minuten"
    tab = desk(planned)
    assert tab.paragraphs.count(waits) == 1
    tab.press("end").press("end_yes")
    assert tab.paragraphs.count(waits) == 1
    tab.press("to_next")
    assert tab.paragraphs[1] == "Karla Beispiel · Montag, 23. November 2026, 09:30 Uhr"


def test_nothing_is_said_of_what_comes_much_later(house, desk):
    planned = house.plan()
    house.plan(starts_at=NOW + 3 * HOUR)
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    tab = desk(planned).press("end").press("end_yes")
    assert tab.buttons == TOP


def test_a_card_says_in_which_role_somebody_is_there(house, desk):
    planned = house.plan()
    house.second_guest(planned)
    tab = desk(planned)
    assert tab.paragraphs[2:-1] == [  # the last is the foot's
        "Kundin oder Kunde",
        "… War noch nicht da",
        "dolmetscht",
        "… War noch nicht da",
        "Karla Beispiel",
        "Ida Dolmetscherin",
    ]


def test_one_identity_after_the_other_is_checked(house, desk):
    planned = house.plan()
    second = house.second_guest(planned)
    visiting.consent(second, NOW, "1")
    visiting.enter_waiting(second, NOW)
    house.talking(planned)
    tab = desk(planned)
    seen = []
    for number in (planned.guest_id, second.id):
        seen.append([radio.key for radio in tab.at.radio])
        tab.at.radio(key=f"how_{number}").set_value(IdentityProof.ID_SHOWN)
        tab.press(f"identity_{number}")
    assert seen == [[f"how_{planned.guest_id}"], [f"how_{second.id}"]]
    assert [radio.key for radio in tab.at.radio] == []


def test_a_planned_appointment_can_be_called_off(house, desk):
    planned = house.plan()
    tab = desk(planned).press("cancel")
    assert tab.paragraphs[2:-1] == ["Dieser Termin ist abgesagt."]
    assert house.status(planned)[0] is Status.CANCELLED


@pytest.fixture
def mails(monkeypatch):
    """What is handed to a mail server that is set up."""
    sent = []
    monkeypatch.setenv("BERATUNGSRAUM_SMTP_HOST", "mail.example.com")
    settings.cache_clear()
    monkeypatch.setattr(delivery, "send", lambda mail, _settings: sent.append(mail))
    return sent


def test_everybody_who_is_invited_gets_a_mail_when_it_is_called_off(house, desk, mails):
    planned = house.plan()
    house.second_guest(planned)
    tab = desk(planned).press("cancel")
    assert [str(mail["To"]) for mail in mails] == ["karla@example.com", "ida@example.com"]
    assert {str(mail["Subject"]) for mail in mails} == {"Ihr Videotermin ist abgesagt"}
    assert tab.states == ["Die Absage ist per E-Mail gesendet."]


NOT_TOLD = "Die Absage wurde nicht per E-Mail gesendet. Bitte sagen Sie anders Bescheid."


def test_an_advisor_learns_when_nobody_could_be_told(house, desk, mails, monkeypatch):
    def broken(*_):
        raise delivery.NotSent(OSError(), for_ever=True)

    planned = house.plan()
    monkeypatch.setattr(delivery, "send", broken)
    assert desk(planned).press("cancel").states == [NOT_TOLD]
    assert house.status(planned)[0] is Status.CANCELLED


def test_without_a_mail_server_the_mail_lies_in_the_folder_and_the_desk_says_so(house, desk):
    tab = desk(house.plan()).press("cancel")
    assert (tab.states, len(list(house.outbox.glob("*.eml")))) == ([NOT_TOLD], 1)


def test_what_is_called_off_twice_is_mailed_once(house, desk, mails):
    planned = house.plan()
    first, second = desk(planned), desk(planned)
    first.press("cancel")
    second.press("cancel")
    assert len(mails) == 1


def test_missed_can_be_said_after_the_end_only(house, desk, it_is):
    planned = house.plan()
    labels = ["Neuen Link senden", "Termin absagen"]
    assert desk(planned).buttons == [*TOP, "Beratungsraum öffnen", *labels]
    it_is(NOW + HOUR)
    tab = desk(planned)
    assert tab.buttons == [*TOP, "Beratungsraum öffnen", *labels, "Nicht erschienen"]
    tab.press("missed")
    assert tab.paragraphs[2:] == ["Dieser Termin ist als nicht erschienen eingetragen."]
    assert house.status(planned)[0] is Status.MISSED


def test_who_was_there_is_never_recorded_as_missing(house, desk, it_is):
    planned = house.plan()
    visiting.test_again(house.waiting(planned), NOW)
    it_is(NOW + HOUR)
    tab = desk(planned).press("missed")
    sentence = "Zu diesem Termin war jemand da. Er kann nicht als versäumt gelten."
    assert tab.errors == [sentence]
    assert house.status(planned)[0] is Status.PLANNED


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.CANCELLED, "Dieser Termin ist abgesagt."),
        (Status.MISSED, "Dieser Termin ist als nicht erschienen eingetragen."),
    ],
)
def test_a_closed_appointment_has_no_call_and_no_buttons(house, desk, call, status, sentence):
    planned = house.plan()
    house.set(Appointment, planned.appointment_id, status=status)
    tab = desk(planned)
    assert (tab.paragraphs[2:], tab.buttons, call.draws) == ([sentence], TOP, [])


def test_an_unused_appointment_may_still_be_recorded_as_missed(house, desk, call, it_is):
    planned = house.plan()
    house.set(Appointment, planned.appointment_id, status=Status.EXPIRED)
    it_is(NOW + 2 * HOUR)
    tab = desk(planned)
    assert tab.paragraphs[2:] == ["Dieser Termin ist vorbei. Der Raum wurde nicht geöffnet."]
    assert (tab.buttons, call.draws) == ([*TOP, "Nicht erschienen"], [])
    tab.press("missed")
    assert house.status(planned)[0] is Status.MISSED


STRANGE = ["", "0", "-1", "4711", "1e3", "1.0", "abc", "١", "²", "1;--", " 1", "1 OR 1=1"]
LONG = ["9" * length for length in (10, 20, 5000)]


@pytest.mark.parametrize("number", STRANGE + LONG, ids=lambda number: number[:20])
def test_an_unknown_appointment_is_a_kind_sentence(house, advisor, call, number):
    house.plan()
    tab = advisor("beratung", termin=number)
    assert (tab.heading, tab.errors, tab.buttons) == ("Beratungsraum", [NOTHING], TOP)
    assert call.draws == []


@pytest.mark.parametrize("login", ["bodo", "clara"])
def test_somebody_elses_appointment_looks_like_an_unknown_one(house, advisor, call, login):
    planned = house.plan()
    house.talking(planned)
    foreign = advisor("beratung", login=login, termin=str(planned.appointment_id))
    unknown = advisor("beratung", login=login, termin="4711")
    assert foreign.everything == unknown.everything
    assert (foreign.errors, call.draws) == ([NOTHING], [])


def test_the_desk_follows_what_another_tab_does(house, desk):
    planned = house.plan()
    house.waiting(planned)
    first, second = desk(planned), desk(planned)
    first.press("open")
    assert second.run().buttons == TALKING
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert first.run().buttons == TOP


def test_two_desks_in_one_tab_have_a_line_in_each_room(house, desk, call):
    first, second = house.plan(), house.plan(starts_at=NOW + HOUR)
    tab = desk(first)
    lines = [call.line]
    tab.press("to_agenda").press(f"to_{second.appointment_id}")
    lines.append(call.line)
    assert [line.room for line in lines] == [
        ROOMS.room(planned.appointment_id) for planned in (first, second)
    ]
