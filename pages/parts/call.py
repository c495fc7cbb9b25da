"""
The call: the browser's end on the page, a `core.media` line behind it.

Knows no deed and no streamlit-webrtc: our end of a connection is `worker.End`, the
browser's is `stage`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

import streamlit as st

from core import clock
from core.media import turn
from core.media.parts import Part
from core.media.relay import Line
from core.media.room import ROOMS, Room
from core.office import seats
from pages.parts import ears, live, people, sessions, show, stage, tabs, worker
from pages.parts.words import _

CAMERA, OFF = "kamera", "aus"
MOST_OTHERS = 3  # core.media.offer takes no more
Places = dict[str, dict[str, object]]  # by the m-line's mid
prepare = worker.prepare


@dataclass(frozen=True)
class Seat:
    """Where this browser sits."""

    appointment_id: int
    name: str
    stays: Callable[[], bool]  # whether this browser may sit here; asks the office
    screen: "Seat | None" = None  # that of this person's own screen, if they may have one


@dataclass(frozen=True)
class Other:
    """Somebody else who is invited, as this browser may know them."""

    seat: str
    name: str
    role: str = ""
    pinned: bool = False  # never left out, such as an interpreter


@dataclass(frozen=True)
class Scene:
    """What this step of the way shows on the stage."""

    alone: str  # a calm sentence before anybody is to be seen
    others: tuple[Other, ...] = ()
    talking: bool = False  # the others, not one's own picture coming back
    autostart: bool = False
    phone: str = ""
    may_freeze: bool = False  # halt a picture, to read a paper


@dataclass
class Stage:
    """What this browser tab keeps of its call between script runs."""

    appointment_id: int
    line: Line
    screen: Seat | None
    # Stays the same: credentials of a relay that change would be another connection.
    relays: list[dict[str, object]]
    tab: str = field(default_factory=tabs.new_id)
    holder: str = field(default_factory=lambda: sessions.holder_of(people.session_id() or "") or "")
    others: tuple[Other, ...] = ()
    ear: ears.Ear | None = None  # where this tab is told something
    places: Places | None = None  # as it was told last
    end: worker.End = field(init=False)
    screen_end: worker.End | None = None

    def __post_init__(self) -> None:
        self.end = worker.End(self.line)
        tabs.enter(self)

    @property
    def seat(self) -> str:
        return self.line.seat

    def stays(self) -> bool:
        return not self.line.closed and self.line.stays()

    def answer(self, offer: str, screen: bool) -> str:
        return self._end(screen).answer(offer)

    def reach(self, candidates: list[dict[str, Any]], screen: bool) -> None:
        self._end(screen).reach(candidates)

    def take_little(self, little: bool) -> None:
        self.line.little = little

    def tell_places(self) -> None:
        """Say whom the browser sees at which m-line, if that has changed."""
        places = dict(self._places())
        if self.ear is not None and places != self.places:
            self.places = places
            self.ear.keep("places", places)

    def _places(self) -> Iterator[tuple[str, dict[str, object]]]:
        known = {each.seat: vars(each) for each in self.others}
        for place in list(self.line.places):
            speakers = [each.speaker for each in list(place.values()) if each.speaker is not None]
            for speaker in speakers[:1]:
                whose = known.get(speaker.screen_of or speaker.seat)
                if whose is not None and not speaker.silent and Part.PICTURE in place:
                    mid = place[Part.PICTURE].leg.mid.decode()
                    yield mid, {**whose, "screen": bool(speaker.screen_of)}

    def close(self) -> None:
        for end in filter(None, (self.end, self.screen_end)):
            end.line.close()
            end.stop()

    def _end(self, screen: bool) -> worker.End:
        if not screen:
            return self.end
        if self.screen is None or not self.screen.stays():
            raise tabs.NotAllowed
        if self.screen_end is None or self.screen_end.line.closed:
            room, its = self.line.room, self.screen
            line = room.new_line(its.name, its.stays, screen_of=self.line.seat)
            self.screen_end = self.end.beside(line)
        return self.screen_end


class Presence(Enum):
    """What arrives at the server from a person, seen from one of their tabs."""

    NOBODY = "nothing arrives"
    ELSEWHERE = "another tab or device speaks for this person"
    WITHOUT_CAMERA = "sound only"
    HERE = "picture and sound"


def draw(seat: Seat, scene: Scene) -> None:
    """
    Draw the call at this place and wire it to the room.

    Has to be called at the same place of the page in every step, or the browser asks for
    camera and microphone anew.
    """
    room = ROOMS.room(seat.appointment_id)
    kept = _stage(seat, room)
    room.let_in(partial(seats.inside, seat.appointment_id))
    kept.others, kept.ear = scene.others, live.ear()
    stage.draw(
        {
            "tab": kept.tab,
            "iceServers": kept.relays,
            "camera": not without_camera(),
            "talking": scene.talking,
            "autostart": scene.autostart,
            "alone": scene.alone,
            "people": [vars(each) for each in scene.others],
            "places": min(MOST_OTHERS, max(1, len(scene.others))),
            "phone": scene.phone,
            "freeze": scene.may_freeze,
        }
    )
    if kept.line.closed:  # while the page was being drawn
        hang_up()


def _stage(seat: Seat, room: Room) -> Stage:
    """What is kept of this call, or a new line into the room."""
    kept: Stage | None = st.session_state.get("stage")
    here = (seat.appointment_id, seat.name)
    if kept and not kept.line.closed and (kept.appointment_id, kept.line.seat) == here:
        return kept
    hang_up()
    line = room.new_line(seat.name, seat.stays)
    relays = turn.servers(seat.appointment_id, seat.name, clock.now().timestamp())
    kept = Stage(seat.appointment_id, line, seat.screen, relays)
    st.session_state["stage"] = kept
    st.session_state["had_call"] = True
    return kept


def line_data() -> dict[str, object] | None:
    """What the browser needs for one more line beside the call's."""
    kept: Stage | None = st.session_state.get("stage")
    return {"tab": kept.tab, "iceServers": kept.relays} if kept else None


def was_drawn() -> bool:
    """Whether this browser tab has had a call."""
    return "had_call" in st.session_state


def presence(appointment_id: int, seat: str) -> Presence:
    """Whether this tab speaks for its person."""
    speaking = ROOMS.line_of(appointment_id, seat)
    if speaking is None:
        return Presence.NOBODY
    kept = st.session_state.get("stage")
    if kept is None or kept.line is not speaking:
        return Presence.ELSEWHERE
    return Presence.HERE if speaking.camera_on else Presence.WITHOUT_CAMERA


def hang_up() -> None:
    """Leave the line and release this browser's connection, if there is one."""
    kept = st.session_state.pop("stage", None)
    if kept is not None:
        kept.close()


def ask(appointment_id: int) -> None:
    """Something was done that changes who may sit or hear: it holds before the next line is run."""
    ROOMS.ask(appointment_id)


def ask_here() -> None:
    """The same, of the room that this tab is in; before its page is drawn, which takes longer."""
    if (kept := st.session_state.get("stage")) is not None:
        kept.line.room.check()


def line_of(appointment_id: int, seat: str) -> Line | None:
    """The living connection of a seat, to say whether its camera is on."""
    return ROOMS.line_of(appointment_id, seat)


def without_camera() -> bool:
    """Whether this visitor takes part by sound only; in the address, to outlive a reload."""
    return st.query_params.get(CAMERA) == OFF


def go_without_camera(without: bool) -> None:
    if without:
        st.query_params[CAMERA] = OFF
    else:
        st.query_params.pop(CAMERA, None)


def say_own_state(presence: Presence) -> None:
    """What is missing on this person's own side, and what to do."""
    kept = st.session_state.get("stage")
    if presence is Presence.NOBODY and kept is not None and kept.line.started:
        sentence = _(
            "Bild und Ton sind unterbrochen. Wir verbinden Sie neu. Das liegt nicht an Ihnen."
        )
        show.state(None, sentence)
    elif presence is Presence.NOBODY:
        # While the browser is connecting by itself, there is no such button.
        sentence = _(
            "Wir sehen und hören Sie noch nicht. Steht oben „{start}“? Dann tippen Sie darauf."
        )
        show.state(False, sentence.format(start=stage.start_label()))
    elif presence is Presence.ELSEWHERE:
        show.state(False, _("Bild und Ton sind in einem anderen Fenster. Bitte gehen Sie dorthin."))
    elif presence is Presence.WITHOUT_CAMERA:
        show.state(None, _("Sie nehmen ohne Kamera teil."))
