"""Schritt 1: what arrives at the server is the result; a person may say that something failed."""

import contextlib

import pytest

from core.appointment import Lack, MediaDevice
from core.media.packets import placeholders
from core.media.rooms.live_rooms import ROOMS
from core.office import closing, guest_view, visiting
from core.records import Guest
from core.refused import Refused
from pages.parts import people
from pages.visitor import device_check
from tests.conftest import NOW
from tests.core.media.ends import SILENT, End

LOUDSPEAKER = MediaDevice.LOUDSPEAKER
CONNECT_FIRST = "Bitte schalten Sie zuerst oben Kamera und Mikrofon ein."


@pytest.fixture
def planned(house, seconds_pass):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    return planned


@pytest.fixture
def tells(house, planned, monkeypatch):
    """What the browser's part of the test says, as a callback hears it; the tab keeps it."""

    def told(tab, device, name, value):
        kept = {f"check_{device.value}": {name: value}}
        with monkeypatch.context() as patched:
            patched.setattr(device_check.st, "session_state", kept)
            patched.setattr(people, "seated", lambda: guest_view.visit(planned.secret))
            patched.setattr(people, "visiting_actor", lambda: house.guest(planned))
            device_check._told(device) if name == "lacks" else device_check._voice()
        for each in kept.keys() - {f"check_{device.value}"}:
            tab.at.session_state[each] = kept[each]

    return told


@pytest.fixture
def results(house, planned):
    """What is kept of the device test: camera, microphone, loudspeaker."""

    def read():
        row = house.row(Guest, planned.guest_id)
        return row.camera_worked, row.microphone_worked, row.loudspeaker_worked

    return read


def test_before_anything_arrives_nothing_is_said_to_work(planned, visitor, results):
    tab = visitor(planned)
    assert tab.states == ["Noch nicht geprüft."] * 4
    assert results() == (None, None, None)


def test_a_picture_that_arrives_proves_the_camera(planned, visitor, call, results):
    tab = visitor(planned)
    End(call.line).film()
    tab.run()
    assert tab.states[:2] == ["Die Kamera funktioniert.", "Es kommt noch kein Ton an."]
    assert results() == (True, None, None)


def test_a_voice_that_arrives_proves_the_microphone(planned, visitor, call, results):
    tab = visitor(planned)
    End(call.line).speak()
    tab.run()
    assert tab.states[1] == "Das Mikrofon funktioniert."
    assert results() == (None, True, None)


def test_silence_proves_nothing(planned, visitor, call, results):
    tab = visitor(planned)
    End(call.line).speak(SILENT)
    tab.run()
    assert tab.states[1] == "Bitte sagen Sie etwas."
    assert results() == (None, None, None)


@pytest.mark.parametrize("device", [MediaDevice.CAMERA, MediaDevice.MICROPHONE])
def test_somebody_may_say_that_it_does_not_work(house, planned, visitor, results, device):
    tab = visitor(planned)
    if device is MediaDevice.MICROPHONE:
        tab.press("open_microphone")
    tab.press(f"trouble_{device.value}")
    assert results() == (
        (False, None, None) if device is MediaDevice.CAMERA else (None, False, None)
    )
    assert f"trouble_{device.value}" not in [button.key for button in tab.at.button]
    assert house.row(Guest, planned.guest_id).technique_failed is True


def test_a_camera_that_works_after_all_counts_as_working(planned, visitor, call, results):
    tab = visitor(planned).press("trouble_camera")
    End(call.line).film()
    tab.run()
    assert tab.states[0] == "Die Kamera funktioniert."
    assert results() == (True, None, None)


def test_the_tone_needs_a_connection_first(planned, visitor, results):
    tab = visitor(planned).press("open_loudspeaker").press("tone")
    assert [warning.value for warning in tab.at.warning] == [CONNECT_FIRST]
    assert "yes_loudspeaker" not in [button.key for button in tab.at.button]
    assert results() == (None, None, None)


def test_the_hint_about_the_tone_stays_long_enough_to_be_read(planned, visitor):
    tab = visitor(planned).press("open_loudspeaker").press("tone").run()
    assert [warning.value for warning in tab.at.warning] == [CONNECT_FIRST]


@pytest.mark.parametrize(("key", "worked"), [("yes_loudspeaker", True), ("no_loudspeaker", False)])
def test_the_tone_is_played_and_the_answer_is_kept(planned, visitor, call, results, key, worked):
    tab = visitor(planned)
    end = End(call.line)
    end.film()
    end.gets()
    tab.press("open_loudspeaker").press("tone")
    assert [each.payload for each in end.got] == [placeholders.tone()[0]]
    assert tab.paragraphs.count("Haben Sie den Ton gehört?") == 1
    assert results() == (True, None, None)
    tab.press(key)
    assert tab.paragraphs.count("Haben Sie den Ton gehört?") == 0
    assert results() == (True, None, worked)


def test_what_is_still_untested_is_named_and_stops_nobody(planned, visitor, call):
    tab = visitor(planned)
    End(call.line).film()
    tab.run()
    hint = "Noch nicht geprüft: Mikrofon, Lautsprecher. Sie können trotzdem weitergehen."
    assert tab.paragraphs.count(hint) == 1
    assert tab.press("enter").heading == "Warteraum"


def test_a_device_test_in_an_appointment_that_has_just_closed_does_not_fail(
    house, planned, visitor, results
):
    tab = visitor(planned)
    closing.cancel(house.advisor, NOW, planned.appointment_id)
    tab.press("trouble_camera")
    assert tab.heading == "Videokommunikation"
    assert results() == (None, None, None)


def test_ones_own_test_reaches_nobody_else(house, planned, visitor, advisor, call):
    visitor(planned)
    mine = call.line
    advisor("beratung", termin=str(planned.appointment_id))
    theirs = call.line
    ends = [End(theirs, "advisor"), End(mine, "guest")]
    for end in ends:
        end.show()
        end.speak()
    assert set(ROOMS.room(planned.appointment_id).lines) == {mine.seat, theirs.seat}
    assert [(end.sees(), end.hears()) for end in ends] == [("advisor", []), ("guest", [])]


# One at a time, each again at any time


def opened(tab):
    """Which device is open: its own buttons are there."""
    own = {
        "trouble_camera": "camera",
        "yes_camera": "camera",
        "trouble_microphone": "microphone",
        "tone": "loudspeaker",
    }
    return [own[button.key] for button in tab.at.button if button.key in own]


def test_one_is_tested_at_a_time_and_the_next_one_opens_by_itself(planned, visitor, call):
    tab = visitor(planned)
    assert opened(tab) == ["camera"]
    end = End(call.line)
    end.film()
    assert opened(tab.run()) == ["microphone"]
    end.speak()
    assert opened(tab.run()) == ["loudspeaker"]
    assert opened(tab.press("tone").press("yes_loudspeaker")) == []


def test_each_can_be_tested_again(planned, visitor, call):
    tab = visitor(planned)
    End(call.line).film()
    tab.run().press("open_camera")
    assert opened(tab) == ["camera"]
    assert opened(tab.press("open_loudspeaker")) == ["loudspeaker"]
    assert opened(tab.press("open_microphone")) == ["microphone"]


def test_who_does_not_see_themself_is_believed_until_they_test_again(
    planned, visitor, call, results
):
    tab = visitor(planned)
    End(call.line).film()
    tab.run().press("open_camera").press("no_camera")
    assert tab.run().states[0].startswith("Die Kamera funktioniert nicht.")
    assert results() == (False, None, None)
    tab.press("open_camera").run()
    assert results() == (True, None, None)
    tab.press("yes_camera")
    assert (results(), opened(tab)) == ((True, None, None), ["microphone"])


@pytest.mark.parametrize(
    ("loudspeaker", "key", "after"),
    [
        (None, "yes_microphone", (None, True, None)),
        (None, "no_microphone", (None, None, False)),
        (True, "yes_microphone", (None, True, True)),
        (True, "no_microphone", (None, False, True)),
    ],
)
def test_who_has_listened_to_themself_says_what_they_heard(
    house, planned, visitor, call, results, tells, loudspeaker, key, after
):
    house.set(Guest, planned.guest_id, loudspeaker_worked=loudspeaker)
    tab = visitor(planned).press("open_microphone")
    tells(tab, MediaDevice.MICROPHONE, "voice", "begun")
    assert key not in [button.key for button in tab.run().at.button]
    tells(tab, MediaDevice.MICROPHONE, "voice", "played")
    assert tab.run().paragraphs.count("Haben Sie sich selbst gehört?") == 1
    tab.press(key)
    assert tab.paragraphs.count("Haben Sie sich selbst gehört?") == 0
    assert results() == after


def test_a_no_is_not_overheard_by_the_first_sound_that_arrives(
    house, planned, visitor, call, results, tells
):
    house.set(Guest, planned.guest_id, loudspeaker_worked=True)
    tab = visitor(planned).press("open_microphone")
    tells(tab, MediaDevice.MICROPHONE, "voice", "played")
    tab.run().press("no_microphone")
    End(call.line).speak()
    tab.run()
    assert results() == (None, False, True)


def test_a_microphone_that_was_heard_and_is_lost_now_keeps_its_cause(
    house, planned, visitor, call, seconds_pass
):
    tab = visitor(planned)
    End(call.line).speak()
    tab.run()
    seconds_pass(1.5)
    visiting.note_lack(house.guest(planned), NOW, MediaDevice.MICROPHONE, Lack.LOST)
    tab.run()
    assert house.row(Guest, planned.guest_id).microphone_lacks == Lack.LOST


def test_who_takes_part_without_a_camera_is_not_asked_about_it(planned, visitor, call):
    tab = visitor(planned, kamera="aus")
    assert opened(tab) == ["microphone"]
    assert "open_camera" not in [button.key for button in tab.at.button]
    assert tab.states[0] == "Sie nehmen ohne Kamera teil."


def test_who_needs_no_sound_is_finished_without_it_and_may_change_their_mind(
    planned, visitor, call, results
):
    tab, end = visitor(planned), End(call.line)
    end.film()
    end.speak()
    tab.run().press("tone").press("no_sound")
    assert tab.states[2] == "Sie nehmen ohne Ton teil. Im Gespräch können Sie schreiben."
    assert [each for each in tab.paragraphs if "weitergehen" in each] == []
    assert (results(), opened(tab)) == ((True, True, None), [])
    tab.press("open_loudspeaker").press("tone").press("yes_loudspeaker")
    assert results() == (True, True, True)


def test_what_has_failed_is_named_at_the_end_with_a_number_to_call(planned, visitor, call):
    tab, end = visitor(planned), End(call.line)
    end.film()
    end.speak()
    tab.run().press("tone").press("no_loudspeaker")
    said = "Das klappt noch nicht: Lautsprecher. Sie können trotzdem weitergehen."
    assert tab.paragraphs.count(said) == 1
    assert tab.paragraphs.count("Oder rufen Sie uns an: 030 23125-001") == 1


def test_a_question_is_over_after_the_warteraum(planned, visitor, call, tells):
    tab = visitor(planned).press("open_microphone")
    tells(tab, MediaDevice.MICROPHONE, "voice", "played")
    assert tab.run().paragraphs.count("Haben Sie sich selbst gehört?") == 1
    assert tab.press("enter").press("again").paragraphs.count("Haben Sie sich selbst gehört?") == 0


def test_the_test_of_a_voice_stays_open_when_it_is_heard_meanwhile(planned, visitor, call, tells):
    tab, end = visitor(planned), End(call.line)
    end.film()
    tab.run()
    tells(tab, MediaDevice.MICROPHONE, "voice", "begun")
    end.speak()
    assert [
        each["open"] for each in tab.run().every_told() if each.get("part") == "microphone"
    ] == [True]
    tells(tab, MediaDevice.MICROPHONE, "voice", "played")
    assert tab.run().paragraphs.count("Haben Sie sich selbst gehört?") == 1
    assert opened(tab.press("yes_microphone")) == ["loudspeaker"]


def test_a_voice_that_could_not_be_played_is_not_asked_about(planned, visitor, tells):
    tab = visitor(planned).press("open_microphone")
    for said in ("begun", "failed", {"played": True}, "x" * 10_000):
        tells(tab, MediaDevice.MICROPHONE, "voice", said)
        assert tab.run().paragraphs.count("Haben Sie sich selbst gehört?") == 0


def test_a_line_that_stands_is_a_result_and_one_that_never_came_another(
    house, planned, visitor, call, tells
):
    tab = visitor(planned)
    tells(tab, MediaDevice.CONNECTION, "lacks", "failed")
    assert tab.run().states[3].startswith("Die Verbindung klappt nicht.")
    assert house.row(Guest, planned.guest_id).technique_failed is True
    End(call.line).film()
    assert tab.run().states[3] == "Die Verbindung hat geklappt."


@pytest.mark.parametrize("lack", Lack)
@pytest.mark.parametrize("device", [MediaDevice.CAMERA, MediaDevice.MICROPHONE])
def test_why_a_device_cannot_be_used_is_kept_until_it_can(
    house, planned, visitor, tells, device, lack
):
    def kept():
        return getattr(house.row(Guest, planned.guest_id), f"{device.value}_lacks")

    tab = visitor(planned)
    tells(tab, device, "lacks", lack.value)
    assert kept() == lack
    tells(tab, device, "lacks", "")
    assert kept() is None
    assert house.row(Guest, planned.guest_id).technique_failed is True


def test_a_lack_is_over_when_something_arrives(house, planned, visitor, call, tells):
    tab = visitor(planned)
    End(call.line).film()
    tab.run()
    visiting.note_lack(house.guest(planned), NOW, MediaDevice.CAMERA, Lack.REFUSED)
    tab.run()
    assert house.row(Guest, planned.guest_id).camera_lacks is None


def test_a_tab_beside_the_one_that_is_seen_says_nothing_of_the_devices(
    house, planned, visitor, call, tells
):
    first = visitor(planned)
    End(call.line).film()
    first.run()
    tells(visitor(planned), MediaDevice.CAMERA, "lacks", "refused")
    assert house.row(Guest, planned.guest_id).camera_lacks is None


def test_the_first_failure_is_taken_however_much_was_said_before(house, planned, visitor, call):
    tab = visitor(planned)
    End(call.line).film()
    tab.run().press("open_camera")
    for number in range(visiting.MOST_DEEDS):
        with contextlib.suppress(Refused):
            visiting.record_device(house.guest(planned), NOW, LOUDSPEAKER, number % 2 == 0)
    house.set(Guest, planned.guest_id, technique_failed_at=None)
    tab.press("no_camera")
    row = house.row(Guest, planned.guest_id)
    assert (row.camera_worked, row.technique_failed) == (False, True)


@pytest.mark.parametrize("said", [None, 7, "working", "x" * 10_000, ["busy"], {"busy": 1}, True])
@pytest.mark.parametrize("device", [each for each in MediaDevice if each is not LOUDSPEAKER])
def test_what_a_browser_says_beside_its_words_is_nothing(
    house, planned, visitor, tells, device, said
):
    before = house.row(Guest, planned.guest_id).model_dump()
    tells(visitor(planned), device, "lacks", said)
    assert house.row(Guest, planned.guest_id).model_dump() == before


def test_what_it_lacks_is_refused_in_an_appointment_that_has_closed(house, planned, visitor, tells):
    tab = visitor(planned)
    closing.cancel(house.advisor, NOW, planned.appointment_id)
    tells(tab, MediaDevice.CAMERA, "lacks", "busy")
    assert house.row(Guest, planned.guest_id).camera_lacks is None
