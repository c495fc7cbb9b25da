"""
The plain HTTP doors beside Streamlit: the invitation link, the staff sign-in, what people
see who have no live seat, where a call is set up, and the live socket.

Only here are cookies set, but for that of the language (pages/ui/head). Redirects are relative, so
that the whole app may live under a path prefix.
"""

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.routing import Route

from pages.doors import form
from pages.doors.accessibility import accessibility
from pages.doors.entrance import by_link, foreword, instead
from pages.doors.guide import guide
from pages.doors.link import invitation
from pages.doors.live_socket import check_listeners, listen
from pages.doors.privacy import privacy
from pages.doors.scripts import script
from pages.doors.sign_in import sign_in, sign_in_form
from pages.doors.signal import set_up
from pages.ui.modules import FOLDER

__all__ = ["FORMS", "by_link", "check_listeners", "foreword", "instead", "listen", "routes"]

# Where a form may be sent by somebody nobody knows, and how many bytes of it.
FORMS = {"/anmelden": form.MAX_BYTES}


class Anything(StringConvertor):
    """All that is left of an address, breaks as well: Starlette's "path" ends at the first."""

    regex = r"[\s\S]*"


register_url_convertor("anything", Anything())
routes = [
    Route("/termin/{secret:anything}", invitation),
    Route("/datenschutz", privacy),
    Route("/hilfe", guide),
    Route("/barrierefreiheit", accessibility),
    Route(f"/{FOLDER}/{{version}}/{{module:path}}", script),
    Route("/anmelden", sign_in_form, methods=["GET"]),
    Route("/anmelden", sign_in, methods=["POST"]),
    Route("/signal", set_up, methods=["POST"]),
]
