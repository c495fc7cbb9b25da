"""Termin anlegen: a good form makes an appointment and a mail, a bad one says what is wrong."""

import re
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from core import access, clock, delivery, invitations, words
from core.engine import engine
from core.office import advisor_view, guest_view
from core.records import Appointment, Guest
from core.settings import settings
from pages.words.words import moment
from tests.conftest import MINUTE, NOW
from tests.jars import link_jar

SENT = "✓ Der Termin ist angelegt. Die Einladung ist gesendet."
NOT_SENT = (
    "! Der Termin ist angelegt. Die E-Mail konnte nicht gesendet werden. "
    "Bitte geben Sie den Link anders weiter."
)
NO_SERVER = (
    "! Der Termin ist angelegt. Es ist kein Mailserver eingestellt: Die Einladung liegt nur im "
    "Ordner für ausgehende Post. Bitte geben Sie den Link anders weiter."
)
LINK = "Persönlicher Link für Omar Übung, nur jetzt zu sehen:"
BAD_NAME = "Bitte geben Sie einen Namen ein, mit Buchstaben und höchstens 100 Zeichen."
BAD_MAIL = "Diese E-Mail-Adresse stimmt nicht. Bitte prüfen Sie, ob etwas fehlt oder zu viel ist."
SEVERAL = "Das sind mehrere E-Mail-Adressen. Bitte geben Sie genau eine ein."
SPACE = (
    "In dieser E-Mail-Adresse ist ein Leerzeichen oder ein Wort zu viel. "
    "Bitte geben Sie nur die Adresse ein."
)
LETTER = (
    "Vor dem @ steht ein Zeichen, das in E-Mail-Adressen nicht vorkommt, zum Beispiel ein Umlaut. "
    "Bitte prüfen Sie die Adresse."
)
BAD_MAILS = (BAD_MAIL, SEVERAL, SPACE, LETTER)
PAST = "Dieser Zeitpunkt liegt in der Vergangenheit. Bitte wählen Sie einen späteren."
BAD_DAY = (
    "Diesen Tag können wir nicht lesen, oder es gibt ihn nicht. "
    "Bitte schreiben Sie ihn zum Beispiel so: 7.12.2026"
)
BAD_TIME = (
    "Diese Uhrzeit können wir nicht lesen, oder es gibt sie nicht. "
    "Bitte schreiben Sie sie zum Beispiel so: 9:30"
)
NO_SUCH = (
    "Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhr wird vorgestellt. "
    "Bitte wählen Sie eine andere."
)
TWICE = (
    "Diese Uhrzeit gibt es an diesem Tag zweimal: Die Uhr wird zurückgestellt. "
    "Bitte wählen Sie eine andere."
)
GOOD = {
    "name": "Omar Übung",
    "email": "omar@example.com",
    "day": "24.11.2026",
    "begins": "9:15",
    "minutes": 30,
    "language": "de",
}


def fill(tab, **changes):
    wanted = {**GOOD, **changes}
    at = tab.at
    at.text_input(key="name").set_value(wanted["name"])
    at.text_input(key="email").set_value(wanted["email"])
    at.text_input(key="day").set_value(wanted["day"])
    at.text_input(key="begins").set_value(wanted["begins"])
    at.radio(key="minutes").set_value(wanted["minutes"])
    at.selectbox(key="invitation_language").set_value(wanted["language"])
    return wanted


def look(tab):
    """Press on, to see what was understood."""
    [button] = [each for each in tab.at.button if each.label == "Weiter"]
    button.click()
    return tab.run()


def send(tab):
    """Press on, and send it, if it was understood."""
    look(tab)
    return tab.press("plan") if tab.heading == "Termin prüfen" else tab


def typed(tab):
    """What stands in the form now."""
    return {
        "name": tab.at.text_input(key="name").value,
        "email": tab.at.text_input(key="email").value,
        "day": tab.at.text_input(key="day").value,
        "begins": tab.at.text_input(key="begins").value,
        "minutes": tab.at.radio(key="minutes").value,
        "language": tab.at.selectbox(key="invitation_language").value,
    }


def rows(table):
    with Session(engine()) as session:
        return list(session.exec(select(table)))


def mails(house):
    files = house.outbox.glob("*.eml")
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def test_a_good_form_makes_one_appointment_and_one_mail_and_shows_the_link(house, advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    [appointment], [guest], [mail] = rows(Appointment), rows(Guest), mails(house)
    begin = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)
    assert (appointment.starts_at, appointment.ends_at) == (begin, begin + 30 * MINUTE)
    assert (appointment.advisor_id, appointment.jobcenter_id) == (house.advisor.id, 1)
    assert (guest.name, guest.email) == ("Omar Übung", "omar@example.com")
    assert mail["To"] == "omar@example.com"

    [code] = [code.value for code in tab.at.code]
    address, _, secret = code.rpartition("/")
    assert address == "http://localhost:8501/termin"
    assert guest.secret_hash == access.digest(secret)
    assert mail.get_content().split().count(code) == 1
    assert tab.paragraphs[2:] == [NO_SERVER, LINK]


def test_the_link_stays_until_the_page_is_left_and_never_comes_back(advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    seen = [len(tab.run().at.code)]
    for key in ("to_agenda", "to_new"):
        seen.append(len(tab.press(key).at.code))
    assert seen == [1, 0, 0]


@pytest.fixture
def mail_server(house, monkeypatch):
    """An installation with a mail server; what it was handed, or an error to raise."""
    monkeypatch.setenv("BERATUNGSRAUM_SMTP_HOST", "mail.example.org")
    settings.cache_clear()
    handed = []
    monkeypatch.setattr(delivery, "send", lambda mail, _settings: handed.append(mail))
    return handed


def test_with_a_mail_server_the_invitation_counts_as_sent(mail_server, advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    [guest], [mail] = rows(Guest), mail_server
    assert (mail["To"], guest.mail_sent_at) == ("omar@example.com", NOW)
    assert tab.paragraphs[2:] == [SENT, LINK]


def test_the_link_in_the_mail_leads_to_the_startseite(house, advisor, new_tab):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    secret = tab.at.code[0].value.rpartition("/")[2]
    key = access.link_key(secret)
    visit = new_tab(link_jar(secret), "termin", t=key)
    assert (visit.heading, visit.facts["Ihr Termin"]) == (
        "Startseite",
        "Dienstag, 24. November 2026, 09:15 Uhr",
    )


def test_the_new_appointment_is_in_the_agenda_of_its_advisor_only(house, advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    day = date(2026, 11, 24)
    assert [len(advisor_view.agenda(who, day)) for who in (house.advisor, house.colleague)] == [
        1,
        0,
    ]


def test_nobody_else_ever_sees_the_link(house, advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    send(tab)
    others = [advisor("termin-anlegen"), advisor("termin-anlegen", login="bodo")]
    assert [list(other.at.code) for other in others] == [[], []]


BAD = {
    "no name": ({"name": ""}, BAD_NAME),
    "a blank name": ({"name": "   "}, BAD_NAME),
    "a name of digits": ({"name": "0123 456"}, BAD_NAME),
    "a long name": ({"name": "a" * 101}, BAD_NAME),
    "no mail": ({"email": ""}, BAD_MAIL),
    "half a mail": ({"email": "omar@"}, BAD_MAIL),
    "two mails": ({"email": "a@example.com, b@example.com"}, SEVERAL),
    "a mail with a space": ({"email": "omar @example.com"}, SPACE),
    "a mail with an umlaut": ({"email": "übung@example.com"}, LETTER),
    "yesterday": ({"day": "22.11.2026"}, PAST),
    "an hour ago": ({"day": "23.11.2026", "begins": "8:00"}, PAST),
    "the night in March": ({"day": "28.3.2027", "begins": "2:30"}, NO_SUCH),
    "a day that is none": ({"day": "31.11.2026"}, BAD_DAY),
    "no day": ({"day": ""}, BAD_DAY),
    "words for a day": ({"day": "nächsten Montag"}, BAD_DAY),
    "the day of another month": ({"day": "12/07/2026"}, BAD_DAY),
    "the day of a century ago": ({"day": "07.12.1926"}, BAD_DAY),
    "another weekday": ({"day": "Dienstag, 7.12.26"}, BAD_DAY),
    "no time": ({"begins": ""}, BAD_TIME),
    "half a time": ({"begins": "9:"}, BAD_TIME),
    "a late time": ({"begins": "24:00"}, BAD_TIME),
    "words for a time": ({"begins": "halb zehn"}, BAD_TIME),
    "a time of day and half": ({"begins": "9:00 am"}, BAD_TIME),
    "the night in October": ({"day": "31.10.27", "begins": "0230"}, TWICE),
}


SAID = {
    ("7.12.26", "9"): "Montag, 7. Dezember 2026, 09:00 Uhr",
    ("07.12.26", "9.30"): "Montag, 7. Dezember 2026, 09:30 Uhr",
    ("7.12.", "0900"): "Montag, 7. Dezember 2026, 09:00 Uhr",
    ("2026-12-07", "9 Uhr"): "Montag, 7. Dezember 2026, 09:00 Uhr",
    ("7. Dezember 2026", "9:00"): "Montag, 7. Dezember 2026, 09:00 Uhr",
    ("morgen", "17 Uhr 5"): None,
    ("morgen", "17 Uhr 05"): "Dienstag, 24. November 2026, 17:05 Uhr",
    ("1.2.", "8:00"): "Montag, 1. Februar 2027, 08:00 Uhr",
}


@pytest.mark.parametrize(("day", "begins"), SAID)
def test_before_anything_is_made_or_sent_weekday_and_date_are_said(house, advisor, day, begins):
    tab = advisor("termin-anlegen")
    wanted = fill(tab, day=day, begins=begins)
    look(tab)
    said = SAID[day, begins]
    if said is None:
        assert (tab.errors, typed(tab)) == ([BAD_TIME], wanted)
        return
    assert tab.facts == {
        "Termin": said,
        "Dauer": "30 Minuten",
        "Name": "Omar Übung",
        "E-Mail-Adresse": "omar@example.com",
        "Sprache der Einladung": "Deutsch",
    }
    assert (rows(Appointment), mails(house)) == ([], [])
    tab.press("plan")
    [appointment], [mail] = rows(Appointment), mails(house)
    assert moment(appointment.starts_at) == said
    assert said.rpartition(", ")[0] in mail.get_content()


def test_an_invitation_may_be_in_the_language_of_its_reader_and_is_in_german_too(house, advisor):
    tab = advisor("termin-anlegen")
    fill(tab, language="uk")
    look(tab)
    assert tab.facts["Sprache der Einladung"] == "Ukrainisch"
    tab.press("plan")
    [guest], [mail] = rows(Guest), mails(house)
    assert guest.language == "uk"
    assert (mail["Subject"], mail["Content-Language"]) == (
        words.translation("uk")("Ihr Videotermin"),
        "uk, de",
    )
    theirs, german = mail.get_content().split(invitations.BETWEEN)
    [link] = re.findall(r"http\S+", theirs)
    assert (link in german, "Dienstag, 24. November 2026" in german) == (True, True)
    assert words.day(guest_view.visit(link.rpartition("/")[2]).starts_at, "uk") in theirs


def test_what_was_looked_at_can_be_changed_and_all_else_is_still_there(house, advisor):
    tab = advisor("termin-anlegen")
    wanted = fill(tab, day="8.12.26", language="uk")
    look(tab)
    tab.press("change")
    assert (tab.heading, typed(tab)) == ("Termin anlegen", wanted)
    tab.at.text_input(key="day").set_value("7.12.26")
    send(tab)
    assert [moment(each.starts_at) for each in rows(Appointment)] == [
        "Montag, 7. Dezember 2026, 09:15 Uhr"
    ]


def test_what_is_too_late_by_the_time_it_is_sent_is_refused_and_still_there(house, advisor, it_is):
    tab = advisor("termin-anlegen")
    wanted = fill(tab, day="23.11.2026", begins="9:01")
    look(tab)
    it_is(NOW + 2 * MINUTE)
    tab.press("plan")
    assert (tab.errors, typed(tab), rows(Appointment)) == ([PAST], wanted, [])


def test_a_draft_is_gone_when_the_page_is_left(advisor):
    tab = advisor("termin-anlegen")
    fill(tab)
    look(tab)
    for key in ("to_agenda", "to_new"):
        tab.press(key)
    assert (tab.heading, typed(tab)["name"]) == ("Termin anlegen", "")


@pytest.mark.parametrize("case", BAD)
def test_a_bad_form_says_what_is_wrong_and_keeps_what_was_typed(house, advisor, case):
    changes, sentence = BAD[case]
    tab = advisor("termin-anlegen")
    wanted = fill(tab, **changes)
    send(tab)
    assert tab.errors == [sentence]
    assert typed(tab) == wanted
    assert (rows(Appointment), rows(Guest), mails(house)) == ([], [], [])
    assert list(tab.at.code) == []


def test_after_a_mistake_only_the_mistake_has_to_be_mended(house, advisor):
    tab = advisor("termin-anlegen")
    fill(tab, email="omar@")
    send(tab)
    tab.at.text_input(key="email").set_value("omar@example.com")
    send(tab)
    assert tab.errors == []
    assert [guest.name for guest in rows(Guest)] == ["Omar Übung"]


def test_what_was_chosen_stays_while_time_goes_by(house, advisor, it_is):
    it_is(NOW + 20 * MINUTE)
    tab = advisor("termin-anlegen")
    wanted = fill(tab, email="", language="fa")
    it_is(NOW + 45 * MINUTE)
    send(tab)
    assert (tab.errors, typed(tab)) == ([BAD_MAIL], wanted)


def test_the_proposed_start_stays_as_it_was_shown(house, advisor, it_is):
    it_is(NOW + 20 * MINUTE)
    tab = advisor("termin-anlegen")
    shown = fill(tab, begins=typed(tab)["begins"])["begins"]
    it_is(NOW + 45 * MINUTE)
    send(tab)
    [appointment] = rows(Appointment)
    assert f"{clock.berlin(appointment.starts_at):%H:%M}" == shown


@pytest.mark.parametrize("now", ["00:00", "08:59", "09:31", "23:29", "23:31"])
def test_the_proposed_start_is_never_over_already(house, advisor, it_is, now):
    it_is(datetime.combine(NOW.date(), time.fromisoformat(now), tzinfo=clock.BERLIN))
    tab = advisor("termin-anlegen")
    tab.at.text_input(key="name").set_value("Omar Übung")
    tab.at.text_input(key="email").set_value("omar@example.com")
    send(tab)
    assert tab.errors == []


def test_when_the_mail_cannot_be_sent_the_link_is_there_to_be_given_otherwise(
    house, advisor, monkeypatch
):
    def broken(*_):
        raise delivery.NotSent(OSError(), for_ever=True)

    monkeypatch.setattr(delivery, "send", broken)
    tab = advisor("termin-anlegen")
    fill(tab)
    with capture_logs() as lines:
        send(tab)
    assert lines == [{"event": "mail not sent", "kind": "OSError", "log_level": "warning"}]
    [guest] = rows(Guest)
    secret = tab.at.code[0].value.rpartition("/")[2]
    assert (tab.paragraphs[2:], tab.errors) == ([NOT_SENT, LINK], [])
    assert (guest.mail_sent_at, guest.secret_hash) == (None, access.digest(secret))


@pytest.mark.parametrize("hours", [0, 1])
def test_the_hour_beside_the_missing_one_is_an_ordinary_hour(house, advisor, hours):
    tab = advisor("termin-anlegen")
    fill(tab, day="28.3.2027", begins=str(1 + 2 * hours))
    send(tab)
    [appointment] = rows(Appointment)
    assert appointment.starts_at == datetime(2027, 3, 28, tzinfo=UTC) + timedelta(hours=hours)
