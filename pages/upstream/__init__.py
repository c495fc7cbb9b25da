"""
Faults and private names of Streamlit and uvicorn: one file a fault, each with its symptom, what
is done instead, and when it may go. docs/upstream.md has the list.
"""

from collections.abc import Callable

from pages.upstream import (
    callbacks,
    delivery,
    frontend,
    left_pages,
    page_names,
    uvicorn_sockets,
    whole_pages,
)

# Those that ask the app for nothing.
ALONE = (callbacks, left_pages, whole_pages, delivery, frontend, page_names)


def prepare(count: Callable[[], uvicorn_sockets.MayGoOn]) -> None:
    """Once at start: work around every fault, or raise `UpstreamChanged`."""
    for each in ALONE:
        each.prepare()
    uvicorn_sockets.prepare(count)
