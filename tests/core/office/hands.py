"""
Clocks that a test turns: what the machine's says, and what has truly passed.

The truth goes by `pass_by` alone; `set_by` turns the machine's clock, and nothing else.
"""

from datetime import datetime, timedelta

import pytest

from core import clock
from core.appointment import CLOCK
from core.office import closing, forgetting, timekeeping
from core.office.forgetting import NOTHING, Forgotten


class Hands:
    """The machine's clock, its counter, and the truth."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, truth: datetime) -> None:
        self.truth, self.wrong_by = truth, timedelta()
        self.seconds, self.boots = 1000.0, 1
        monkeypatch.setattr(clock, "wall", lambda: self.truth + self.wrong_by)
        monkeypatch.setattr(clock, "running", lambda: self.seconds)
        monkeypatch.setattr(clock, "boot", lambda: f"boot {self.boots}")

    def pass_by(self, time: timedelta) -> None:
        """The machine runs, or sleeps: its counter knows of both."""
        self.truth += time
        self.seconds += time.total_seconds()

    def set_by(self, time: timedelta) -> None:
        """Somebody, or a time server, sets the machine's clock."""
        self.wrong_by += time

    def set_right(self) -> None:
        self.wrong_by = timedelta()

    def freeze(self, time: timedelta) -> None:
        """Anyone who runs the virtual machine stops it: its clock and its counter stand still."""
        self.truth += time
        self.wrong_by -= time

    def restart(self) -> None:
        """Another process on the same machine."""
        clock.count_from(None)

    def switch_off(self, time: timedelta) -> None:
        """The machine is off, and only its own clock has gone on."""
        self.truth += time
        self.seconds, self.boots = 1.0, self.boots + 1
        self.restart()


def one_round() -> Forgotten:
    """What the app does once a minute (`app.tick`)."""
    timekeeping.keep(CLOCK, clock.wall())
    moment = clock.sure()
    if moment is None:
        return NOTHING
    closing.expire_due(CLOCK, moment)
    return forgetting.forget(CLOCK, moment)
