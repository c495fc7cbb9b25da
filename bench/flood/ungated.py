"""
The same app without the gate, to measure what the gate is worth. Never serve it.

One thing the gate does stays: Streamlit gets a copy of a handshake's headers. The server forgets
its own once a WebSocket is open (pages/upstream/uvicorn_sockets.py); Streamlit reads them later.
"""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import app as gated  # noqa: E402  (after the path is set, like app.py itself)
from pages import doors  # noqa: E402


class OwnHeaders:
    """Every request keeps its headers, whatever the server does with them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        own = {"headers": [*scope["headers"]]} if "headers" in scope else {}
        await self.app({**scope, **own}, receive, send)


app = st.App(
    ROOT / "pages" / "index.py",
    routes=doors.routes,
    middleware=[Middleware(OwnHeaders)],
    lifespan=gated.lifespan,
    on_script_error=gated.calm_page,
)
