"""The modules that run in the browser (pages/ui): the same for everybody, and kept for ever."""

from starlette.requests import Request
from starlette.responses import Response

from pages.ui.modules import MODULES, VERSION

_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}


async def script(request: Request) -> Response:
    """Under another version nothing is found, or a browser would keep the wrong one for ever."""
    found = MODULES.get(request.path_params["module"])
    if found is None or request.path_params["version"] != VERSION:
        return Response(status_code=404)
    return Response(found, media_type="text/javascript", headers=_HEADERS)
