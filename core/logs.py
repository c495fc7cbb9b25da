"""
The log: JSON lines on standard error, in UTC, from our own code and from every library.

Of a person it says nothing, whoever writes: what it may say is in `core.redaction`, how much
in `core.log_limits`. Knows no page.
Sources: OWASP ASVS 5.0, 16.2.2, 16.4.1; OWASP Logging Cheat Sheet.
"""

import logging
import sys
import threading
from typing import Any

import structlog

from core.log_limits import Sparing
from core.redaction import discreet, place, redact

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
            Sparing(),
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
