"""
What every answer says about how a browser may use it.

Knows three kinds of answer: Streamlit's page with its scripts, our plain pages without any, and
files, which are no page.
Sources: OWASP ASVS 5.0, 3.4; Content Security Policy Level 3; Permissions Policy.
"""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from core.settings import settings
from pages.upstream import frontend

YEAR = 365 * 24 * 60 * 60
_NOT_NEEDED = (
    "accelerometer",
    "browsing-topics",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_NEEDED = ("camera", "microphone", "display-capture", "fullscreen", "screen-wake-lock")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(
        [f"{name}=(self)" for name in _NEEDED] + [f"{name}=()" for name in _NOT_NEEDED]
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FILES = ("text/javascript", "application/javascript", "text/css", "font/woff2")
_FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"
_STARTS = ("http.response.start", "websocket.http.response.start")


def plain_policy() -> str:
    """For a page without a script and without a frame."""
    return (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def app_policy() -> str:
    """
    For Streamlit's page; no page of ours has a frame in it.

    Streamlit writes its styles into the page, so they are allowed there; it loads the script
    of a component as a blob:, and reads long numbers with WebAssembly. Old Safari does
    not count WebSockets as 'self'.
    """
    scripts = " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *frontend.script_hashes()])
    address = urlsplit(settings().address)
    socket = f"{'wss' if settings().https else 'ws'}://{address.netloc}"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; "
        f"connect-src 'self' {socket}; manifest-src 'self'; "
        "form-action 'self'; frame-ancestors 'self'; base-uri 'none'; object-src 'none'"
    )


def dressed(send: Send, policy: str, cookies: bool = True) -> Send:
    """`send`, with all headers that are not there yet; without cookies unless they are ours."""

    async def dress(message: Message) -> None:
        if message["type"] in _STARTS:
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            is_file = headers.get("content-type", "").partition(";")[0] in _FILES
            for name, value in (of_file() if is_file else every(policy)).items():
                headers.setdefault(name, value)
            if not cookies:
                del headers["set-cookie"]
            message = {**message, "headers": headers.raw}
        await send(message)

    return dress


def every(policy: str) -> dict[str, str]:
    """All headers of a page, by name."""
    hsts = {"Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains"}
    return {
        "Content-Security-Policy": policy,
        **_ALWAYS,
        **(hsts if settings().https else {}),
    }


def of_file() -> dict[str, str]:
    """
    Of a script, a style sheet or a font, which may use nothing: the two long headers are for pages.

    A first visit has a hundred files, and those two were a tenth of its bytes.
    """
    headers = every(_FILE_POLICY)
    del headers["Permissions-Policy"]
    return headers
