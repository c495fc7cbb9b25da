"""What was agreed to, told by names and URIs, whatever the numbers are."""

from core.media.packets.inlet import Format
from core.media.packets.leg import Leg
from core.media.packets.parts import Part
from core.media.transport import negotiated
from core.media.transport.codecs import Codec
from core.media.transport.offer import LEVEL, MID, SEND_TIME, Media

URIS = {"mid": MID, "level": LEVEL, "time": SEND_TIME, "other": "urn:x"}


def codec(name: str, number: int, repairs: int | None = None) -> Codec:
    rate = 48_000 if name == "opus" else 90_000
    return Codec(number, name, rate, "" if repairs is None else f"apt={repairs}", (), repairs)


def agreed(*codecs: Codec, part: Part = Part.PICTURE, **extensions: int) -> Media:
    return Media(part, "v1", True, True, codecs, {URIS[name]: n for name, n in extensions.items()})


VIDEO = (
    codec("H264", 101),
    codec("rtx", 102, 101),
    codec("VP8", 120),
    codec("rtx", 121, 120),
    codec("H264", 103),
)


def test_a_leg_is_told_by_names_and_the_first_of_each_codec_is_taken():
    leg = negotiated.leg(agreed(*VIDEO, mid=9, time=4, other=3), 5, 6)
    numbers, again = {"H264": 101, "VP8": 120}, {101: 102, 120: 121}
    assert leg == Leg(5, 6, numbers, again, 90_000, b"v1", 9, 4, None)
    assert [*leg.payload_types] == ["H264", "VP8"]  # liked best first


def test_all_payload_types_of_an_m_line_lead_to_the_same_inlet():
    ways = negotiated.ways(agreed(*VIDEO, mid=9, time=4))
    [way] = {id(each): each for each in ways.values()}.values()
    assert [*ways] == [101, 102, 120, 121, 103]
    assert (way.part, way.level.wanted, way.send_time.wanted) == (Part.PICTURE, None, 4)
    assert way.inlet.formats[121] == Format("rtx", 90_000, 120)
    assert way.inlet.repairs_lost


def test_sound_brings_its_level_and_is_not_asked_for_again():
    ways = negotiated.ways(agreed(codec("opus", 111), part=Part.SOUND, level=2))
    assert ways[111].inlet.formats == {111: Format("opus", 48_000)}
    assert (ways[111].level.wanted, ways[111].inlet.repairs_lost) == (2, False)
