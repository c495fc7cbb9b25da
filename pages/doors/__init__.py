"""
The plain HTTP doors beside Streamlit: the invitation link and the staff sign-in.

Only here are cookies set. Redirects are relative, so that the whole app may live
under a path prefix.
"""

from starlette.routing import Route

from pages.doors.link import invitation
from pages.doors.sign_in import sign_in, sign_in_form

routes = [
    Route("/termin/{secret:path}", invitation),
    Route("/anmelden", sign_in_form, methods=["GET"]),
    Route("/anmelden", sign_in, methods=["POST"]),
]
