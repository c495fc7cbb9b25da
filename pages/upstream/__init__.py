"""
Faults and private names of Streamlit and uvicorn, and what is done about them. docs/upstream.md has
the list: the symptom of each, what is done instead, and when it may go.
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
