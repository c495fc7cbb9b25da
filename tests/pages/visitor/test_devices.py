"""Schritt 1: what arrives at the server is the result; a person may say that something failed."""

import pytest

from core.appointment import MediaDevice
from core.media.packets import placeholders
from core.media.rooms.live_rooms import ROOMS
from core.office import closing, visiting
from core.records import Guest
from tests.conftest import NOW
from tests.core.media.ends import SILENT, End

CONNECT_FIRST = "Bitte schalten Sie zuerst oben Kamera und Mikrofon ein."


@pytest.fixture
def planned(house, seconds_pass):
    planned = house.plan()
    visiting.consent(house.guest(planned), NOW, "1")
    return planned


@pytest.fixture
def results(house, planned):
    """What is kept of the device test: camera, microphone, loudspeaker."""

    def read():
        row = house.row(Guest, planned.guest_id)
        return row.camera_worked, row.microphone_worked, row.loudspeaker_worked

    return read


def test_before_anything_arrives_nothing_is_said_to_work(planned, visitor, results):
    tab = visitor(planned)
    assert tab.states == ["Noch nicht geprüft."] * 3
    assert results() == (None, None, None)


def test_a_picture_that_arrives_proves_the_camera(planned, visitor, call, results):
    tab = visitor(planned)
    End(call.line).film()
    tab.run()
    assert tab.states[:2] == ["Die Kamera funktioniert.", "Wir hören Ihr Mikrofon noch nicht."]
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
    tab = visitor(planned).press(f"trouble_{device.value}")
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
    tab = visitor(planned).press("tone")
    assert [warning.value for warning in tab.at.warning] == [CONNECT_FIRST]
    assert "tone_heard" not in [button.key for button in tab.at.button]
    assert results() == (None, None, None)


def test_the_hint_about_the_tone_stays_long_enough_to_be_read(planned, visitor):
    tab = visitor(planned).press("tone").run()
    assert [warning.value for warning in tab.at.warning] == [CONNECT_FIRST]


@pytest.mark.parametrize(("key", "worked"), [("tone_heard", True), ("tone_not_heard", False)])
def test_the_tone_is_played_and_the_answer_is_kept(planned, visitor, call, results, key, worked):
    tab = visitor(planned)
    end = End(call.line)
    end.film()
    end.gets()
    tab.press("tone")
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
