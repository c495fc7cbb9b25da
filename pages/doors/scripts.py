"""The modules that run in the browser (pages/ui): the same for everybody, and kept for ever."""

from starlette.requests import Request
from starlette.responses import Response

from pages.doors import packing
from pages.ui.modules import MODULES, VERSION

_KIND = "text/javascript"


async def script(request: Request) -> Response:
    """Under another version nothing is found, or a browser would keep the wrong one for ever."""
    name = request.path_params["module"]
    if name not in MODULES or request.path_params["version"] != VERSION:
        return Response(status_code=404)
    packed = await packing.packed(request.headers, name, _KIND, lambda: MODULES[name])
    return packed or Response(MODULES[name], media_type=_KIND, headers=packing.KEPT)
