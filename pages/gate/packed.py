"""
Streamlit's scripts and styles, packed on first request and kept in memory.

Streamlit sends them as they are, which costs a phone three megabytes before it can show anything.
"""

import asyncio
from pathlib import PurePath

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from pages.doors import packing
from pages.gate import paths
from pages.upstream import frontend

KINDS = {".js": "text/javascript", ".css": "text/css"}
_packed: dict[tuple[str, str], bytes] = {}  # by path and packer
_one = asyncio.Lock()


async def packed(scope: Scope) -> Response | None:
    """A file of Streamlit's page; None if it is no script or style, or if nothing can unpack it."""
    path = paths.asked(scope)
    kind, packer = KINDS.get(PurePath(path).suffix), packing.best(Headers(scope=scope))
    if scope["method"] != "GET" or kind is None or packer is None:
        return None
    return packing.response(await _file(path, packer), packer, kind)


async def _file(path: str, packer: str) -> bytes:
    if (path, packer) not in _packed:
        async with _one:  # a stranger may ask for all of them at once
            if (path, packer) not in _packed:
                _packed[path, packer] = await run_in_threadpool(_pack, path, packer)
    return _packed[path, packer]


def _pack(path: str, packer: str) -> bytes:
    return packing.PACKERS[packer]((frontend.static() / path.removeprefix("/")).read_bytes())
