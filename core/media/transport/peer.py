"""
A connection by the names of an RTCPeerConnection: what streamlit-webrtc's worker asks of ours.

Adds those names and nothing else: tracks, states and descriptions are known elsewhere. Knows no
packet.
"""

from collections.abc import Callable
from typing import TypeVar

from aiortc import RTCSessionDescription

from core.media.rooms.line import Line
from core.media.transport.connection import Connection
from core.media.transport.offer import Offer
from core.media.transport.port import Port

_Listener = TypeVar("_Listener", bound=Callable[..., object])


class Peer(Connection):
    """One browser's connection, as a worker has it."""

    def __init__(self, line: Line, offered: Offer, port: Port) -> None:
        super().__init__(line, offered, port)
        self.localDescription: RTCSessionDescription | None = None

    @property
    def connectionState(self) -> str:  # noqa: N802 (WebRTC's name)
        return self.state

    @property
    def iceConnectionState(self) -> str:  # noqa: N802
        return self.state

    def listens_to(self, _event: str) -> Callable[[_Listener], _Listener]:
        """Tracks and states are the line's affair: nobody is told."""
        return lambda listener: listener

    def getTransceivers(self) -> list[object]:  # noqa: N802
        """None that somebody could ask to decode or encode."""
        return []

    async def setRemoteDescription(self, _offer: RTCSessionDescription) -> None:  # noqa: N802
        """It has been read where it came in, not on the loop of all talks."""

    async def createAnswer(self) -> RTCSessionDescription:  # noqa: N802
        return RTCSessionDescription(self.answer, "answer")

    async def setLocalDescription(self, answered: RTCSessionDescription) -> None:  # noqa: N802
        self.open()
        self.localDescription = answered
