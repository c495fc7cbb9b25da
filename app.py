"""
The door: Streamlit's page script, our plain HTTP routes, and what runs beside them.

`streamlit run app.py` serves it. Short on purpose; pages are in pages/, deeds in core/.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import sys
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
import structlog
from starlette.middleware import Middleware

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from core import clock  # noqa: E402  (after the path is set, so that the app starts from anywhere)
from core.appointment import CLOCK  # noqa: E402
from core.media.room import ROOMS  # noqa: E402
from core.office import chat, planning  # noqa: E402
from core.records import engine, migrate  # noqa: E402
from pages import doors  # noqa: E402
from pages.gate import OwnPagesOnly  # noqa: E402
from pages.parts.words import _  # noqa: E402

CLOCK_SECONDS = 60
# The database and the outbox hold names and links.
os.umask(0o077)
log = structlog.get_logger()
# These two would log a person's words in an exception's message, and a warning about the
# script context that a library's import at start cannot have; calm_page logs instead.
logging.getLogger("streamlit.error_util").setLevel(logging.CRITICAL)
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)


async def tick() -> None:
    """What only time does, once a minute. What fails is logged, and the next round tries again."""
    while True:
        for deed in (planning.expire_due, chat.forget):
            done = asyncio.create_task(asyncio.to_thread(deed, CLOCK, clock.now()))
            await asyncio.wait({done})
            if problem := done.exception():
                log.error("clock failed", deed=deed.__name__, kind=type(problem).__name__)
        ROOMS.sweep()
        await asyncio.sleep(CLOCK_SECONDS)


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    # streamlit-webrtc wants Streamlit's runtime to be there when it is imported.
    from pages.parts import call  # noqa: PLC0415

    call.prepare()
    await asyncio.to_thread(migrate, engine())
    ticking = asyncio.create_task(tick())
    yield
    ticking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await ticking


def calm_page(problem: Exception) -> bool:
    """Show a code instead of a traceback; the log has the place, never the message's names."""
    code = secrets.token_hex(3).upper()
    where = traceback.format_list(traceback.extract_tb(problem.__traceback__))
    log.error("page failed", code=code, kind=type(problem).__name__, where="".join(where))
    st.error(_("Das hat leider nicht geklappt. Bitte laden Sie die Seite neu. Fehlercode: ") + code)
    return True


app = st.App(
    HERE / "pages" / "index.py",
    routes=doors.routes,
    middleware=[Middleware(OwnPagesOnly)],
    lifespan=lifespan,
    on_script_error=calm_page,
)
