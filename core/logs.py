"""
The log: JSON lines on standard error, in UTC, from our own code and from every library.

Of a person it says nothing. Our own lines have only fields named here; what looks like a
secret, a session id, a mail address or an internet address is blotted out everywhere; of
an exception there is its kind and its place, never its message. Knows no page.
Sources: OWASP ASVS 5.0, 16.2.2, 16.2.5, 16.4.1; OWASP Logging Cheat Sheet.
"""

import logging
import re
import secrets
import sys
import threading
import time
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict

BLOT = "[…]"
# Anyone who makes one place fail again and again does not fill the disk.
LINES, WINDOW_SECONDS = 30, 60
CODES = 30  # new ones of one place in that time
# A field that is not named here does not get into the log.
FIELDS = frozenset(
    {"timestamp", "level", "event", "logger", "kind", "where", "code", "deed"}
    | {"count", "more_than", "within", "seconds"}
)
_LOOKS_PERSONAL = re.compile(
    r"(?<=/termin/)\S+"  # a personal link, whole or broken
    r"|(?<![^\s@<>\"'])[^\s@<>\"']+(?:@[^\s@<>\"']+)+"  # a mail address
    r"|[A-Za-z0-9_-]{43,}"  # a secret of ours, or the digest of one
    r"|[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}"  # a session id of Streamlit
    r"|\d{1,3}(?:\.\d{1,3}){3}"  # IPv4
    r"|(?:[0-9A-Fa-f]{0,4}:){2,}[0-9A-Fa-f.]*"  # IPv6
)
# As JSON writes them: a line break in a message never begins a line of its own.
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
_QUIET = {
    "uvicorn.access": logging.CRITICAL,  # who opened which address and when is a record of people
    "uvicorn.error": logging.WARNING,  # so is each WebSocket's line
    "streamlit.error_util": logging.CRITICAL,  # calm_page logs what fails on a page
    # A library's import at start cannot have a script context.
    "streamlit.runtime.scriptrunner_utils.script_run_context": logging.ERROR,
}


def configure() -> None:
    """From now on everything is logged in this one way; may be called again."""
    structlog.configure(
        processors=[
            _Sparing(),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso", utc=True),
            discreet,
            structlog.processors.JSONRenderer(),  # ASCII: a line break never makes a line
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.setLogRecordFactory(_Discreet)
    logging.captureWarnings(True)
    _take_over()
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    _catch_the_uncaught()


def redact(text: str) -> str:
    """The text without anything that looks personal."""
    return _LOOKS_PERSONAL.sub(BLOT, text)


def discreet(_logger: Any, _level: str, entry: EventDict) -> EventDict:
    """Only the fields above, and each of them redacted; the time is our own."""
    return {
        name: value if name == "timestamp" or isinstance(value, int) else redact(str(value))
        for name, value in entry.items()
        if name in FIELDS
    }


def place(trace: TracebackType | None) -> str:
    """Where something failed: files, lines and functions, no values."""
    return "".join(traceback.format_list(traceback.extract_tb(trace)))


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


class _Sparing:
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


class _Discreet(logging.LogRecord):
    """
    A library's line, discreet from its beginning, whatever handler it comes to later.

    When it is about an exception its words may be the exception's; then the place of the
    line itself has to say what was meant.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        problem = self.exc_info[1] if self.exc_info else sys.exception()
        self.place_of_problem = place(problem.__traceback__) if problem else None
        words = f"{_kind(problem)} at {self.pathname}:{self.lineno}" if problem else self._words()
        self.msg, self.args = redact(words).translate(_ESCAPED), ()
        self.exc_info = self.stack_info = None

    def _words(self) -> str:
        if isinstance(self.args, tuple):
            self.args = tuple(
                _kind(each) if isinstance(each, BaseException) else each for each in self.args
            )
        try:
            return self.getMessage()
        except (TypeError, ValueError, KeyError):
            return f"unreadable line at {self.pathname}:{self.lineno}"


class _ToOurLog(logging.Handler):
    """Hands a library's line on to our own log."""

    def emit(self, record: logging.LogRecord) -> None:
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
        where = getattr(record, "place_of_problem", None)
        more = {"where": where} if where else {"line": f"{record.pathname}:{record.lineno}"}
        structlog.get_logger().log(level, record.getMessage(), logger=record.name, **more)


def _take_over() -> None:
    """One handler, at the root: Streamlit and uvicorn have brought others."""
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
    if not any(isinstance(handler, _ToOurLog) for handler in logging.root.handlers):
        logging.root.addHandler(_ToOurLog())


def _catch_the_uncaught() -> None:
    """Python would print these with their message. A hook that somebody else has set stays."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = lambda _kind, problem, _trace: _uncaught(problem)
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda given: _uncaught(given.exc_value)
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = lambda given: _uncaught(given.exc_value)


def _uncaught(problem: BaseException | None) -> None:
    if problem is not None:
        where = place(problem.__traceback__)
        structlog.get_logger().error("uncaught", kind=_kind(problem), where=where)


def _kind(problem: BaseException) -> str:
    return type(problem).__name__
