"""
Streamlit's scripts and styles, packed.

Streamlit sends them as they are, which costs a phone three megabytes before it can show anything.
"""

from pathlib import PurePath

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from pages.doors import packing
from pages.gate import paths
from pages.upstream import installed

KINDS = {".js": "text/javascript", ".css": "text/css"}


async def packed(scope: Scope) -> Response | None:
    """A file of Streamlit's page; None if it is no script or style, or if nothing can unpack it."""
    path = paths.asked(scope)
    kind = KINDS.get(PurePath(path).suffix)
    if scope["method"] != "GET" or kind is None:
        return None
    file = installed.static() / path.removeprefix("/")
    return await packing.packed(Headers(scope=scope), path, kind, file.read_bytes)
