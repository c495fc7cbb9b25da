"""
What a browser can unpack is sent packed: a quarter of the bytes.

For scripts and styles, which are the same for everybody. Pages are not packed: they are small, and
from the size of a packed page a stranger could guess a secret in it (BREACH).
"""

import gzip
from collections.abc import Callable

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response

# The better one first. Brotli's best, 11, saves a tenth more and takes twenty times as long.
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=9),
    "gzip": lambda data: gzip.compress(data, mtime=0),
}
_LONGEST = 200  # of what a browser says about it
# The name of such a file changes with it.
KEPT = {"Cache-Control": "public, immutable, max-age=31536000", "Vary": "Accept-Encoding"}


def best(asked: Headers) -> str | None:
    """The best packer this browser can unpack; None: as it is. Of a part nothing can be."""
    if "range" in asked:
        return None
    said = asked.get("accept-encoding", "")[:_LONGEST].lower()
    likes = [each.replace(" ", "") for each in said.split(",")]
    takes = {name for name, _, much in (each.partition(";q=") for each in likes) if _some(much)}
    return next((each for each in PACKERS if each in takes), None)


def response(body: bytes, packer: str, kind: str) -> Response:
    return Response(body, media_type=kind, headers={**KEPT, "Content-Encoding": packer})


def _some(much: str) -> bool:
    """Whether a weight is more than nothing: "0" and "0.000" are not."""
    return not much or bool(much.strip("0."))
