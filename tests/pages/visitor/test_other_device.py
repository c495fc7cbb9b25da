"""The same link on a second device: it asks, takes over, and the first one is told."""

import pytest

from core import access
from core.appointment import GuestStatus, IdentityProof, Status
from core.office import hosting, other_device, visiting
from core.records import Guest
from tests.conftest import MINUTE, NOW
from tests.core.media.ends import GREY, End, until

PHONE, LAPTOP = "p" * 43, "l" * 43
OPEN_ELSEWHERE = "Dieser Termin ist schon in einem anderen Fenster oder Browser offen."
GOES_ON_ELSEWHERE = "Sie machen jetzt in einem anderen Fenster oder Browser weiter."
WHAT_TO_DO = (
    "Vielleicht in Ihrer E-Mail-App oder auf einem anderen Gerät. Sind Sie das selbst? "
    "Dann machen Sie hier weiter. Dort hört es dann auf."
)
CALL_US = "Waren Sie das nicht? Bitte rufen Sie uns an: 030 23125-001"
CHANGED = "Hat um 09:00 das Gerät gewechselt. Bitte prüfen Sie die Identität noch einmal."


@pytest.fixture
def planned(house):
    return house.plan()


@pytest.fixture
def guest(house, planned):
    """The guest, in the Warteraum on the phone."""
    guest = house.guest(planned)
    visiting.consent(guest, NOW, "1", access.digest(PHONE))
    visiting.enter_waiting(guest, NOW)
    return guest


def holder(house, planned):
    return house.row(Guest, planned.guest_id).device_hash


def test_the_first_browser_that_consents_holds_the_seat(house, planned, visitor):
    phone, laptop = (visitor(planned, device=device) for device in (PHONE, LAPTOP))
    assert [phone.heading, laptop.heading] == ["Startseite", "Startseite"]
    phone.at.checkbox(key="agreed").check()
    phone.press("go_on")
    assert (phone.heading, holder(house, planned)) == ("Gerät prüfen", access.digest(PHONE))
    assert laptop.run().paragraphs == [OPEN_ELSEWHERE, WHAT_TO_DO, CALL_US]


def test_a_second_device_sees_one_question_and_nothing_else(planned, guest, visitor, call):
    tab = visitor(planned, device=LAPTOP)
    assert (tab.heading, tab.paragraphs, tab.buttons) == (
        "Videokommunikation",
        [OPEN_ELSEWHERE, WHAT_TO_DO, CALL_US],
        ["Hier weitermachen"],
    )
    assert (call.draws, tab.chat, tab.facts) == ([], [], {})
    sent = b"".join(tab.everything)
    assert [name for name in (b"Anna", b"Karla", b"Musterstadt") if name in sent] == []


def test_who_takes_over_goes_on_and_the_other_one_is_told(house, planned, guest, visitor, call):
    phone = visitor(planned, device=PHONE).run()
    line = call.line
    laptop = visitor(planned, device=LAPTOP)
    laptop.press("take_over")
    assert (laptop.heading, holder(house, planned)) == ("Warteraum", access.digest(LAPTOP))
    assert line.closed
    until(lambda: call.stops == 1)
    phone.run()
    assert (phone.heading, phone.paragraphs, phone.buttons) == (
        "Videokommunikation",
        [GOES_ON_ELSEWHERE, WHAT_TO_DO, CALL_US],
        ["Hier weitermachen"],
    )


def test_the_older_device_may_take_the_seat_back(house, planned, guest, visitor):
    phone, laptop = (visitor(planned, device=device) for device in (PHONE, LAPTOP))
    laptop.press("take_over")
    phone.run().press("take_over")
    assert [phone.heading, laptop.run().heading] == ["Warteraum", "Videokommunikation"]
    assert laptop.paragraphs == [GOES_ON_ELSEWHERE, WHAT_TO_DO, CALL_US]
    assert holder(house, planned) == access.digest(PHONE)


def test_a_second_tab_of_the_same_browser_is_the_same_device(planned, guest, visitor):
    tabs = [visitor(planned, device=PHONE) for _ in range(2)]
    assert [tab.run().heading for tab in tabs] == ["Warteraum", "Warteraum"]


def test_taking_over_in_the_room_takes_the_advisors_consent(
    house, planned, guest, visitor, desk, call
):
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    phone = visitor(planned, device=PHONE)
    old = call.line
    advisors = desk(planned)
    mine = call.line
    laptop = visitor(planned, device=LAPTOP)
    laptop.press("take_over")
    new = call.line
    ends = [End(old, "old"), End(new, "new"), End(mine, "advisor")]
    for end in ends:
        end.show()
    assert [end.sees() for end in ends] == [GREY, "new", GREY]
    assert house.status(planned) == (Status.OPEN, GuestStatus.WAITING)
    advisors.run()
    assert advisors.states == ["Wartet seit weniger als einer Minute", CHANGED]
    advisors.press("admit_1")
    assert (laptop.run().heading, phone.run().heading) == ("Beratungsraum", "Videokommunikation")
    assert advisors.states[1:] == [CHANGED]
    advisors.at.radio(key="how_1").set_value(IdentityProof.ID_SHOWN)
    advisors.press("identity_1")
    assert [said for said in advisors.states if said == CHANGED] == []


def test_a_tug_of_war_ends_with_a_kind_sentence_for_the_one_who_was_not_first(
    house, planned, guest, visitor
):
    tabs = [visitor(planned, device=device) for device in (LAPTOP, PHONE)]
    for turn in range(6):
        tabs[turn % 2].run().press("take_over")
    assert (tabs[1].heading, holder(house, planned)) == ("Warteraum", access.digest(PHONE))
    tabs[0].run().press("take_over")
    assert tabs[0].errors == ["Ihr Platz wurde zu oft gewechselt. Bitte rufen Sie uns an."]
    assert holder(house, planned) == access.digest(PHONE)


def test_the_desk_sees_every_change_and_lets_in_only_whom_it_has_seen(
    house, planned, guest, desk, it_is
):
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    other_device.take_over(guest, NOW, access.digest(LAPTOP))
    tab = desk(planned)
    assert tab.states == ["War da, die Seite ist gerade zu", CHANGED]
    other_device.take_over(guest, NOW + 3 * MINUTE, access.digest(PHONE))
    tab.press(f"admit_{guest.id}")
    assert house.status(planned) == (Status.OPEN, GuestStatus.WAITING)
    assert tab.errors == [
        "Das ist inzwischen schon geschehen. Die Seite zeigt jetzt den neuen Stand."
    ]
    assert tab.states[-1] == CHANGED.replace("09:00", "09:03")
    tab.press(f"admit_{guest.id}")
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)


def test_the_desk_is_not_told_of_two_browsers_of_somebody_nobody_has_met(
    house, planned, guest, visitor, desk
):
    for device in (LAPTOP, PHONE, LAPTOP):
        visitor(planned, device=device).press("take_over")
    tab = desk(planned)
    assert tab.states == ["Wartet seit weniger als einer Minute"]
    tab.press("open")
    assert [said for said in tab.states if said == CHANGED] == []
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)


def test_the_desk_opens_the_room_only_for_whom_it_has_seen(house, planned, guest, desk):
    tab = desk(planned)
    other_device.take_over(guest, NOW, access.digest(LAPTOP))
    tab.press("open")
    assert house.status(planned) == (Status.PLANNED, GuestStatus.WAITING)
    tab.press("open")
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)


@pytest.mark.parametrize("key", ["again", "leave"])
def test_no_deed_works_from_a_device_that_has_lost_the_seat(house, planned, guest, visitor, key):
    if key == "leave":
        hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    phone = visitor(planned, device=PHONE)
    house.set(Guest, guest.id, device_hash=access.digest(LAPTOP))
    before = house.status(planned)
    phone.press(key)
    assert (house.status(planned), phone.heading) == (before, "Videokommunikation")


def test_nothing_is_written_or_read_in_the_chat_from_a_device_that_has_lost_the_seat(
    house, planned, guest, visitor
):
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    phone = visitor(planned, device=PHONE)
    house.set(Guest, guest.id, device_hash=access.digest(LAPTOP))
    phone.says("Ich bin noch da")
    assert phone.chat == []
    assert house.trail()[-1][0] == "admit"


def test_pressing_twice_takes_over_once(house, planned, guest, visitor):
    first = visitor(planned, device=LAPTOP)
    second = visitor(planned, device=LAPTOP)
    first.press("take_over")
    second.press("take_over")
    assert [what for what, _, _ in house.trail()].count("take_over") == 1
    assert second.heading == "Warteraum"


def test_who_holds_the_seat_takes_nothing_over_by_a_forged_press(house, planned, guest, visitor):
    """The button of the page they had before is pressed once more."""
    laptop = visitor(planned, device=LAPTOP)
    house.set(Guest, guest.id, device_hash=access.digest(LAPTOP))
    laptop.press("take_over")
    assert [what for what, _, _ in house.trail()].count("take_over") == 0


def test_after_the_end_nobody_is_asked_for_a_device(house, planned, guest, visitor):
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert visitor(planned, device=LAPTOP).buttons == []
