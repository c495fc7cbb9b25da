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
    """
    Whether the request comes from a page of our own address, or of the host it is sent to.

    Either with the scheme of our address: a page without encryption can be anybody's.
    """
    own = urlsplit(settings().address)
    hosts = {own.netloc, headers.get("host")} - {"", None}
    return headers.get("origin") in {f"{own.scheme}://{host}" for host in hosts}


def may_send(headers: Headers) -> bool:
    """Whether a form may be sent; a browser that names no Origin has to name the same site."""
    if "origin" in headers:
        return same_origin(headers)
    return headers.get("sec-fetch-site") == "same-origin"
