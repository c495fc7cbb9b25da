"""
Streamlit's scripts and styles, packed when one is asked for first, and kept so in the memory.

Streamlit sends them as they are, which costs a phone three megabytes before it can show anything.
"""

from functools import cache
from pathlib import PurePath

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from pages.doors import packing
from pages.gate import paths
from pages.upstream import frontend

KINDS = {".js": "text/javascript", ".css": "text/css"}


async def packed(scope: Scope) -> Response | None:
    """A file of Streamlit's page; None if it is no script or style, or if nothing can unpack it."""
    path = paths.asked(scope)
    kind, packer = KINDS.get(PurePath(path).suffix), packing.best(Headers(scope=scope))
    if scope["method"] != "GET" or kind is None or packer is None:
        return None
    return packing.response(await run_in_threadpool(_file, path, packer), packer, kind)


@cache
def _file(path: str, packer: str) -> bytes:
    return packing.PACKERS[packer]((frontend.static() / path.removeprefix("/")).read_bytes())
