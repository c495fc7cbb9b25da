"""The call on the visitor's pages: drawn at the same place in every step, the same call."""

import pytest

from core.media.rooms.live_rooms import ROOMS
from core.office import chat, hosting, visiting
from core.settings import settings
from pages.tabs import tab as tabs
from tests.conftest import MINUTE, NOW
from tests.core.media.ends import End

CALL_US = "Klappt etwas nicht? Rufen Sie uns an: 030 23125-001"
ONLY_YOU = "Wenn Sie beenden, verlassen nur Sie das Gespräch. Es wird nichts aufgezeichnet."
STILL_COMING = "… Anna Beraterin ist gleich da. Bitte bleiben Sie hier."


def at_every_step(house, visitor, call, read):
    """What `read` says of the drawn call in device test, Warteraum and talk."""
    planned = house.plan()
    guest, seen = house.guest(planned), []
    visiting.consent(guest, NOW, "1")
    tab = visitor(planned)
    seen.append(read(call.last))
    visiting.enter_waiting(guest, NOW)
    tab.run()
    seen.append(read(call.last))
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    tab.run()
    seen.append(read(call.last))
    return seen


def test_no_server_elsewhere_is_ever_asked(house, visitor, call):
    at_every_step(house, visitor, call, lambda drawn: None)
    assert [drawn["iceServers"] for drawn in call.draws] == [[]] * len(call.draws)


def test_the_browser_alone_is_told_of_the_relay_and_never_of_another_one(
    house, visitor, call, monkeypatch
):
    """Later settings would begin a call twice, or need it to start over."""
    monkeypatch.setenv("BERATUNGSRAUM_TURN_URLS", "turn:turn.example.com")
    monkeypatch.setenv("BERATUNGSRAUM_TURN_SECRET", "s" * 32)
    settings.cache_clear()
    told = at_every_step(house, visitor, call, lambda how: how["iceServers"])
    assert [each is told[0] for each in told] == [True] * 3
    assert [each["urls"] for each in told[0]] == [["turn:turn.example.com"]]


def test_every_tab_gets_credentials_of_its_own(house, visitor, call, monkeypatch, it_is):
    monkeypatch.setenv("BERATUNGSRAUM_TURN_URLS", "turn:turn.example.com")
    monkeypatch.setenv("BERATUNGSRAUM_TURN_SECRET", "s" * 32)
    settings.cache_clear()
    planned, names = house.plan(), []
    visiting.consent(house.guest(planned), NOW, "1")
    for now in (NOW, NOW + MINUTE):
        it_is(now)
        visitor(planned)
        names.append(call.last["iceServers"][0]["username"])
    (first, seat), (second, same) = (name.split(":") for name in names)
    assert (int(second) - int(first), seat == same) == (60, True)


def test_in_the_talk_the_other_one_is_seen_before_that_ones_own_picture(house, visitor, call):
    seen = at_every_step(house, visitor, call, lambda how: (how["talking"], how["autostart"]))
    assert seen == [(False, False), (False, True), (True, True)]


def test_who_comes_is_known_before_and_awaited_calmly(house, visitor, call):
    planned = house.plan()
    house.talking(planned)
    visitor(planned)
    advisor = {
        "seat": f"staff:{house.advisor.id}",
        "name": "Anna Beraterin",
        "role": "Jobcenter",
        "pinned": False,
    }
    assert (call.last["people"], call.last["places"]) == ([advisor], 1)
    assert call.last["alone"] == STILL_COMING.removeprefix("… ")
    assert (call.last["phone"], call.last["dialled"]) == ("030 23125-001", "+493023125001")


def test_the_call_keeps_its_tab_and_its_line_from_test_to_talk(house, visitor, call):
    drawn = at_every_step(house, visitor, call, lambda how: (how["tab"], how["call"], how["line"]))
    assert len(set(drawn)) == 1


def test_every_tab_has_an_id_of_its_own(house, visitor, call):
    planned = house.plan()
    house.waiting(planned)
    for _ in range(3):
        visitor(planned)
    assert len({drawn["tab"] for drawn in call.draws}) == 3


def test_the_call_is_drawn_with_a_camera_unless_somebody_declines(house, visitor, call):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    tab = visitor(planned)
    assert call.last["camera"] is True
    tab.at.checkbox(key="without_camera").check()
    tab.run()
    assert call.last["camera"] is False


def test_who_declines_the_camera_takes_part_without_it_to_the_end(house, visitor, call):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    tab = visitor(planned)
    tab.at.checkbox(key="without_camera").check()
    tab.run().press("enter").run()
    assert tab.heading == "Warteraum"
    assert call.last["camera"] is False


def test_before_consent_and_after_goodbye_there_is_no_call(house, visitor, call):
    planned = house.plan()
    visitor(planned)
    visiting.leave(house.talking(planned), NOW)
    visitor(planned)
    assert call.draws == []


def test_nobody_is_inside_before_the_door_opens_nor_after(house, visitor):
    planned = house.plan()
    house.waiting(planned)
    tab = visitor(planned)
    room = ROOMS.room(planned.appointment_id)
    inside = [room._inside]
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    tab.run()
    inside.append(room._inside)
    tab.press("leave")
    inside.append(room._inside)
    advisor = f"staff:{house.advisor.id}"
    talk = frozenset({f"guest:{planned.guest_id}", advisor})
    assert inside == [frozenset(), talk, frozenset({advisor})]


def test_the_talk_says_that_the_advisor_is_about_to_come_and_offers_the_chat(house, visitor, call):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    End(call.line).film()
    tab.run()
    assert tab.heading == "Beratungsraum"
    assert tab.paragraphs.count(STILL_COMING) == 1
    assert tab.buttons == ["Gespräch beenden"]
    assert tab.paragraphs[-4:-2] == [CALL_US, ONLY_YOU]
    assert [field.placeholder for field in tab.at.sidebar.chat_input] == ["Nachricht schreiben"]


def test_what_is_written_is_in_the_chat_at_once_and_once(house, visitor):
    planned = house.plan()
    guest = house.talking(planned)
    tab = visitor(planned).says("Guten Tag")
    assert tab.chat == [("Sie", "Guten Tag")]
    tab.run()
    assert tab.chat == [("Sie", "Guten Tag")]
    assert [line.text for line in chat.read(guest, planned.appointment_id)] == ["Guten Tag"]


def test_both_sides_read_each_other_with_name_and_time(house, visitor, advisor, it_is):
    planned = house.plan()
    house.talking(planned)
    theirs = visitor(planned).says("Guten Tag")
    it_is(NOW + MINUTE)
    ours = advisor("beratung", termin=str(planned.appointment_id)).says("Hallo Frau Beispiel")
    assert ours.chat == [("Karla Beispiel", "Guten Tag"), ("Sie", "Hallo Frau Beispiel")]
    assert theirs.run().chat == [("Sie", "Guten Tag"), ("Anna Beraterin", "Hallo Frau Beispiel")]
    assert [line["at"] for line in theirs.chat_data["lines"]] == ["09:00", "09:01"]


@pytest.mark.parametrize("blank", [" ", "\n\n", "\u200b\u202e"])
def test_an_empty_message_is_refused_with_a_sentence(house, visitor, blank):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned).says(blank)
    assert tab.errors == ["Bitte schreiben Sie zuerst eine Nachricht."]
    assert tab.chat == []


def test_why_a_message_was_refused_stays_until_a_good_one_is_written(house, visitor):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned).says(" ")
    seen = [tab.errors, tab.run().errors, tab.says(" ").errors, tab.run().errors]
    assert seen == [["Bitte schreiben Sie zuerst eine Nachricht."]] * 4
    assert [tab.says("Guten Tag").errors, tab.run().errors] == [[], []]
    assert tab.chat == [("Sie", "Guten Tag")]


def test_before_the_talk_there_is_no_chat(house, visitor):
    planned = house.plan()
    house.waiting(planned)
    assert list(visitor(planned).at.chat_input) == []


def test_a_tab_is_told_whom_it_sees_at_which_m_line_once_until_that_changes(
    house, visitor, desk, call, seconds_pass
):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    own = End(call.line)
    desk(planned)
    advisor = End(call.line)
    own.film()
    told = []
    stage = tab.at.session_state["stage"]
    stage.tab.listener.keep = lambda kind, what: told.append((kind, what))
    for _ in range(2):
        advisor.film()
        tabs.tell_places()
    seconds_pass(3)
    tabs.tell_places()
    seat = f"staff:{house.advisor.id}"
    whose = {"seat": seat, "name": "Anna Beraterin", "role": "Jobcenter", "pinned": False}
    assert told == [("places", {"0": {**whose, "screen": False}}), ("places", {})]
