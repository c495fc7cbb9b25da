"""
The door: Streamlit's page script, our plain HTTP routes, and what runs beside them.

`streamlit run app.py` serves it. Short on purpose; pages are in pages/, deeds in core/.
"""

import asyncio
import contextlib
import gc
import os
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
import structlog
from starlette.middleware import Middleware

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from core import clock, logs  # noqa: E402  (after the path is set, so that the app starts from anywhere)
from core.appointment import CLOCK  # noqa: E402
from core.media import loop  # noqa: E402
from core.office import forgetting, planning  # noqa: E402
from core.records import engine, migrate  # noqa: E402
from core.watch import Watch, attempt  # noqa: E402
from pages import doors  # noqa: E402
from pages.gate import control, frontend, refusals  # noqa: E402
from pages.gate.middleware import Gate  # noqa: E402
from pages.parts.words import _  # noqa: E402

CLOCK_SECONDS = 60
# Pages and talks share one interpreter: a page that is being drawn lets a talk in ten times
# sooner than Python's own 5 ms (make flood).
sys.setswitchinterval(0.0005)
# The database and the outbox hold names and links.
os.umask(0o077)
log = structlog.get_logger()
logs.configure()


async def tick() -> None:
    """What only time does, once a minute."""
    while True:
        for deed in (planning.expire_due, forgetting.forget):
            await attempt(deed, CLOCK, clock.now())
        await asyncio.sleep(CLOCK_SECONDS)


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    # Our components register with Streamlit's runtime when they are imported: it is there by now.
    from pages.parts import call, presses  # noqa: PLC0415

    call.prepare()
    presses.prepare()
    frontend.prepare()
    control.prepare()
    await asyncio.to_thread(migrate, engine())
    # What is there by now stays, and looking for garbage in it would hold up every talk.
    gc.collect()
    gc.freeze()
    watch = Watch(doors.check_listeners)
    tasks = [asyncio.create_task(each()) for each in (tick, watch.run)]
    with loop.running():
        yield
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def calm_page(problem: Exception) -> bool:
    """Show a code instead of a traceback; the log has the place, never the message's names."""
    code = secrets.token_hex(3).upper()
    where = logs.place(problem.__traceback__)
    log.error("page failed", code=code, kind=type(problem).__name__, where=where)
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
