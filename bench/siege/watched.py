"""The same app, with its loops and its garbage watched. For benchmarks; never serve it."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import app as unwatched  # noqa: E402  (after the path is set, like app.py itself)
from bench.siege.watch import MEDIA, PAGES, STEPS, Step, watch, watch_garbage  # noqa: E402
from core.media.transport import loop  # noqa: E402
from pages import doors  # noqa: E402
from pages.gate import refusals  # noqa: E402
from pages.gate.middleware import Gate  # noqa: E402


def _note(step: Step) -> None:
    # Opened each time: it is seldom, and a test may read it meanwhile.
    with Path(os.environ[STEPS]).open("a") as steps:
        steps.write(f"{step}\n")


@contextlib.asynccontextmanager
async def lifespan(served: st.App) -> AsyncIterator[None]:
    async with unwatched.lifespan(served):
        watch_garbage(_note)
        watch(PAGES, asyncio.get_running_loop(), _note)
        watch(MEDIA, loop.current(), _note)
        yield


app = st.App(
    ROOT / "pages" / "index.py",
    routes=doors.routes,
    middleware=[Middleware(Gate)],
    lifespan=lifespan,
    exception_handlers={Exception: refusals.failed},
    on_script_error=unwatched.calm_page,
)
