"""
One attacker: a process of its own, at an address of its own, that knows the protocols well.

It holds the cookie of one link, like any visitor. Everything it sends is made beforehand
and it runs at the lowest priority: what is measured is the server, not the attacker.
"""

import asyncio
import os
import random
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing.connection import Connection

from streamlit.proto.BackMsg_pb2 import BackMsg

ADDRESS = "127.0.0.66"
SOCKETS, MESSAGES = 20, 80  # sockets, and messages a second on each
HANDSHAKES = 2_000  # without a cookie, in a whole attack
FOREIGN = 5  # handshakes from another origin, in a whole attack
LARGE = 2_000_000  # bytes, once a second
RANDOM = 10_000  # frames in a whole attack
DATAGRAMS = 100_000  # in a whole attack
WHOLE = 60.0  # seconds; a shorter attack is no denser
TICK = 0.05
AGAIN = 1.0  # seconds until a refused socket is tried again
FULL = 1_000_000  # bytes that wait to be sent: the server reads no more
BINARY = 0x82


@dataclass(frozen=True)
class Target:
    """What the attacker has found out."""

    port: int
    cookie: str
    query: str
    media: tuple[str, int]


def frame(payload: bytes) -> bytes:
    """RFC 6455, 5.2: one binary message; masked, as a client's have to be, with zeros."""
    size = len(payload)
    if size < 126:
        head = bytes([BINARY, 0x80 | size])
    elif size < 1 << 16:
        head = bytes([BINARY, 0x80 | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([BINARY, 0x80 | 127]) + size.to_bytes(8, "big")
    return head + bytes(4) + payload


def rerun(query: str, padding: int = 0) -> bytes:
    """What a browser sends to have its page drawn."""
    message = BackMsg()
    message.rerun_script.page_name = "termin"
    message.rerun_script.query_string = query
    if padding:
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id, widget.string_value = "large", "x" * padding
    return frame(message.SerializeToString())


class Socket(asyncio.Protocol):
    """One WebSocket, down to its bytes; what the server says is not listened to."""

    def __init__(self, hello: bytes, done: Counter[str]) -> None:
        self._hello = hello
        self._done = done
        self.status: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        if not self.status.done():
            status = data[9:12]
            self.open = status == b"101"
            self._done[f"handshakes answered {status.decode(errors='replace')}"] += 1
            self.status.set_result(status)

    def connection_lost(self, _problem: Exception | None) -> None:
        self.open = False
        if not self.status.done():
            self.status.set_result(b"")

    def send(self, data: bytes, kind: str, count: int = 1) -> None:
        if self.open and self._transport.get_write_buffer_size() < FULL:
            self._transport.write(data)
            self._done[kind] += count

    def close(self) -> None:
        self.open = False
        self._transport.abort()


@dataclass
class Attacker:
    """Everything at once until the time is over."""

    target: Target
    seconds: float
    done: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    @property
    def until(self) -> float:
        return self.began + self.seconds

    async def attack(self) -> None:
        floods = [self.flood_messages() for _ in range(SOCKETS)]
        await asyncio.gather(
            *floods,
            self.flood_handshakes(),
            self.try_foreign_origin(),
            self.send_large(),
            self.send_random(),
            self.send_datagrams(),
        )

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.until

    async def connect(self, cookie: str = "", origin: str = "") -> Socket:
        """A socket whose handshake has been sent."""
        own = f"http://localhost:{self.target.port}"
        lines = [
            "GET /_stcore/stream HTTP/1.1",
            f"Host: localhost:{self.target.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Protocol: streamlit",
            f"Origin: {origin or own}",
            *([f"Cookie: {cookie}"] if cookie else []),
        ]
        hello = ("\r\n".join(lines) + "\r\n\r\n").encode()
        loop = asyncio.get_running_loop()
        _, opened = await loop.create_connection(
            lambda: Socket(hello, self.done),
            "127.0.0.1",
            self.target.port,
            local_addr=(ADDRESS, 0),
        )
        self.done["handshakes"] += 1
        return opened

    async def opened(self) -> Socket | None:
        """A socket ready to be written to; None if it was refused or the time is over."""
        try:
            async with asyncio.timeout(max(0, self.until - time.monotonic())):
                opened = await self.connect(self.target.cookie)
                await opened.status
        except (OSError, TimeoutError):
            return None
        return opened if opened.open else None

    async def flood_messages(self) -> None:
        """80 messages a second on one socket, opened again whenever it is closed."""
        await asyncio.sleep(self.seconds / 6)  # when it begins, few of the others get a socket
        per_tick = round(MESSAGES * TICK)
        burst = rerun(self.target.query) * per_tick
        while self.goes_on:
            opened = await self.opened()
            while opened and opened.open and self.goes_on:
                opened.send(burst, "messages", per_tick)
                await asyncio.sleep(TICK)
            await asyncio.sleep(AGAIN)

    async def flood_handshakes(self) -> None:
        """Nobody's WebSockets, evenly over the time; each is dropped once it is answered."""
        async with asyncio.TaskGroup() as knocking:
            due = self.began
            while self.goes_on:
                await asyncio.sleep(max(0, due - time.monotonic()))
                knocking.create_task(self.knock())
                due += WHOLE / HANDSHAKES

    async def knock(self, origin: str = "", cookie: str = "") -> None:
        try:
            opened = await self.connect(cookie, origin)
            async with asyncio.timeout(max(0, self.until - time.monotonic())):
                await opened.status
        except (OSError, TimeoutError):
            return
        opened.close()

    async def try_foreign_origin(self) -> None:
        await asyncio.sleep(self.seconds / 3)
        times = round(FOREIGN * self.seconds / WHOLE)
        foreign = (self.knock("https://evil.example", self.target.cookie) for _ in range(times))
        await asyncio.gather(*foreign)

    async def send_large(self) -> None:
        large = rerun(self.target.query, LARGE)
        while self.goes_on:
            if opened := await self.opened():
                opened.send(large, "2 MB frames")
                await asyncio.sleep(AGAIN)
                opened.close()
            else:
                await asyncio.sleep(AGAIN)

    async def send_random(self) -> None:
        """Well-formed frames with anything inside; now and then bytes that are no frame at all."""
        dice = random.Random(66)  # noqa: S311  (the same attack every time)
        frames = [frame(dice.randbytes(dice.randrange(1, 2000))) for _ in range(50)]
        burst = b"".join(frames)
        pause = WHOLE * len(frames) / RANDOM
        await asyncio.sleep(self.seconds / 12)
        while self.goes_on:
            if opened := await self.opened():
                opened.send(burst, "random frames", len(frames))
                opened.send(dice.randbytes(200), "bytes that are no frame")
                await asyncio.sleep(pause)
                opened.close()
            else:
                await asyncio.sleep(pause)

    async def send_datagrams(self) -> None:
        """Forged STUN, DTLS, RTP and RTCP (told apart by their first byte: RFC 7983)."""
        firsts = (0, 22, 128, 200)
        pool = cycle([bytes([first]) + os.urandom(160) for first in firsts for _ in range(64)])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind((ADDRESS, 0))
            sender.setblocking(False)
            while self.goes_on:
                due = DATAGRAMS * (time.monotonic() - self.began) / WHOLE
                while self.done["datagrams"] < due:
                    sender.sendto(next(pool), self.target.media)
                    self.done["datagrams"] += 1
                await asyncio.sleep(TICK / 5)


def run(target: Target, seconds: float, told: Connection) -> None:
    """The process: wait for the word, attack, then tell what has been done."""
    os.nice(19)
    told.recv()
    attacker = Attacker(target, seconds)
    asyncio.run(attacker.attack())
    told.send(dict(attacker.done))
