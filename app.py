"""
The door: Streamlit's page script, our plain HTTP routes, and what runs beside them.

`streamlit run app.py` serves it. Short on purpose; pages are in pages/, deeds in core/.
"""

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
import structlog
from starlette.middleware import Middleware

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from core import clock, hold, log_limits, logs  # noqa: E402  (after the path is set, so that the app starts from anywhere)
from core.appointment import CLOCK  # noqa: E402
from core.engine import engine, migrate, name_of  # noqa: E402
from core.media.transport import loop  # noqa: E402
from core.office import closing, forgetting, helpline, timekeeping  # noqa: E402
from core.refused import Away  # noqa: E402
from core.watch import Watch, attempt  # noqa: E402
from pages import doors, upstream  # noqa: E402
from pages.gate import refusals  # noqa: E402
from pages.gate.middleware import Gate  # noqa: E402
from pages.gate.socket_limits import control_frames  # noqa: E402
from pages.words.words import _  # noqa: E402

CLOCK_SECONDS = 60
# Pages and talks share one interpreter: a page that is being drawn lets a talk in ten times
# sooner than Python's own 5 ms (make flood).
sys.setswitchinterval(0.0005)
# The database and the outbox hold names and links.
os.umask(0o077)
log = structlog.get_logger()
logs.configure()


async def tick(ours: hold.Hold | None = None) -> None:
    """What only time does, once a minute; nobody can undo it, so the wall clock is not enough."""
    while True:
        if ours is not None:
            await attempt(ours.keep)
        await attempt(timekeeping.keep, CLOCK, clock.wall())
        if (moment := clock.sure()) is not None:
            for deed in (closing.expire_due, forgetting.forget):
                await attempt(deed, CLOCK, moment)
        await asyncio.sleep(CLOCK_SECONDS)


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    # Our components register with Streamlit's runtime when they are imported: it is there by now.
    from pages.call import call  # noqa: PLC0415

    call.prepare()
    upstream.prepare(control_frames)
    # Before anything is changed in it.
    with hold.held(engine()) as ours:
        log.info("serves", where=name_of(engine()))
        await asyncio.to_thread(migrate, engine())
        await asyncio.to_thread(timekeeping.keep, CLOCK, clock.wall())
        helpline.help_phone()  # for anyone who asks during an outage
        async with _beside(ours):
            yield


@contextlib.asynccontextmanager
async def _beside(ours: hold.Hold) -> AsyncIterator[None]:
    """What runs beside the pages."""
    # What is there by now stays, and looking for garbage in it would hold up every talk.
    gc.collect()
    gc.freeze()
    watch = Watch(doors.check_listeners)
    tasks = [asyncio.create_task(each) for each in (tick(ours), watch.run())]
    with loop.running():
        yield
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def calm_page(problem: Exception) -> bool:
    """Show a code instead of a traceback; the log has the place, never the message's names."""
    # As above.
    from pages.parts import away, language  # noqa: PLC0415

    if isinstance(problem, Away):
        away.instead()
        return True
    code = log_limits.failure_code("page failed", problem)
    language.speak_again()  # a callback, or a part, may have failed before it did
    st.error(_("Das hat leider nicht geklappt. Bitte laden Sie die Seite neu. Fehlercode: ") + code)
    return True


app = st.App(
    HERE / "pages" / "index.py",
    routes=doors.routes,
    middleware=[Middleware(Gate)],
    lifespan=lifespan,
    exception_handlers={Exception: refusals.failed},
    on_script_error=calm_page,
)
