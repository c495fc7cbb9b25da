"""
The plain HTTP doors beside Streamlit: the invitation link, the staff sign-in, what people
see who have no live seat, where a call is set up, and the live socket.

Only here are cookies set. Redirects are relative, so that the whole app may live
under a path prefix.
"""

from starlette.routing import Route

from pages.doors.entrance import instead
from pages.doors.link import invitation
from pages.doors.live import check_listeners, listen
from pages.doors.privacy import privacy
from pages.doors.sign_in import sign_in, sign_in_form
from pages.doors.signal import set_up

__all__ = ["check_listeners", "instead", "listen", "routes"]

routes = [
    Route("/termin/{secret:path}", invitation),
    Route("/datenschutz", privacy),
    Route("/anmelden", sign_in_form, methods=["GET"]),
    Route("/anmelden", sign_in, methods=["POST"]),
    Route("/signal", set_up, methods=["POST"]),
]
