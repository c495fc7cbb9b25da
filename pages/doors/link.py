"""The personal link. Opening it changes nothing: mail scanners open links, too."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core import access
from pages.doors.plain import NO_STORE, set_cookie
from pages.parts import credentials

LINK_SECONDS = 24 * 60 * 60  # who tests the device in the evening comes back in the morning
LINKS_KEPT = 8


async def invitation(request: Request) -> Response:
    """Remember the link in a cookie and go on to a clean address; the same for any link."""
    secret = request.path_params["secret"]
    if "_stcore" in secret:
        # Streamlit's page looks for its server below its own address first; there is none.
        return Response(status_code=404)
    # As the browser counts it: an encoded slash goes no deeper.
    below = request.scope["raw_path"].partition(b"/termin/")[2]
    termin = "../" * (below.count(b"/") + 1) + "termin"
    if not access.looks_like_secret(secret):
        return RedirectResponse(termin, 303, NO_STORE)
    key = access.link_key(secret)
    # Opened again in the same browser it is the same device.
    known = credentials.link(request.cookies, key)
    link = known or credentials.new_link(secret)
    answer = RedirectResponse(f"{termin}?{credentials.LINK_PARAMETER}={key}", 303, NO_STORE)
    start = credentials.link_cookie("")
    others = [name for name in request.cookies if name.startswith(start)]
    for name in others if len(others) >= LINKS_KEPT else []:
        # Too many would make every request too long to be served.
        answer.delete_cookie(name)
    set_cookie(answer, credentials.link_cookie(key), str(link), LINK_SECONDS)
    return answer
