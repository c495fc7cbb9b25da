"""Nothing of a live seat is ever decoded, encoded or recorded."""

import ast
from pathlib import Path

from aiortc.rtcrtpreceiver import RTCRtpReceiver
from aiortc.rtcrtpsender import RTCRtpSender

from core.media.rooms.room import Room
from core.settings import ROOT
from tests.core.media.peers import Browser, run, until

ADVISOR, GUEST = "staff:1", "guest:1"
RED, BLUE = (80, 90, 220), (60, 210, 110)
# What the server itself has to say is encoded there, once, before anybody is heard.
ENCODES = Path("core/media/packets/placeholders.py")
DECODING = ("av", "aiortc.codecs", "aiortc.contrib", "aiortc.jitterbuffer")
NAMES = {"MediaRecorder", "MediaRelay", "MediaPlayer", "get_decoder", "get_encoder"}


def test_aiortcs_own_ways_that_decode_and_encode_run_at_the_far_ends_only(monkeypatch):
    ran: set[object] = set()
    for kind, way in ((RTCRtpReceiver, "receive"), (RTCRtpSender, "send")):
        note(monkeypatch, kind, way, ran)
    room = Room()
    lines = [room.new_line(seat) for seat in (ADVISOR, GUEST)]

    async def scene(advisor: Browser, guest: Browser) -> None:
        room.let_in(lambda: frozenset({ADVISOR, GUEST}))
        await until(lambda: advisor.sees(BLUE) and guest.sees(RED))
        await until(lambda: advisor.hears(600) and guest.hears(1000))
        ends = [[*each.near.getSenders(), *each.near.getReceivers()] for each in (advisor, guest)]
        assert ran == {*ends[0], *ends[1]}

    run(scene, lambda: Browser(lines[0], RED, 1000), lambda: Browser(lines[1], BLUE, 600))


def note(monkeypatch, kind: type, way: str, ran: set[object]) -> None:
    real = getattr(kind, way)

    async def noted(self, parameters) -> None:
        ran.add(self)
        await real(self, parameters)

    monkeypatch.setattr(kind, way, noted)


def test_only_one_module_knows_anything_that_encodes_and_none_that_decodes():
    knowing = {
        file.relative_to(ROOT): found
        for folder in ("core", "pages")
        for file in (ROOT / folder).rglob("*.py")
        if (found := decoding_names(file))
    }
    assert set(knowing) == {ENCODES}
    assert not [name for name in knowing[ENCODES] if "Decoder" in name or name in NAMES]


def decoding_names(file: Path) -> set[str]:
    """What it imports from where anything is decoded or encoded."""
    found: set[str] = set()
    for each in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(each, ast.ImportFrom):
            names = {alias.name for alias in each.names}
            found |= names if (each.module or "").startswith(DECODING) else names & NAMES
        elif isinstance(each, ast.Import):
            found |= {alias.name for alias in each.names if alias.name.startswith(DECODING)}
    return found
