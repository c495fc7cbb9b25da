"""
What a browser can unpack is sent packed: a quarter of the bytes.

Scripts and styles, the same for everybody, are packed on first request and kept in memory;
Streamlit's page is packed each time. Our plain pages are not: some repeat what a browser sent, and
from the size a stranger could guess a secret on the same page (BREACH).
"""

import asyncio
import gzip
from collections.abc import Callable

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response

# The better one first. Brotli's best, 11, saves a tenth more and takes twenty times as long.
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=9),
    "gzip": lambda data: gzip.compress(data, mtime=0),
}
# A millisecond for a page.
QUICK: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=5),
    "gzip": lambda data: gzip.compress(data, compresslevel=6, mtime=0),
}
_LONGEST = 200  # of what a browser says about it
VARY = {"Vary": "Accept-Encoding"}
# The name of such a file changes with it.
KEPT = {"Cache-Control": "public, immutable, max-age=31536000", **VARY}
_packed: dict[tuple[str, str], bytes] = {}  # by name and packer
_one = asyncio.Lock()


async def packed(
    asked: Headers, name: str, kind: str, read: Callable[[], bytes]
) -> Response | None:
    """The file of this name, packed; None if this browser can unpack nothing."""
    packer = best(asked)
    if packer is None:
        return None
    if (name, packer) not in _packed:
        async with _one:  # a stranger may ask for all of them at once
            if (name, packer) not in _packed:
                pack = PACKERS[packer]
                _packed[name, packer] = await run_in_threadpool(lambda: pack(read()))
    told = {**KEPT, "Content-Encoding": packer}
    return Response(_packed[name, packer], media_type=kind, headers=told)


def page(asked: Headers, html: str, told: dict[str, str]) -> Response:
    """A page that has no word of what was asked for, packed if this browser can unpack it."""
    packer, content = best(asked), html.encode()
    if packer is not None:
        content, told = QUICK[packer](content), {**told, "Content-Encoding": packer}
    return HTMLResponse(content, headers={**told, **VARY})


def best(asked: Headers) -> str | None:
    """The best packer this browser can unpack; None: as it is. Of a part nothing can be."""
    if "range" in asked:
        return None
    said = asked.get("accept-encoding", "")[:_LONGEST].lower()
    likes = [each.replace(" ", "") for each in said.split(",")]
    takes = {name for name, _, much in (each.partition(";q=") for each in likes) if _some(much)}
    return next((each for each in PACKERS if each in takes), None)


def _some(much: str) -> bool:
    """Whether a weight is more than nothing: "0" and "0.000" are not."""
    return not much or bool(much.strip("0."))
