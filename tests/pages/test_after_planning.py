"""Termin anlegen, once the appointment is made: an empty form, so that none is made twice."""

from core.records import Appointment
from tests.pages.test_new_appointment import BAD_NAME, GOOD, fill, mails, rows, send, typed


def test_name_and_mail_are_empty_after_a_good_form_and_the_rest_stays(advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    assert typed(tab) == {**GOOD, "name": "", "email": ""}


def test_a_second_press_makes_no_second_appointment(house, advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(send(tab))
    assert (tab.errors, len(rows(Appointment)), len(mails(house))) == ([BAD_NAME], 1, 1)


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
