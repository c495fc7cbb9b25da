"""
The door: Streamlit's page script, our plain HTTP routes, and what runs beside them.

`streamlit run app.py` serves it. Short on purpose; pages are in pages/, deeds in core/.
"""

import asyncio
import contextlib
import secrets
import sys
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
import structlog

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from core import clock  # noqa: E402  (after the path is set, so that the app starts from anywhere)
from core.appointment import CLOCK  # noqa: E402
from core.office import chat, planning  # noqa: E402
from core.records import engine, migrate  # noqa: E402
from pages import doors  # noqa: E402
from pages.parts.words import _  # noqa: E402

CLOCK_SECONDS = 60
log = structlog.get_logger()


async def tick() -> None:
    """What only time does: closing unused links, deleting old chats."""
    while True:
        await asyncio.to_thread(planning.expire_due, CLOCK, clock.now())
        await asyncio.to_thread(chat.forget, CLOCK, clock.now())
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
    lifespan=lifespan,
    on_script_error=calm_page,
)
