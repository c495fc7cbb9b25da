"""
The places of one browser: in each, one person at a time is seen and heard.

A place has at most one outlet for a picture and one for a sound. Knows no line and no room.
"""

from core.media.packets.outlet import Outlet
from core.media.packets.parts import Part
from core.media.packets.source import Source

Place = dict[Part, Outlet]


def add_outlet(places: list[Place], part: Part, outlet: Outlet) -> None:
    """One more m-line that the browser receives; the first of each kind are one person's."""
    for place in places:
        if place.setdefault(part, outlet) is outlet:
            return
    places.append({part: outlet})


def place_for(places: list[Place], speaker: Source, now: float) -> Place | None:
    """Where this speaker is seen and heard, or the first place that is free."""
    free = []
    for place in places:
        if any(outlet.carries(speaker.seat) for outlet in place.values()):
            return place
        if all(outlet.is_free(now) for outlet in place.values()):
            free.append(place)
    # A place without sound is for a screen, which makes none.
    fits = [place for place in free if (Part.SOUND in place) is not bool(speaker.screen_of)]
    return next(iter(fits + free), None)
