"""
How much one place in the code may write into the log: so many lines, so many codes a minute.

Knows neither what a line may say nor where it goes.
"""

import secrets
import threading
import time
from typing import Any

import structlog
from structlog.typing import EventDict

from core.redaction import place

# Anyone who makes one place fail again and again does not fill the disk.
LINES, WINDOW_SECONDS = 30, 60
CODES = 30  # new ones of one place in that time


class _Codes:
    """
    A code for each failure, by which it is found in the log.

    Where one place fails again and again, somebody has it fail: the last code is shown again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, tuple[int, str]] = {}
        self._until = 0.0

    def __call__(self, event: str, problem: Exception) -> str:
        """The code of a failure, which is logged with it unless it is an old one."""
        where = place(problem.__traceback__)
        code, is_new = self._of(where)
        if is_new:
            kind = type(problem).__name__
            structlog.get_logger().error(event, code=code, kind=kind, where=where)
        return code

    def _of(self, where: str) -> tuple[str, bool]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._made, self._until = {}, time.monotonic() + WINDOW_SECONDS
            count, last = self._made.get(where, (0, ""))
            if count >= CODES:
                return last, False
            made = secrets.token_hex(3).upper()
            self._made[where] = count + 1, made
            return made, True


failure_code = _Codes()


class Sparing:
    """
    Lets so many lines of one place through in a minute, and each that carries a code: a person
    was shown it, and the person they tell it to looks for it here.

    How many were left out is said before the first line of whatever place after that minute:
    there is no clock of its own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], int] = {}
        self._until = 0.0

    def __call__(self, _logger: Any, _level: str, entry: EventDict) -> EventDict:
        for (logger, where), count in self._left_out().items():
            more = {"logger": logger} if logger else {}
            structlog.get_logger().warning("lines left out", **more, where=where, count=count)
        if "code" not in entry and self._count(entry) > LINES:
            raise structlog.DropEvent
        return entry

    def _left_out(self) -> dict[tuple[str, str], int]:
        """Once after each minute: which places said more than we wrote, and how much."""
        with self._lock:
            if time.monotonic() < self._until:
                return {}
            over = {key: count - LINES for key, count in self._counts.items() if count > LINES}
            self._counts, self._until = {}, time.monotonic() + WINDOW_SECONDS
            return over

    def _count(self, entry: EventDict) -> int:
        where = entry.get("where") or entry.get("line") or entry["event"]
        key = str(entry.get("logger", "")), str(where)
        with self._lock:
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key]
