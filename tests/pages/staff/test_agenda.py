"""Who is signed in, the day's appointments, and signing out."""

import pytest
from sqlmodel import Session, select

from core.appointment import Lack, MediaDevice
from core.engine import engine
from core.office import closing, hosting, staff_sessions, visiting
from core.records import Staff, StaffSession
from tests.conftest import HOUR, MINUTE, NOW, PASSWORD
from tests.pages.staff.test_new_appointment import BAD_DAY

TOP = ["Tagesplan", "Termin anlegen", "Abmelden"]
STEPS = ["Tag zurück", "Heute", "Tag vor"]
PAGES = ["tagesplan", "termin-anlegen", "beratung"]
SIGN_IN = ["Bitte melden Sie sich an, um weiterzuarbeiten.", "Zur Anmeldung"]


def says_only_sign_in(tab):
    return (tab.heading, tab.paragraphs, tab.buttons, tab.errors, list(tab.at.text_input)) == (
        "Nicht angemeldet",
        SIGN_IN,
        [],
        [],
        [],
    )


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "jar",
    [
        {},
        {"beratung": ""},
        {"beratung": "x"},
        {"beratung": "A" * 43},
        {"beratung": "\0'; DROP TABLE staff; --"},
        {"beratung": "\ud800"},
        {"Beratung": "A" * 43},
    ],
    ids=repr,
)
def test_who_is_not_signed_in_sees_only_the_way_to_the_sign_in(house, new_tab, call, path, jar):
    house.plan()
    tab = new_tab(jar, path, termin="1")
    assert says_only_sign_in(tab)
    links = [link.attributes["href"] for link in tab.all("a")]
    assert links == ["anmelden", "hilfe", "datenschutz", "barrierefreiheit"]
    assert call.draws == []


def ended(house, token):
    staff_sessions.sign_out(house.advisor, NOW, token)


def disabled(house, _token):
    house.set(Staff, house.advisor.id, disabled_at=NOW)


def idle(house, _token):
    with Session(engine()) as session:
        [row] = session.exec(select(StaffSession)).all()
    house.set(StaffSession, row.id, seen_at=NOW - 30 * MINUTE)


def too_long(house, _token):
    with Session(engine()) as session:
        [row] = session.exec(select(StaffSession)).all()
    house.set(StaffSession, row.id, created_at=NOW - 10 * HOUR)


@pytest.mark.parametrize("end", [ended, disabled, idle, too_long])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_open_closes_with_its_session(house, new_tab, end, path):
    planned = house.plan()
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    tab = new_tab({"beratung": token}, path, termin=str(planned.appointment_id))
    assert tab.heading in ("Tagesplan", "Termin anlegen", "Beratungsraum")
    end(house, token)
    assert says_only_sign_in(tab.run())


def test_the_agenda_shows_todays_own_appointments_and_nobody_elses(house, advisor):
    house.plan(starts_at=NOW + HOUR)
    house.plan(starts_at=NOW)
    house.plan(starts_at=NOW + 24 * HOUR)
    house.plan(by=house.colleague)
    house.plan(by=house.stranger)
    tab = advisor("tagesplan")
    assert tab.heading == "Tagesplan"
    assert tab.paragraphs == [
        "Anna Beraterin, Jobcenter Musterstadt",
        "09:00–10:00",
        "… Karla Beispiel war noch nicht da.",
        "10:00–11:00",
        "… Karla Beispiel war noch nicht da.",
    ]
    assert tab.buttons == [*TOP, *STEPS, "Zum Termin", "Zum Termin"]


def test_another_day_shows_that_days_appointments(house, advisor):
    house.plan()
    house.plan(starts_at=NOW + 24 * HOUR + HOUR)
    tab = advisor("tagesplan")
    for typed in ("24.11.26", "24.11.2026", "24.11.", "2026-11-24", "Di, 24. November", "morgen"):
        tab.at.text_input(key="agenda_day").set_value(typed)
        assert tab.run().paragraphs[1:] == ["10:00–11:00", "… Karla Beispiel war noch nicht da."]
        assert days(tab) == ["Dienstag, 24. November 2026"]


def days(tab):
    """Which day's appointments are shown, in words."""
    return [tag.text for tag in tab.all("h2")]


@pytest.mark.parametrize("typed", ["31.11.26", "24/11/26", "nächste Woche", "1.1.1999", "24"])
def test_a_day_that_cannot_be_read_stands_there_still_and_no_other_is_shown(house, advisor, typed):
    house.plan()
    tab = advisor("tagesplan")
    tab.at.text_input(key="agenda_day").set_value(typed)
    tab.run()
    assert (tab.errors, days(tab), tab.paragraphs[1:]) == ([BAD_DAY], [], [])


@pytest.mark.parametrize("typed", ["", " "])
def test_where_no_day_is_typed_it_is_today(house, advisor, typed):
    tab = advisor("tagesplan")
    today = days(tab)
    tab.at.text_input(key="agenda_day").set_value(typed)
    tab.run()
    assert (tab.errors, days(tab)) == ([], today)
    assert tab.at.text_input(key="agenda_day").value == typed
    tab.press("today")
    assert (tab.errors, days(tab)) == ([], ["Montag, 23. November 2026"])


def test_steps_lead_from_day_to_day(advisor):
    tab, seen = advisor("tagesplan"), []
    for key in ("day_after", "day_after", "day_before", "today", "day_before", "day_before"):
        tab.press(key)
        seen += days(tab)
    assert [day.partition(".")[0] for day in seen] == [
        "Dienstag, 24",
        "Mittwoch, 25",
        "Dienstag, 24",
        "Montag, 23",
        "Sonntag, 22",
        "Samstag, 21",
    ]


def test_a_day_without_a_year_is_the_nearest_one(advisor):
    tab, seen = advisor("tagesplan"), []
    for typed in ("22.11.", "30.12.", "3.1.", "1.6."):
        tab.at.text_input(key="agenda_day").set_value(typed)
        seen += days(tab.run())
    assert seen == [
        "Sonntag, 22. November 2026",
        "Mittwoch, 30. Dezember 2026",
        "Sonntag, 3. Januar 2027",
        "Montag, 1. Juni 2026",
    ]


def test_a_day_without_appointments_says_so(house, advisor):
    tab = advisor("tagesplan")
    assert tab.paragraphs[1:] == ["An diesem Tag haben Sie keine Termine."]


def test_the_agenda_says_who_waits_since_when(house, advisor, visitor, it_is):
    planned = house.plan()
    house.waiting(planned)
    _theirs = visitor(planned)
    tab, said = advisor("tagesplan"), []
    for minutes in (0, 1, 5):
        it_is(NOW + minutes * MINUTE)
        said.append(tab.run().paragraphs[-1])
    assert said == [
        "✓ Karla Beispiel wartet seit weniger als einer Minute.",
        "✓ Karla Beispiel wartet seit einer Minute.",
        "✓ Karla Beispiel wartet seit 5 Minuten.",
    ]


def test_the_agenda_says_whose_page_is_closed(house, advisor):
    house.waiting(house.plan())
    said = advisor("tagesplan").paragraphs[-1]
    assert said == "… Karla Beispiel war da, die Seite ist gerade zu."


def test_the_agenda_says_how_far_everybody_is(house, advisor):
    planned = house.plan()
    guest, tab, said = house.guest(planned), advisor("tagesplan"), []

    def look():
        said.append(tab.run().paragraphs[2:])

    visiting.consent(guest, NOW, "1")
    visiting.record_device(guest, NOW, MediaDevice.CAMERA, False)
    visiting.note_lack(guest, NOW, MediaDevice.CAMERA, Lack.REFUSED)
    look()
    visiting.note_lack(guest, NOW, MediaDevice.CAMERA, None)
    visiting.enter_waiting(guest, NOW)
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    look()
    visiting.leave(guest, NOW)
    look()
    hosting.end(house.advisor, NOW, planned.appointment_id)
    look()
    technique = "! Beim Gerätetest hat etwas nicht funktioniert."
    assert said == [
        [
            "… Karla Beispiel prüft das Gerät.",
            technique,
            "Kamera: im Browser nicht erlaubt",
        ],
        ["… Karla Beispiel ist im Beratungsraum.", technique],
        ["… Karla Beispiel ist gegangen.", technique],
        ["Karla Beispiel: beendet"],
    ]


def test_a_cancelled_appointment_is_marked_as_such(house, advisor):
    planned = house.plan()
    closing.cancel(house.advisor, NOW, planned.appointment_id)
    assert advisor("tagesplan").paragraphs[2:] == ["Karla Beispiel: abgesagt"]


def test_an_appointment_leads_to_its_desk(house, advisor):
    first, second = house.plan(), house.plan(starts_at=NOW + HOUR)
    tab = advisor("tagesplan").press(f"to_{second.appointment_id}")
    assert tab.heading == "Beratungsraum"
    assert tab.at.query_params == {"termin": str(second.appointment_id)}
    assert tab.paragraphs[1] == "Karla Beispiel · Montag, 23. November 2026, 10:00 Uhr"
    assert first.appointment_id != second.appointment_id


def test_the_buttons_on_top_lead_from_page_to_page(house, advisor):
    tab = advisor("tagesplan")
    headings = [tab.press(key).heading for key in ("to_new", "to_agenda")]
    assert headings == ["Termin anlegen", "Tagesplan"]


@pytest.mark.parametrize("path", PAGES)
def test_signing_out_ends_the_session_in_every_tab_for_good(house, new_tab, path):
    token = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    jar = {"beratung": token}
    other, tab = new_tab(jar, "tagesplan"), new_tab(jar, path)
    assert says_only_sign_in(tab.press("sign_out"))
    assert says_only_sign_in(other.run())
    assert staff_sessions.signed_in(NOW, token) is None


def test_signing_out_ends_only_ones_own_session(house, advisor, new_tab):
    second = staff_sessions.sign_in(NOW, "anna", PASSWORD)
    advisor("tagesplan").press("sign_out")
    assert staff_sessions.signed_in(NOW, second).actor == house.advisor


def test_signing_out_at_the_desk_releases_the_camera(house, advisor, call):
    planned = house.plan()
    house.talking(planned)
    tab = advisor("beratung", termin=str(planned.appointment_id))
    line = call.line
    tab.press("sign_out")
    assert (call.stops, line.closed) == (1, True)


def test_leaving_the_desk_for_another_page_releases_the_camera(house, advisor, call):
    planned = house.plan()
    house.talking(planned)
    tab = advisor("beratung", termin=str(planned.appointment_id))
    line = call.line
    tab.press("to_agenda")
    assert (call.stops, line.closed) == (1, True)
