"""A new link from the desk: shown whatever becomes of the mail; the old one opens nothing."""

from core import access, delivery
from core.appointment import GuestStatus, Status
from core.office import guest_view, hosting, inviting
from tests.conftest import NOW
from tests.jars import link_jar


def new_link(tab, planned):
    tab.press(f"link_{planned.guest_id}")
    [code] = [code.value for code in tab.at.code]
    return code.rpartition("/")[2]


def test_a_new_link_opens_the_visit_and_the_old_one_nothing(house, desk, visitor, new_tab):
    planned = house.plan()
    inviting.mail_sent(house.advisor, NOW, planned.guest_id)
    secret = new_link(desk(planned), planned)
    key = access.link_key(secret)
    assert new_tab(link_jar(secret), "termin", t=key).heading == "Startseite"
    assert visitor(planned).heading == "Videokommunikation"
    assert len(list(house.outbox.glob("*.eml"))) == 1


def test_who_opens_a_new_link_begins_at_the_beginning(house, desk, visitor, new_tab, call):
    planned = house.plan()
    house.waiting(planned)
    old, tab = visitor(planned), desk(planned)
    assert (old.heading, tab.states) == ("Warteraum", ["Wartet seit weniger als einer Minute"])
    secret = new_link(tab, planned)
    assert call.stops > 0  # anyone who has the old link is out before any page is redrawn
    assert house.status(planned) == (Status.PLANNED, GuestStatus.INVITED)
    key = access.link_key(secret)
    new = new_tab(link_jar(secret), "termin", t=key)
    assert (new.heading, [box.value for box in new.at.checkbox]) == ("Startseite", [False])
    assert old.run().heading == "Videokommunikation"
    assert tab.run().states[0] == "War noch nicht da"


def test_who_waits_before_an_open_room_gets_a_new_link_and_whoever_waited_is_out(
    house, desk, visitor, new_tab, call
):
    planned = house.plan()
    house.talking(planned)
    hosting.send_back(house.advisor, NOW, planned.guest_id)
    old, tab = visitor(planned), desk(planned)
    secret = new_link(tab, planned)
    assert call.stops > 0
    assert house.status(planned) == (Status.OPEN, GuestStatus.INVITED)
    assert old.run().heading == "Videokommunikation"
    key = access.link_key(secret)
    assert new_tab(link_jar(secret), "termin", t=key).heading == "Startseite"
    assert [code.value.rpartition("/")[2] for code in tab.run().at.code] == [secret]


def test_nobody_in_the_room_is_sent_a_new_link(house, desk):
    planned = house.plan()
    house.talking(planned)
    assert "Neuen Link senden" not in desk(planned).buttons


def test_a_new_link_is_shown_when_the_first_mail_had_failed(house, desk):
    planned = house.plan()
    assert guest_view.visit(new_link(desk(planned), planned)).name == "Karla Beispiel"


def test_a_new_link_is_shown_when_its_mail_fails(house, desk, monkeypatch):
    def broken(*_):
        raise delivery.NotSent(OSError(), for_ever=True)

    planned = house.plan()
    inviting.mail_sent(house.advisor, NOW, planned.guest_id)
    monkeypatch.setattr(delivery, "send", broken)
    tab = desk(planned)
    assert guest_view.visit(new_link(tab, planned)).name == "Karla Beispiel"
    assert tab.states[-1] == (
        "Die E-Mail konnte nicht gesendet werden. Bitte geben Sie den Link anders weiter."
    )


def test_the_second_of_two_presses_makes_no_other_link(house, desk):
    planned = house.plan()
    tab = desk(planned).press_twice(f"link_{planned.guest_id}")
    [secret] = [code.value.rpartition("/")[2] for code in tab.at.code]
    assert guest_view.visit(secret).name == "Karla Beispiel"
    assert tab.errors == []
    assert [what for what, _, _ in house.trail()].count("invite_again") == 1
    assert len(list(house.outbox.glob("*.eml"))) == 1


def test_after_a_new_link_there_is_nothing_to_press_in_its_place_until_the_page_is_left(
    house, desk
):
    planned = house.plan()
    tab = desk(planned)
    first = new_link(tab, planned)
    assert "Neuen Link senden" not in tab.buttons
    tab.press("to_agenda").press(f"to_{planned.appointment_id}")
    second = new_link(tab, planned)
    assert first != second
    assert (guest_view.visit(first), guest_view.visit(second).name) == (None, "Karla Beispiel")


def test_each_guest_gets_their_own_link_one_after_the_other(house, desk):
    planned = house.plan()
    house.second_guest(planned)
    tab = desk(planned)
    ids, secrets = [planned.guest_id, planned.guest_id + 1], []
    for guest_id in [*ids, *ids]:
        tab.press(f"link_{guest_id}")
        secrets += [code.value.rpartition("/")[2] for code in tab.at.code]
    assert len(set(secrets)) == 4
    assert [guest_view.visit(secret) is not None for secret in secrets] == [
        False,
        False,
        True,
        True,
    ]


def test_a_new_link_that_came_too_late_is_refused_however_often_it_is_pressed(house, desk):
    planned = house.plan()
    tab = desk(planned)
    house.talking(planned)
    tab.press_twice(f"link_{planned.guest_id}")
    assert list(tab.at.code) == []
    assert house.status(planned) == (Status.OPEN, GuestStatus.ADMITTED)
