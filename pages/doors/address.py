"""
The address a request comes from, as limits count it. Knows no limit.

X-Forwarded-For can be written by anybody: it is read from the right, and only as far as
our own proxies (the setting `proxies`) have written it. An IPv6 line has a whole /64 to
itself, so that is what counts. Source: RFC 7239, 8.1; RFC 6177.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

from core.settings import settings

Address = IPv4Address | IPv6Address
NOWHERE = "nowhere"  # a peer without an address, as on a Unix socket


def of(scope: Scope) -> str:
    """The client's address; an IPv6 one as its /64."""
    peer = _parsed((scope.get("client") or ("",))[0])
    if peer is None:
        return NOWHERE
    hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while _ours(peer) and hops:
        before = _parsed(hops.pop())
        if before is None:
            break
        peer = before
    return str(peer) if peer.version == 4 else str(ip_network((peer, 64), strict=False))


def _ours(peer: Address) -> bool:
    return any(peer in proxies for proxies in settings().proxies)


def _parsed(text: str) -> Address | None:
    """An IPv4 address in IPv6's clothes is an IPv4 address."""
    text = text.strip().partition("%")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
