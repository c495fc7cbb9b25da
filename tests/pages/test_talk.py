"""The call on the visitor's pages: drawn the same way in every step, the talk a little larger."""

import pytest

from core.media.room import ROOMS
from core.office import chat, hosting, visiting
from core.settings import settings
from tests.conftest import MINUTE, NOW
from tests.core.media.packets import End

CALL_US = "Klappt etwas nicht? Rufen Sie uns an: 0123 456"
FOR_ALL = "Wenn Sie beenden, ist das Gespräch für alle vorbei. Es wird nichts aufgezeichnet."
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
    for end in ("server_rtc_configuration", "frontend_rtc_configuration"):
        assert [drawn[end] for drawn in call.draws] == [{"iceServers": []}] * len(call.draws)


def test_the_browser_alone_is_told_of_the_relay_and_never_of_another_one(
    house, visitor, call, monkeypatch
):
    """Later settings would begin a call twice, or need it to begin anew."""
    monkeypatch.setenv("BERATUNGSRAUM_TURN_URLS", "turn:turn.example.com")
    monkeypatch.setenv("BERATUNGSRAUM_TURN_SECRET", "s" * 32)
    settings.cache_clear()
    told = at_every_step(house, visitor, call, lambda how: how["frontend_rtc_configuration"])
    assert [each is told[0] for each in told] == [True] * 3
    assert [each["urls"] for each in told[0]["iceServers"]] == [["turn:turn.example.com"]]
    assert call.last["server_rtc_configuration"] == {"iceServers": []}


def test_every_tab_gets_credentials_of_its_own(house, visitor, call, monkeypatch, it_is):
    monkeypatch.setenv("BERATUNGSRAUM_TURN_URLS", "turn:turn.example.com")
    monkeypatch.setenv("BERATUNGSRAUM_TURN_SECRET", "s" * 32)
    settings.cache_clear()
    planned, names = house.plan(), []
    visiting.consent(house.guest(planned), NOW, "1")
    for now in (NOW, NOW + MINUTE):
        it_is(now)
        visitor(planned)
        names.append(call.last["frontend_rtc_configuration"]["iceServers"][0]["username"])
    (first, seat), (second, same) = (name.split(":") for name in names)
    assert (int(second) - int(first), seat == same) == (60, True)


def test_the_picture_is_larger_in_the_talk(house, visitor, call):
    drawn = at_every_step(house, visitor, call, lambda how: how["video_html_attrs"]["style"])
    heights = [style["maxHeight"] for style in drawn]
    assert heights == ["min(260px, 56vw)", "min(260px, 56vw)", "440px"]


def test_the_call_keeps_its_key_and_its_line_from_test_to_talk(house, visitor, call):
    keys = ("key", "line", "source_video_track", "source_audio_track")
    drawn = at_every_step(house, visitor, call, lambda how: tuple(how[key] for key in keys))
    assert len(set(drawn)) == 1
    assert drawn[0][0] == "call"


def test_the_call_is_drawn_with_a_camera_unless_somebody_declines(house, visitor, call):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    tab = visitor(planned)
    video = {
        "width": {"ideal": 640},
        "height": {"ideal": 480},
        "frameRate": {"ideal": 20, "max": 25},
    }
    assert call.last["media_stream_constraints"]["video"] == video
    tab.at.checkbox(key="without_camera").check()
    tab.run()
    assert call.last["media_stream_constraints"]["video"] is False


def test_who_declines_the_camera_takes_part_without_it_to_the_end(house, visitor, call):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    tab = visitor(planned)
    tab.at.checkbox(key="without_camera").check()
    tab.run().press("enter").run()
    assert tab.heading == "Warteraum"
    assert call.last["media_stream_constraints"]["video"] is False


def test_once_it_has_played_it_starts_again_by_itself(house, visitor, call):
    planned = house.plan()
    house.waiting(planned)
    tab = visitor(planned)
    assert call.last["desired_playing_state"] is None
    call.playing = True
    tab.run()
    assert call.last["desired_playing_state"] is True
    call.playing = False
    tab.run()
    assert call.last["desired_playing_state"] is True


def test_the_call_never_loses_its_context_to_a_count_of_runs(house, visitor, call):
    planned = house.plan()
    house.waiting(planned)
    tab = visitor(planned)
    context = tab.at.session_state["call"]
    assert context._last_rendered_run_count == 1
    tab.run()
    assert tab.at.session_state["call"] is context
    assert call.counts == [None] * len(call.draws)


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
    talk = frozenset({f"guest:{planned.guest_id}", f"staff:{house.advisor.id}"})
    assert inside == [frozenset(), talk, frozenset()]


def test_the_talk_says_that_the_advisor_is_about_to_come_and_offers_the_chat(house, visitor, call):
    planned = house.plan()
    house.talking(planned)
    tab = visitor(planned)
    End(call.line).film()
    tab.run()
    assert tab.heading == "Beratungsraum"
    assert tab.paragraphs.count(STILL_COMING) == 1
    assert tab.buttons == ["Gespräch beenden"]
    assert tab.paragraphs[-3:-1] == [CALL_US, FOR_ALL]
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
    assert [time.text for time in theirs.all("time")] == ["09:00", "09:01"]


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
