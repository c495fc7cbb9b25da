"""What a guest's page knows of the others before the guest is let in: how many, and nobody."""

import json

import pytest

from core import access
from core.appointment import GuestRole, GuestStatus
from core.office import hosting, visiting
from core.records import Guest
from pages.tabs import tab as tabs
from tests.conftest import NOW
from tests.core.media.ends import End
from tests.jars import DEVICE, link_jar

STRANGERS = "Ida Dolmetscherin", "dolmetscht"
SECRET = "S" * 43


@pytest.fixture
def planned(house):
    return house.plan()


@pytest.fixture
def second(house, planned):
    """Somebody else who is invited, and waits."""
    guest = house.second_guest(planned)
    house.set(Guest, guest.id, secret_hash=access.digest(SECRET))
    visiting.consent(guest, NOW, "1", access.digest(DEVICE))
    visiting.enter_waiting(guest, NOW)
    return guest


def sent(tab, call):
    """All that has gone to this browser: the page, and what its call was drawn with."""
    drawn = [{key: value for key, value in each.items() if key != "line"} for each in call.draws]
    return b"\n".join(tab.everything).decode(errors="replace") + json.dumps(
        drawn, ensure_ascii=False
    )


def strangers(tab, call, seat):
    said = sent(tab, call)
    return [name for name in (*STRANGERS, seat) if name in said]


@pytest.mark.parametrize("status", [each for each in GuestStatus if each != GuestStatus.ADMITTED])
@pytest.mark.parametrize("inside", [False, True])
def test_no_page_has_a_name_a_role_or_a_seat_of_another_guest(
    house, visitor, call, planned, second, status, inside
):
    guest = house.waiting(planned)
    if inside:
        hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    house.set(Guest, guest.id, status=status)
    tab = visitor(planned)
    assert strangers(tab, call, f"guest:{second.id}") == []
    assert not {each["seat"] for drawn in call.draws for each in drawn["people"]}


def test_nor_has_the_page_of_another_device_or_one_whose_talk_is_over(
    house, visitor, call, planned, second
):
    guest = house.talking(planned)
    house.set(Guest, guest.id, device_hash=access.digest(DEVICE))
    other = visitor(planned, "E" * 43)
    assert strangers(other, call, f"guest:{second.id}") == []
    hosting.end(house.advisor, NOW, planned.appointment_id)
    assert strangers(visitor(planned), call, f"guest:{second.id}") == []


def test_a_place_is_laid_for_each_of_the_others_before_the_door_opens(
    house, visitor, call, planned, second
):
    house.waiting(planned)
    tab = visitor(planned)
    before = call.last["places"], call.last["tab"], call.last["call"], call.last["line"]
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    tab.run()
    assert (call.last["places"], call.last["tab"], call.last["call"], call.last["line"]) == before
    assert before[0] == 2


@pytest.mark.parametrize(("others", "places"), [(0, 1), (1, 2), (2, 3), (3, 3)])
def test_there_are_no_more_places_than_a_browser_may_offer(
    house, visitor, call, planned, others, places
):
    for number in range(others):
        second = house.second_guest(planned, GuestRole.ASSISTANT)
        house.set(Guest, second.id, secret_hash=access.digest(f"{number}"))
    house.waiting(planned)
    visitor(planned)
    assert (call.last["places"], call.last["people"]) == (places, [])


def place_names(stage):
    return sorted(str(each["name"]) for _mid, each in stage._places())


@pytest.fixture
def three(house, visitor, desk, call, planned, second, new_tab):
    """A client and the advisor in the talk; somebody else, whose picture arrives, waits."""
    visiting.test_again(second, NOW)
    house.talking(planned)
    visiting.enter_waiting(second, NOW)
    tab = visitor(planned)
    own = End(call.line, others=2)
    new_tab(link_jar(SECRET), "termin", t=access.link_key(SECRET))
    theirs = End(call.line, others=2)
    desk(planned)
    advisor = End(call.line, others=2)
    return tab.at.session_state["stage"], own, theirs, advisor


def test_who_comes_in_is_named_beside_the_picture_without_the_page_being_drawn(
    house, second, three
):
    stage, own, theirs, advisor = three
    for end in (own, theirs, advisor):
        end.show()
    assert place_names(stage) == ["Anna Beraterin"]
    hosting.admit(house.advisor, NOW, second.id, None)
    stage.line.room.recheck()
    for end in (own, theirs, advisor):
        end.show()
    assert place_names(stage) == ["Anna Beraterin", "Ida Dolmetscherin"]


def test_ones_own_picture_coming_back_names_nobody_and_asks_nobody(
    house, visitor, call, planned, second
):
    house.waiting(planned)
    stage = visitor(planned).at.session_state["stage"]
    End(call.line).film()
    stage.others = lambda: pytest.fail("the office is asked")
    tabs.tell_places()
    assert dict(stage._places()) == {}
