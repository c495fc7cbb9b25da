"""What a visitor reads of their own connection, before anything of the other side's."""

import time

import pytest

from core.office import hosting, visiting
from pages.call.presence import Presence
from tests.conftest import NOW
from tests.core.media.ends import SILENT, End

DOOR_SHUT = (
    "Anna Beraterin öffnet zum Termin den Beratungsraum. Bis dahin sieht und hört Sie niemand."
)
DOOR_OPEN = (
    "Anna Beraterin weiß, dass Sie da sind, und lässt Sie gleich ein. "
    "Bis dahin sieht und hört Sie niemand."
)
NOT_YET = (
    "Wir sehen und hören Sie noch nicht. Steht oben „Kamera und Mikrofon einschalten“? "
    "Dann tippen Sie darauf."
)
OTHER_WINDOW = "Bild und Ton sind in einem anderen Fenster. Bitte gehen Sie dorthin."
INTERRUPTED = "Bild und Ton sind unterbrochen. Wir verbinden Sie neu. Das liegt nicht an Ihnen."
STILL_COMING = "Anna Beraterin ist gleich da. Bitte bleiben Sie hier."
OWN_PICTURE = "Oben sehen Sie Ihr eigenes Bild. So sieht man Sie gleich im Gespräch."
WAITING = "Sie sind angemeldet. Ihr Jobcenter sieht, dass Sie warten."


def arrives(line, presence):
    """What the server gets then."""
    if presence is Presence.NOBODY:
        return
    end = End(line)
    line.alive(time.monotonic())
    if presence not in (Presence.WITHOUT_CAMERA, Presence.WATCHING):
        end.film()
    if presence not in (Presence.WITHOUT_MICROPHONE, Presence.WATCHING):
        end.speak(SILENT)


@pytest.fixture
def come(visitor, call, seconds_pass):
    """Opens the link in a tab, with this much arriving from it or from another one."""

    def come(planned, presence):
        tab = visitor(planned)
        if presence is Presence.ELSEWHERE:
            visitor(planned)
        arrives(call.line, presence)
        return tab.run()

    return come


@pytest.mark.parametrize(
    ("presence", "said"),
    [
        (Presence.NOBODY, f"! {NOT_YET}"),
        (Presence.ELSEWHERE, f"! {OTHER_WINDOW}"),
        (Presence.WITHOUT_CAMERA, "… Sie nehmen ohne Kamera teil."),
        (Presence.WITHOUT_MICROPHONE, "… Man sieht Sie, hört Sie aber nicht."),
        (Presence.WATCHING, "… Man sieht und hört Sie nicht. Sie können zusehen und zuhören."),
        (Presence.HERE, OWN_PICTURE),
    ],
)
def test_the_warteraum_says_whether_one_can_be_seen_and_heard(house, come, presence, said):
    planned = house.plan()
    house.waiting(planned)
    tab = come(planned, presence)
    assert tab.heading == "Warteraum"
    assert tab.paragraphs[1:4] == [
        f"✓ {WAITING}",
        said,
        DOOR_SHUT,
    ]


def test_who_is_sent_back_reads_that_the_advisor_knows_of_them(house, visitor):
    planned = house.plan()
    house.waiting(planned)
    tab = visitor(planned)
    said = [tab.paragraphs[3]]
    hosting.open_room(house.advisor, NOW, planned.appointment_id, {})
    hosting.send_back(house.advisor, NOW, planned.guest_id)
    said.append(tab.run().paragraphs[3])
    assert said == [DOOR_SHUT, DOOR_OPEN]


@pytest.mark.parametrize(
    ("presence", "said"),
    [
        (Presence.NOBODY, NOT_YET),
        (Presence.ELSEWHERE, OTHER_WINDOW),
        (Presence.WITHOUT_CAMERA, STILL_COMING),
        (Presence.WITHOUT_MICROPHONE, STILL_COMING),
        (Presence.WATCHING, STILL_COMING),
        (Presence.HERE, STILL_COMING),
    ],
)
def test_the_room_speaks_of_the_advisor_only_to_who_is_connected(house, come, presence, said):
    planned = house.plan()
    house.talking(planned)
    tab = come(planned, presence)
    assert (tab.heading, tab.states) == ("Beratungsraum", [said])


SCENES = {
    "Gerät prüfen": ("guest", "Hier sehen Sie gleich Ihr eigenes Bild."),
    "Warteraum": ("waiting", "Hier sehen Sie gleich Ihr eigenes Bild."),
    "Beratungsraum": ("talking", STILL_COMING),
}


@pytest.mark.parametrize("heading", SCENES)
def test_of_two_windows_the_one_without_picture_says_where_it_is_and_nothing_of_waiting(
    house, visitor, call, seconds_pass, heading
):
    bring, alone = SCENES[heading]
    planned = house.plan()
    guest = getattr(house, bring)(planned)
    if bring == "guest":
        visiting.consent(guest, NOW, "1")
    old = visitor(planned)
    line = call.line
    assert (old.heading, call.last["alone"]) == (heading, alone)
    End(line).film()
    visitor(planned)
    End(call.line).film()
    old.run()
    assert (call.line, call.last["alone"]) == (line, OTHER_WINDOW)
    call.draws[-2]["line"].close()
    seconds_pass(3)
    End(line).film()
    old.run()
    assert call.last["alone"] == alone


def test_of_two_windows_of_the_desk_the_one_without_picture_says_where_it_is(house, desk, call):
    planned = house.plan()
    house.talking(planned)
    old = desk(planned)
    line = call.line
    End(line).film()
    desk(planned)
    End(call.line).film()
    old.run()
    assert (call.line, call.last["alone"]) == (line, OTHER_WINDOW)


@pytest.mark.parametrize(
    ("presence", "said"),
    [
        (Presence.HERE, "Sie sprechen mit Anna Beraterin."),
        (Presence.WITHOUT_CAMERA, "Anna Beraterin ist da, ist aber gerade nicht zu sehen."),
        (Presence.WITHOUT_MICROPHONE, "Anna Beraterin ist da, ist aber gerade nicht zu hören."),
        (
            Presence.WATCHING,
            "Anna Beraterin ist da, ist aber gerade nicht zu sehen und nicht zu hören.",
        ),
    ],
)
def test_the_room_says_whether_the_advisor_can_be_seen_and_heard(
    house, come, desk, call, presence, said
):
    planned = house.plan()
    house.talking(planned)
    tab = come(planned, Presence.HERE)
    desk(planned)
    arrives(call.line, presence)
    assert tab.run().states == [said]


def test_who_falls_silent_is_said_to_be_so_a_second_later(house, come, desk, call, seconds_pass):
    planned = house.plan()
    house.talking(planned)
    tab = come(planned, Presence.HERE)
    own = call.line
    desk(planned)
    arrives(call.line, Presence.HERE)
    seconds_pass(1.5)
    arrives(own, Presence.HERE)
    arrives(call.line, Presence.WITHOUT_MICROPHONE)
    assert tab.run().states == ["Anna Beraterin ist da, ist aber gerade nicht zu hören."]


def test_who_has_lost_the_connection_reads_so_though_the_advisor_is_there(
    house, come, desk, call, seconds_pass
):
    planned = house.plan()
    house.talking(planned)
    tab = come(planned, Presence.HERE)
    desk(planned)
    seconds_pass(3)
    End(call.line).film()
    assert tab.run().states == [INTERRUPTED]


def test_a_call_that_has_played_is_said_to_be_interrupted(house, come, call, seconds_pass):
    planned = house.plan()
    house.talking(planned)
    tab = come(planned, Presence.HERE)
    said = tab.states
    seconds_pass(3)
    said += tab.run().states
    assert said == [STILL_COMING, INTERRUPTED]
    assert f"… {INTERRUPTED}" in tab.paragraphs


def test_the_tab_left_behind_points_to_the_other_until_that_one_is_gone(
    house, come, call, seconds_pass
):
    planned = house.plan()
    house.waiting(planned)
    first = come(planned, Presence.HERE)
    line = call.line
    second = come(planned, Presence.HERE)
    assert (first.run().states, second.states) == ([WAITING, OTHER_WINDOW], [WAITING])
    seconds_pass(3)
    arrives(line, Presence.HERE)
    assert (first.run().states, second.run().states) == ([WAITING], [WAITING, OTHER_WINDOW])
