"""A visitor's way through the pages: from the link to goodbye, one step after another."""

import pytest

from core.appointment import GuestStatus, MediaDevice, Status
from core.office import hosting, visiting
from core.records import Appointment, Guest
from pages.visitor import terms
from tests.conftest import HOUR, MINUTE, NOW

TEST_NOW = "Bitte prüfen Sie jetzt Ihr Gerät. Öffnen Sie zum Termin denselben Link."
READY = "Sie sind fertig. Sie können das Fenster schließen. Öffnen Sie zum Termin denselben Link."
UNTESTED = "Noch nicht geprüft: Kamera, Mikrofon, Lautsprecher. Sie können trotzdem weitergehen."


def test_the_startseite_says_with_whom_and_when_and_shows_the_terms(house, visitor):
    tab = visitor(house.plan())
    assert tab.heading == "Startseite"
    assert tab.facts == {
        "Ihr Termin": "Montag, 23. November 2026, 09:00 Uhr",
        "Ende": "etwa um 10:00 Uhr",
        "Mit": "Anna Beraterin",
        "Jobcenter": "Jobcenter Musterstadt",
        "Telefon, wenn etwas nicht klappt": "030 23125-001",
    }
    [box] = [tag for tag in tab.all("div") if tag.attributes.get("class") == "terms"]
    assert [title.text for title in box.all("h2")] == [title for title, _ in terms._parts()]
    assert [text.text for text in box.all("p")] == [text for _, text in terms._parts()]


def test_the_box_for_the_terms_is_not_ticked_beforehand(house, visitor):
    [box] = visitor(house.plan()).at.checkbox
    assert (box.label, box.value) == ("Ich stimme den Nutzungsbedingungen zu", False)


def test_without_the_tick_one_stays_and_reads_why(house, visitor):
    planned = house.plan()
    tab = visitor(planned).press("go_on")
    assert tab.heading == "Startseite"
    assert tab.errors == ["Bitte stimmen Sie zuerst den Nutzungsbedingungen zu."]
    assert house.status(planned) == (Status.PLANNED, GuestStatus.INVITED)


def test_with_the_tick_the_version_and_the_time_of_the_consent_are_kept(house, visitor):
    planned = house.plan()
    tab = visitor(planned)
    tab.at.checkbox(key="agreed").check()
    tab.press("go_on")
    assert (tab.heading, tab.errors) == ("Gerät prüfen", [])
    row = house.row(Guest, planned.guest_id)
    assert (row.status, row.consented_version) == (GuestStatus.CONSENTED, terms.VERSION)
    assert row.consented_at == NOW


def test_opening_the_link_and_looking_around_changes_nothing(house, visitor):
    planned = house.plan()
    before = house.trail()
    visitor(planned).run().run()
    assert house.trail() == before


def test_the_warteraum_is_closed_until_half_an_hour_before(house, visitor, it_is):
    planned = house.plan(starts_at=NOW + 2 * HOUR)
    visiting.consent(house.guest(planned), NOW, "1")
    tab = visitor(planned)
    assert [info.value for info in tab.at.info] == [
        "Ihr Termin ist am Montag, 23. November 2026, 11:00 Uhr. Der Warteraum öffnet um 10:30 Uhr."
    ]
    assert (tab.paragraphs.count(TEST_NOW), tab.paragraphs.count(READY)) == (1, 0)
    for device in MediaDevice:
        visiting.record_device(house.guest(planned), NOW, device, True)
    tab.run()
    assert (tab.paragraphs.count(TEST_NOW), tab.paragraphs.count(READY)) == (0, 1)
    assert "enter" not in [button.key for button in tab.at.button]

    it_is(NOW + 90 * MINUTE)
    assert tab.run().paragraphs.count(READY) == 0
    tab.press("enter")
    assert (tab.heading, tab.errors, list(tab.at.info)) == ("Warteraum", [], [])
    assert house.row(Guest, planned.guest_id).waiting_since == NOW + 90 * MINUTE


def test_somebody_early_may_test_their_device_already(house, visitor):
    tab = visitor(house.plan(starts_at=NOW + 2 * HOUR))
    early = "Sie sind früh dran. Das ist gut: Sie können jetzt schon Ihr Gerät prüfen."
    assert tab.paragraphs[0] == early


def test_the_second_step_is_a_button_of_that_name_and_leads_to_the_warteraum(house, visitor):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    tab = visitor(planned)
    assert tab.at.button(key="enter").label == "Schritt 2: Beratungsraum betreten"
    assert tab.paragraphs.count(UNTESTED) == 1
    tab.press("enter")
    assert tab.heading == "Warteraum"
    lead = "Sie müssen nichts unternehmen. Das Gespräch beginnt von selbst."
    assert tab.paragraphs[0] == lead
    assert tab.facts == {
        "Ihr Termin": "Montag, 23. November 2026, 09:00 Uhr",
        "Telefon, wenn es lange dauert": "030 23125-001",
    }


def test_from_the_warteraum_one_may_go_back_to_the_device_test(house, visitor):
    planned = house.plan()
    house.waiting(planned)
    tab = visitor(planned).press("again")
    assert tab.heading == "Gerät prüfen"
    assert house.status(planned)[1] is GuestStatus.CONSENTED


def test_every_step_is_marked_on_the_way(house, visitor):
    planned = house.plan()
    tab = visitor(planned)
    marked = []
    for deed in (visiting.consent, visiting.enter_waiting, None):
        marked += [tag.text for tag in tab.all("li") if tag.attributes.get("aria-current")]
        if deed is visiting.consent:
            deed(house.guest(planned), NOW, "1")
        elif deed:
            deed(house.guest(planned), NOW)
        tab.run()
    assert marked == ["Startseite", "Gerät prüfen", "Warteraum"]


@pytest.mark.parametrize("deed", ["reload", "run"])
def test_after_a_reload_or_in_another_tab_one_is_at_the_same_step(house, visitor, deed):
    planned = house.plan()
    guest, here = house.guest(planned), []
    tab = visitor(planned)

    def look() -> None:
        here.append((visitor(planned) if deed == "reload" else tab.run()).heading)

    look()
    visiting.consent(guest, NOW, "1")
    look()
    visiting.enter_waiting(guest, NOW)
    look()
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    look()
    hosting.send_back(house.advisor, NOW, planned.guest_id)
    look()
    hosting.admit(house.advisor, NOW, planned.guest_id, None)
    look()
    hosting.end(house.advisor, NOW, planned.appointment_id)
    look()
    assert here == [
        "Startseite",
        "Gerät prüfen",
        "Warteraum",
        "Beratungsraum",
        "Warteraum",
        "Beratungsraum",
        "Videokommunikation",
    ]


def test_who_comes_after_the_door_has_opened_waits_until_let_in(house, visitor):
    planned = house.plan()
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    tab = visitor(planned)
    tab.at.checkbox(key="agreed").check()
    tab.press("go_on").press("enter")
    assert tab.heading == "Warteraum"
    hosting.admit(house.advisor, NOW, planned.guest_id, None)
    assert tab.run().heading == "Beratungsraum"


def test_who_leaves_leaves_alone_with_the_camera_off_and_a_way_back(house, visitor, call):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    line = call.line
    tab.press("leave")
    assert (tab.heading, tab.buttons) == ("Beratungsraum verlassen", ["Zurück zum Gespräch"])
    assert tab.paragraphs[:3] == [
        "Sie haben das Gespräch verlassen. Kamera und Mikrofon sind aus.",
        "Möchten Sie nicht mehr sprechen? Dann können Sie dieses Fenster schließen.",
        "War es ein Versehen oder hat die Technik nicht funktioniert? Dann kommen Sie zurück. "
        "Anna Beraterin lässt Sie wieder ein.",
    ]
    assert house.status(planned) == (Status.OPEN, GuestStatus.LEFT)
    assert (call.stops > 0, line.closed) == (True, True)


def test_who_has_left_comes_back_through_the_same_link_and_is_let_in_again(house, visitor):
    planned = house.plan()
    house.talking(planned)
    visitor(planned).press("leave")
    again = visitor(planned)
    assert again.heading == "Beratungsraum verlassen"  # the link alone reopens nothing
    assert again.press("come_back").heading == "Warteraum"
    hosting.admit(house.advisor, NOW, planned.guest_id, None)
    assert again.run().heading == "Beratungsraum"


def test_who_has_left_reads_when_the_talk_is_over(house, visitor):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned).press("leave")
    hosting.end(house.advisor, NOW, planned.appointment_id)
    tab.run()
    assert tab.paragraphs[0] == "Das Gespräch ist beendet. Vielen Dank und auf Wiedersehen."


def test_leaving_what_the_other_side_has_just_ended_is_no_mistake(house, visitor):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    tab.press("leave")
    assert (tab.heading, tab.errors) == ("Videokommunikation", [])


def test_when_the_advisor_ends_the_talk_the_camera_is_released(house, visitor, call):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    hosting.end(house.advisor, NOW, planned.appointment_id)
    drawn = len(call.draws)
    tab.run()
    assert tab.heading == "Videokommunikation"
    assert (call.stops, len(call.draws)) == (1, drawn)


def test_a_page_that_closes_meanwhile_says_so_instead_of_failing(house, visitor):
    planned = house.plan()
    tab = visitor(planned)
    house.set(Appointment, planned.appointment_id, status=Status.CANCELLED)
    tab.at.checkbox(key="agreed").check()
    tab.press("go_on")
    assert tab.heading == "Videokommunikation"
    assert house.status(planned)[1] is GuestStatus.INVITED
