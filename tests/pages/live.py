"""
The app as it is really served, over its WebSockets: people with a seat, their pages without a
browser, and their live sockets.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from core import clock
from core.appointment import GuestRole
from core.office import hosting, staff_sessions
from tests.browser import office
from tests.browser.raw import RawPage, raw_page
from tests.browser.server import LOGIN, PASSWORD, Invited, Served
from tests.jars import link_jar

Jar = dict[str, str]
SECONDS = 30


@dataclass(frozen=True)
class Site:
    """The served app, and cookies of people with a seat in it."""

    served: Served

    def guest(self, begins_in: timedelta = timedelta()) -> dict[str, str]:
        """The cookies of somebody who has opened their link."""
        return link_jar(self.served.plan(begins_in=begins_in).link.rpartition("/")[2])

    def staff(self) -> dict[str, str]:
        return {"beratung": staff_sessions.sign_in(clock.now(), LOGIN, PASSWORD)}

    def connect(
        self, jar: dict[str, str], path: str = "/_stcore/stream", **asked: object
    ) -> ClientConnection:
        address = self.served.base_url.replace("http://", "ws://") + path
        given = {
            "origin": Origin(self.served.base_url),
            "subprotocols": [Subprotocol("streamlit")],
            "max_queue": None,  # who floods listens to nothing, and hears the end all the same
            **asked,
        }
        cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
        return connect(address, additional_headers={"Cookie": cookie}, **given)

    def refused(self, jar: dict[str, str], **asked: object) -> int:
        """The status somebody gets who is not let in."""
        with pytest.raises(InvalidStatus) as refused:
            self.connect(jar, **asked)
        return refused.value.response.status_code

    def closed(self, jar: dict[str, str], *frames: bytes | str) -> int:
        """The code the server closes with when it is sent these."""
        with self.connect(jar) as socket:
            return code(lambda: say(socket, *frames))


def code(speak: Callable[[], None]) -> int:
    """The code the server closes with while somebody speaks."""
    with pytest.raises(ConnectionClosed) as closed:
        speak()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def say(socket: ClientConnection, *frames: bytes | str) -> None:
    """Send these, then listen until the end."""
    for frame in frames:
        socket.send(frame)
    while True:
        socket.recv(SECONDS)


def jar_of(invited: Invited) -> Jar:
    return link_jar(invited.link.rpartition("/")[2])


@contextmanager
def visit(site: Site, jar: Jar) -> Iterator[RawPage]:
    """A visitor's page, so that there is a tab."""
    with raw_page(site.served.base_url, jar) as page:
        page.run("termin", f"t={next(iter(jar)).removeprefix('termin_')}")
        yield page


@contextmanager
def listen(site: Site, jar: Jar) -> Iterator[ClientConnection]:
    with site.connect(jar, "/live", subprotocols=None) as socket:
        yield socket


def hello(socket: ClientConnection, tab: object, **more: object) -> int:
    """Name the tab; how often something has changed there."""
    socket.send(json.dumps({"tab": tab, **more}))
    while "changed" not in (event := heard(socket)):
        pass
    return event["changed"]


def heard(socket: ClientConnection) -> dict:
    return json.loads(socket.recv(SECONDS))


def ended(socket: ClientConnection) -> int:
    """The code the server closes with; what it says before is not listened to."""

    def listen() -> None:
        while True:
            socket.recv(SECONDS)

    return code(listen)


@dataclass(frozen=True)
class Talk:
    """A guest and the advisor in one talk, each with a live socket."""

    site: Site
    invited: Invited
    page: RawPage
    guest: ClientConnection
    advisor: ClientConnection

    def guest_writes(self, text: object) -> None:
        self.guest.send(json.dumps({"typing": text}))

    def advisor_reads(self) -> str:
        """What the advisor reads next of the guest."""
        while "typing" not in (event := heard(self.advisor)):
            pass
        said = event["typing"]
        assert (said["seat"], said["name"]) == (f"guest:{self.invited.guest_id}", "Emil Özdemir")
        return said["text"]

    def nobody_has_read(self) -> None:
        """Everything that was said before has been dealt with, and reached nobody."""
        for socket in (self.guest, self.advisor):
            assert read_on(socket) == []


def read_on(socket: ClientConnection) -> list[object]:
    """Of what others write, what comes before the next sign of life."""
    socket.send("{}")
    read = []
    while event := heard(socket):
        read += [event["typing"]] if "typing" in event else []
    return read


def comes_along(talk: Talk) -> None:
    """Somebody else is inside, too."""
    served, now = talk.site.served, clock.now()
    second = office.joined_by(served, talk.invited, "Ida Begleiter", GuestRole.ASSISTANT)
    office.waiting(served, second)
    hosting.admit(served.advisor, now, second.guest_id, None)
