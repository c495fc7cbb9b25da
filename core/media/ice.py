"""
Which of our addresses and ports a browser is told to send its media to.

aioice tells all addresses of the machine and takes any free port. Settings narrow both, and
add the address outside of a NAT. Knows no browser and no call, and no private name: `prepare`
tries at start whether aioice still does what is asked of it.
Source: RFC 8839 (5.1, how a candidate is written), RFC 8445 (5.1.1.1, 5.1.1.3).
"""

import asyncio
import errno
import itertools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any, TypeVar

import aioice.ice
from aioice.candidate import Candidate, candidate_foundation

from core.settings import settings

CANDIDATE = "a=candidate:"
log = logging.getLogger(__name__)
Loop = TypeVar("Loop", bound=asyncio.AbstractEventLoop)


class NotAnnounced(RuntimeError):
    """Browsers would be told another address or port than the settings say."""


def prepare() -> None:
    """Once at start: from now on only our addresses are told; refuse when that does not hold."""
    wanted = [str(each) for each in settings().media_addresses]
    if wanted:
        aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: wanted
    if not wanted and settings().media_ports is None:
        return
    with ThreadPoolExecutor(1) as aside:  # here, a loop may be running already
        told = aside.submit(_told).result()
    if not told or (wanted and sorted(each.host for each in told) != sorted(wanted)):
        raise NotAnnounced("cannot listen on all of BERATUNGSRAUM_MEDIA_ADDRESSES")
    if not all(_is_ours(each.port) for each in told):
        raise NotAnnounced("aioice does not keep to BERATUNGSRAUM_MEDIA_PORTS")


def on_our_ports(loop: Loop) -> Loop:
    """From now on a socket of this loop for datagrams that takes any port takes one of ours."""
    span = settings().media_ports
    if span is None:
        return loop
    create, ports = loop.create_datagram_endpoint, range(span[0], span[1] + 1)
    following = itertools.cycle(ports)

    async def create_on_ours(
        factory: Callable[[], Any], local_addr: Any = None, remote_addr: Any = None, **more: Any
    ) -> Any:
        if local_addr is None or local_addr[1] != 0:
            return await create(factory, local_addr, remote_addr, **more)
        for port in itertools.islice(following, len(ports)):
            try:
                return await create(factory, (local_addr[0], port), remote_addr, **more)
            except OSError as problem:
                if problem.errno not in (errno.EADDRINUSE, None):  # uvloop gives no number
                    raise
            await asyncio.sleep(0)  # talks go on meanwhile
        log.error("no port of BERATUNGSRAUM_MEDIA_PORTS is free: somebody cannot join")
        raise OSError(errno.EADDRINUSE, "no port of BERATUNGSRAUM_MEDIA_PORTS is free")

    # On this one object: uvloop's loop and Python's own have it alike.
    setattr(loop, "create_datagram_endpoint", create_on_ours)  # noqa: B010
    return loop


def announced(sdp: str) -> str:
    """
    Our answer, with the public address beside the one that a NAT passes it on to.

    Beside, not instead: whoever sits behind the same NAT mostly cannot reach it from inside.
    """
    public = settings().media_public_address
    if public is None:
        return sdp
    lines = [told for line in sdp.splitlines() for told in (line, *_outside(line, public.version))]
    return "\r\n".join(lines) + "\r\n"


def _outside(line: str, version: int) -> list[str]:
    if not line.startswith(CANDIDATE):
        return []
    candidate = Candidate.from_sdp(line.removeprefix(CANDIDATE))
    if candidate.type != "host" or ip_address(candidate.host).version != version:
        return []
    candidate.host = str(settings().media_public_address)
    candidate.foundation = candidate_foundation("host", "udp", candidate.host)
    candidate.priority -= 1  # who reaches us directly does
    return [CANDIDATE + candidate.to_sdp()]


def _is_ours(port: int) -> bool:
    span = settings().media_ports
    return span is None or span[0] <= port <= span[1]


def _told() -> list[Candidate]:
    with asyncio.Runner(loop_factory=lambda: on_our_ports(asyncio.new_event_loop())) as runner:
        return runner.run(_gathered())


async def _gathered() -> list[Candidate]:
    connection = aioice.ice.Connection(ice_controlling=False)
    await connection.gather_candidates()
    told = connection.local_candidates
    await connection.close()
    return told
