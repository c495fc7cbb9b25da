"""
Whether a request comes from a page of our own.

A foreign page can make a browser open a WebSocket or send a form, with the person's
cookies; it cannot change the Origin the browser names. Knows no cookie and no path.
Source: RFC 6454, 7; Fetch Metadata Request Headers.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from core.settings import settings


def same_origin(headers: Headers) -> bool:
    """Whether the request comes from a page of the host it is sent to, or of our own address."""
    origin = headers.get("origin", "").partition("://")[2]
    return origin != "" and origin in (headers.get("host"), urlsplit(settings().address).netloc)


def may_send(headers: Headers) -> bool:
    """Whether a form may be sent; a browser that names no Origin has to name the same site."""
    if "origin" in headers:
        return same_origin(headers)
    return headers.get("sec-fetch-site") == "same-origin"
