"""
Our end of one browser's connection, around a `core.media` line: it answers, is replaced, ends.

Knows no streamlit-webrtc, which is behind `worker`, and nothing of what goes over the line.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial

import structlog

from core.media.rooms.line import Line
from core.media.transport import loop, offer
from core.media.transport.connection import Closed
from core.media.transport.peer import Peer
from core.media.transport.sdp import UnusualOffer
from pages.call.worker import Session, Worker, made, this_session
from pages.tabs import refusals

# Workers stop one after the other: each waits a little for threads of its own.
_stopping = ThreadPoolExecutor(1, "worker stops")
log = structlog.get_logger()


class End:
    """
    Our end of one line: the owner of its connection.

    Every offer gets a connection of its own, and only the newest one lives. Made and kept by a
    script run, whose session ends it; asked from the doors' threads, one at a time.
    """

    def __init__(
        self,
        line: Line,
        session: Session | None = None,
        tell_over: Callable[[], None] = lambda: None,
    ) -> None:
        self.line = line
        self.tell_over = tell_over  # tells the browser that the call has ended
        self.worker: Worker | None = None
        self._lock = threading.Lock()
        self._session = session or this_session()
        line.release = self.stop

    def beside(self, line: Line) -> "End":
        """Our end of one more line of the same tab."""
        return End(line, self._session)

    def answer(self, sdp: str) -> str:
        """Our answer to the browser's offer."""
        try:
            connection = Peer(self.line, offer.read(sdp), loop.port())
        except UnusualOffer as problem:
            log.info("offer refused", kind=str(problem))
            raise refusals.Malformed from problem
        worker = self._begin(connection)
        with ExitStack() as otherwise:  # on whatever other path, it ends here
            otherwise.callback(self._drop, worker)
            try:
                worker.take(sdp)
            except Closed as over:  # by a newer offer, or its page has gone meanwhile
                overtaken = self.worker not in (worker, None)
                raise (refusals.Superseded if overtaken else refusals.NotAllowed) from over
            if self.worker is not worker:
                raise refusals.Superseded
            if self.line.closed:  # while the answer was being made
                raise refusals.NotAllowed
            otherwise.pop_all()
        return connection.answer

    def stop(self) -> None:
        """Nothing comes from or goes to this browser any more until it offers again."""
        self.tell_over()
        self._replace(None)

    def _begin(self, connection: Peer) -> Worker:
        """A new worker in place of the older one, which is stopped."""
        # In a thread that belongs to the page's session: with the session, the worker ends.
        with ThreadPoolExecutor(1) as inside:
            worker = inside.submit(made, connection, self._session).result()
        connection.on_closed = partial(self._over, worker)
        self._replace(worker)
        return worker

    def _over(self, worker: Worker) -> None:
        """Its connection has ended; called on the media loop."""
        self._forget(worker)
        with suppress(RuntimeError):  # the server is going down
            _stopping.submit(worker.stop)

    def _drop(self, worker: Worker) -> None:
        self._forget(worker)
        worker.shut()

    def _forget(self, worker: Worker) -> None:
        """Unless a newer one has taken its place."""
        with self._lock:
            if self.worker is worker:
                self.worker = None

    def _replace(self, worker: Worker | None) -> None:
        with self._lock:
            older, self.worker = self.worker, worker
        if older is not None:
            older.shut()
