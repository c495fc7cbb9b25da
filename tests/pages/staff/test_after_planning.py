"""Termin anlegen, once it is made: an empty form, and one appointment however often it is sent."""

import threading
import time

import pytest
from aiosmtpd.controller import Controller

from core import delivery, hub, post
from core.office import guest_view, planning
from core.post import POST
from core.records import Appointment, Guest
from core.settings import settings
from tests.conftest import NOW
from tests.core.slow_mail import slow_server
from tests.core.test_invitations import Mailbox, free_port
from tests.pages.staff.test_new_appointment import (
    BAD_NAME,
    GOOD,
    fill,
    look,
    mails,
    rows,
    send,
    typed,
)


def test_name_and_mail_are_empty_after_a_good_form_and_the_rest_stays(advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    assert typed(tab) == {**GOOD, "name": "", "email": ""}


def shown(tab):
    return tab.heading, tab.errors, tab.states, [code.value for code in tab.at.code]


def test_the_second_of_two_presses_gets_the_answer_of_the_first_and_makes_nothing(house, advisor):
    once, twice = advisor("termin-anlegen"), advisor("termin-anlegen")
    for tab in (once, twice):
        fill(tab)
        look(tab)
    once.press("plan")
    *answer, _link = shown(once)
    twice.press_twice("plan")
    *same, [link] = shown(twice)
    assert (same, len(rows(Appointment)), len(mails(house))) == (answer, 2, 2)
    assert guest_view.visit(link.rpartition("/")[2]).name == "Omar Übung"
    assert typed(twice) == {**GOOD, "name": "", "email": ""}


def test_two_presses_to_look_at_it_lead_to_one_look(house, advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    [button] = [each for each in tab.at.button if each.label == "Weiter"]
    tab.press_twice(button.key)
    assert (tab.heading, tab.errors, rows(Appointment)) == ("Termin prüfen", [], [])
    tab.press("plan")
    assert len(rows(Appointment)) == 1


def test_whoever_presses_again_for_want_of_an_answer_gets_the_mail_and_the_link_of_the_first(
    house, advisor
):
    """As when the connection is lost between the deed and what is said of it."""
    tab = advisor("termin-anlegen")
    fill(tab)
    look(tab)
    wanted, secret = tab.at.session_state["looked_at"]
    times = wanted.starts_at, wanted.ends_at
    planning.plan(house.advisor, NOW, wanted.name, wanted.email, *times, secret)
    tab.press("plan")
    [code] = [code.value for code in tab.at.code]
    assert (len(rows(Appointment)), len(mails(house))) == (1, 1)
    assert code.rpartition("/")[2] == secret


def test_a_press_too_many_on_the_empty_form_takes_nothing_away(house, advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    answer = shown(send(tab))
    assert [shown(look(tab)) for _ in range(3)] == [answer] * 3
    assert (len(rows(Appointment)), len(mails(house))) == (1, 1)


def test_the_same_appointment_can_be_planned_again_on_purpose(house, advisor):
    tab = advisor("termin-anlegen")
    for _ in range(2):
        fill(tab)
        send(tab)
    assert (len(rows(Appointment)), len(mails(house))) == (2, 2)


def test_the_link_of_the_last_appointment_is_not_shown_beside_a_mistake(advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    fill(tab, name="")
    send(tab)
    assert (tab.errors, tab.states, list(tab.at.code)) == ([BAD_NAME], [], [])


def test_the_next_person_can_be_invited_at_once(house, advisor):
    tab, names = advisor("termin-anlegen"), ["Omar Übung", "Olga Übung"]
    for name in names:
        fill(tab, name=name)
        send(tab)
    assert (tab.errors, len(rows(Appointment)), len(mails(house))) == ([], 2, 2)
    assert tab.paragraphs[-1] == "Persönlicher Link für Olga Übung, nur jetzt zu sehen:"


ON_ITS_WAY = (
    "Der Termin ist angelegt. Die E-Mail ist noch nicht gesendet. Wir versuchen es weiter. "
    "Wenn es eilt, geben Sie den Link bitte anders weiter."
)
SENT = "Der Termin ist angelegt. Die Einladung ist gesendet."
STILL = "Die Einladung ist noch nicht gesendet. Wir versuchen es weiter."
NOT_MAILED = "Die Einladung ist nicht per E-Mail gesendet."
STILL_NOT_CALLED_OFF = "Die Absage ist noch nicht gesendet. Wir versuchen es weiter."
NOT_CALLED_OFF = "Die Absage wurde nicht per E-Mail gesendet. Bitte sagen Sie anders Bescheid."
PATIENCE = 20  # seconds, for a machine that has much else to do


@pytest.fixture
def mail_port(house, monkeypatch):
    """Sets up a mail server on this machine, in the clear."""

    def at(port):
        monkeypatch.setenv("BERATUNGSRAUM_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("BERATUNGSRAUM_SMTP_PORT", str(port))
        monkeypatch.setenv("BERATUNGSRAUM_SMTP_SECURITY", "none")
        settings.cache_clear()

    return at


@pytest.fixture
def hanging(mail_port):
    """A mail server that says a line now and then, and never that it is ready."""
    with slow_server("banner", drips=True) as server:
        mail_port(server.port)
        yield server


class Bell:
    """Rings when pages are told that something has changed."""

    topics = None

    def __init__(self):
        self.rung = threading.Event()

    def told(self, topics):
        self.rung.set()


def planned(advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    return send(tab)


def test_a_mail_server_that_hangs_holds_no_page_and_the_link_is_there(hanging, advisor):
    began = time.monotonic()
    tab = planned(advisor)
    assert time.monotonic() - began < delivery.TIMEOUT
    assert (tab.states, len(tab.at.code)) == ([ON_ITS_WAY], 1)
    assert hanging.came.wait(PATIENCE)


def test_after_a_reload_the_desk_says_what_becomes_of_the_mail(hanging, advisor):
    link = planned(advisor).at.code[0].value
    [appointment] = rows(Appointment)
    desk = advisor("beratung", termin=str(appointment.id))
    assert (desk.states[1:], [code.value for code in desk.at.code]) == ([STILL], [link])
    POST.forget()  # as by a restart
    assert (desk.run().states[1:], list(desk.at.code)) == ([NOT_MAILED], [])


def test_a_colleague_never_sees_a_link_that_is_on_its_way(hanging, advisor):
    planned(advisor)
    [appointment] = rows(Appointment)
    other = advisor("beratung", login="bodo", termin=str(appointment.id))
    assert (list(other.at.code), other.states) == ([], [])


def test_a_mail_that_goes_at_last_is_noted_and_pages_say_so(advisor, mail_port, monkeypatch):
    monkeypatch.setattr(post, "AGAIN", (3,))
    mailbox, bell = Mailbox("451 Try again"), Bell()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    mail_port(controller.port)
    tab = planned(advisor)
    assert (tab.states, rows(Guest)[0].mail_sent_at) == ([ON_ITS_WAY], None)
    mailbox.answer = "250 OK"
    hub.HUB.listen(bell)
    assert bell.rung.wait(PATIENCE)
    controller.stop()
    assert (tab.run().states, rows(Guest)[0].mail_sent_at) == ([SENT], NOW)


def test_a_cancellation_on_its_way_is_not_called_sent(house, hanging, desk):
    tab = desk(house.plan()).press("cancel")
    assert tab.states == [STILL_NOT_CALLED_OFF]
    POST.forget()
    assert tab.run().states == [NOT_CALLED_OFF]
