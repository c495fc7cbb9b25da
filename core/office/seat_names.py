"""
What seats in a live room are called. Reads nothing, and knows nobody who sits there.
"""

from core.appointment import Actor, By


def seat(actor: Actor) -> str:
    """The name of a person's seat in the live room."""
    return f"{'staff' if actor.by == By.ADVISOR else 'guest'}:{actor.id}"


def screen_of(seat: str) -> str:
    """The name of the seat of an advisor's screen: a picture beside the one of their camera."""
    return f"screen:{seat}"
