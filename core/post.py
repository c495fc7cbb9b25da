"""
Mails on their way: handed over beside the pages, tried again for a while, and what became of each.

In memory only, because a mail holds the link of which the database keeps a hash: after a restart
nothing is on its way, and what was not sent says so. Knows no page and no table.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum, auto

import structlog

from core import delivery
from core.settings import Settings

# Seconds until each further try. The last is over before an advisor has forgotten about it.
AGAIN = (15, 60, 180, 600)
AT_ONCE = 4  # mails to a server that hangs hold so many threads, and no page
MOST = 10_000  # people whose last mail is remembered
Told = Callable[[bool], None]
log = structlog.get_logger()


class State(Enum):
    ON_ITS_WAY = auto()
    SENT = auto()
    NOT_SENT = auto()


@dataclass(eq=False)
class Letter:
    """One mail to one person; its words and its link are gone when nothing more is tried."""

    mail: EmailMessage | None
    link: str
    state: State = State.ON_ITS_WAY
    tries: int = 0
    settled: threading.Event = field(default_factory=threading.Event)  # after the first try


class Post:
    """The last letter to each guest; a newer one takes its place, and the older goes no more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._letters: dict[int, Letter] = {}
        self._timers: set[threading.Timer] = set()
        self._threads = threading.BoundedSemaphore(AT_ONCE)

    def hand_over(
        self, guest_id: int, mail: EmailMessage, link: str, settings: Settings, told: Told
    ) -> Letter:
        """Begin; `told` learns after every try whether it is sent, in a thread of its own."""
        letter = Letter(mail, link)
        with self._lock:
            before = self._letters.pop(guest_id, None)
            self._letters[guest_id] = letter
            while len(self._letters) > MOST:
                del self._letters[next(iter(self._letters))]
        if before is not None and before.state is State.ON_ITS_WAY:
            _end(before, State.NOT_SENT)
        self._later(0, letter, settings, told)
        return letter

    def letter(self, guest_id: int) -> Letter | None:
        with self._lock:
            return self._letters.get(guest_id)

    def forget(self) -> None:
        """Nothing is on its way any more."""
        with self._lock:
            letters, self._letters = self._letters, {}
            timers, self._timers = self._timers, set()
        for letter in letters.values():
            _end(letter, State.NOT_SENT)
        for timer in timers:
            timer.cancel()

    def _later(self, seconds: float, letter: Letter, settings: Settings, told: Told) -> None:
        timer = threading.Timer(seconds, self._try, (letter, settings, told))
        timer.daemon = True  # nobody waits for a mail server to stop the app
        with self._lock:
            self._timers = {each for each in self._timers if each.is_alive()} | {timer}
            timer.start()

    def _try(self, letter: Letter, settings: Settings, told: Told) -> None:
        with self._threads:
            mail = letter.mail
            if mail is None:
                return
            problem = _problem(mail, settings)
        if letter.state is not State.ON_ITS_WAY:
            return  # a newer one has taken its place meanwhile
        if problem is None:
            _end(letter, State.SENT)
        elif problem.for_ever or letter.tries == len(AGAIN):
            _end(letter, State.NOT_SENT)
        else:
            letter.tries += 1
            self._later(AGAIN[letter.tries - 1], letter, settings, told)
        try:
            told(problem is None)
        finally:
            letter.settled.set()


def _problem(mail: EmailMessage, settings: Settings) -> delivery.NotSent | None:
    try:
        delivery.send(mail, settings)
    except delivery.NotSent as problem:
        log.warning("mail not sent", kind=str(problem))
        return problem
    return None


def _end(letter: Letter, state: State) -> None:
    letter.mail, letter.link, letter.state = None, "", state


POST = Post()
