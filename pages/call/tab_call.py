"""
What one browser tab keeps of its call between script runs: its lines, and who is seen where.

The doors find it here by its tab (pages/tabs). Knows no page and no word.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from core.media.packets.parts import Part
from core.media.rooms.line import Line
from pages.call import our_end
from pages.call.scene import Other, Others, Seat
from pages.tabs.refusals import NotAllowed
from pages.tabs.tab import Tab, begin_call

Places = dict[str, dict[str, object]]  # by the m-line's mid
_numbers = itertools.count(1)


@dataclass
class TabCall:
    """What this browser tab keeps of its call between script runs."""

    appointment_id: int
    line: Line
    screen: Seat | None
    # Stays the same: credentials of a relay that change would be another connection.
    relays: list[dict[str, object]]
    tab: Tab | None  # None of a session that nobody's credential began
    number: int = field(default_factory=_numbers.__next__)
    others: Callable[[], Others] = Others  # asks the office
    met: Others = field(default_factory=Others)  # what the office said last
    places: Places | None = None  # as it was told last
    elsewhere: bool = False  # as it was drawn last: another tab or device speaks
    end: our_end.End = field(init=False)
    screen_end: our_end.End | None = None

    def __post_init__(self) -> None:
        if self.tab is None:
            self.end = our_end.End(self.line)
            return
        # Otherwise the browser takes the end for a fault and offers again before its page says so.
        tell_over = partial(self.tab.listener.keep, "over", self.number)
        self.end = our_end.End(self.line, tell_over=tell_over)
        begin_call(self.tab, self)

    @property
    def seat(self) -> str:
        return self.line.seat

    def stays(self) -> bool:
        return not self.line.closed and self.line.stays()

    def answer(self, offer: str, screen: bool) -> str:
        return self._end(screen).answer(offer)

    def take_little(self, little: bool) -> None:
        self.line.little = little

    def tell_places(self) -> None:
        """Say whom the browser sees at which m-line, if that has changed."""
        places = dict(self._places())
        if self.tab is not None and places != self.places:
            self.places = places
            self.tab.listener.keep("places", places)

    def _places(self) -> Iterator[tuple[str, dict[str, object]]]:
        for place in list(self.line.places):
            speakers = [each.speaker for each in list(place.values()) if each.speaker is not None]
            for speaker in speakers[:1]:
                if speaker is self.line or speaker.silent or Part.PICTURE not in place:
                    continue
                whose = self._whose(speaker.screen_of or speaker.seat)
                if whose is not None:
                    mid = place[Part.PICTURE].leg.mid.decode()
                    yield mid, {**vars(whose), "screen": bool(speaker.screen_of)}

    def _whose(self, seat: str) -> Other | None:
        """Somebody who has come in since the page was drawn is looked up."""
        if seat not in [each.seat for each in self.met.known]:
            self.met = self.others()
        return next((each for each in self.met.known if each.seat == seat), None)

    def close(self) -> None:
        for end in filter(None, (self.end, self.screen_end)):
            end.line.close()
            end.stop()

    def _end(self, screen: bool) -> our_end.End:
        if not screen:
            return self.end
        if self.screen is None or not self.screen.stays():
            raise NotAllowed
        if self.screen_end is None or self.screen_end.line.closed:
            room, its = self.line.room, self.screen
            line = room.new_line(its.name, its.stays, screen_of=self.line.seat)
            self.screen_end = self.end.beside(line)
        return self.screen_end
