"""The same app without the gate, to measure what the gate is worth. Never serve it."""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import app as gated  # noqa: E402  (after the path is set, like app.py itself)
from pages import doors  # noqa: E402

app = st.App(
    ROOT / "pages" / "index.py",
    routes=doors.routes,
    lifespan=gated.lifespan,
    on_script_error=gated.calm_page,
)
