"""What was agreed to, told by names and URIs, whatever the numbers are."""

from aiortc.rtcrtpparameters import (
    RTCRtpCodecParameters,
    RTCRtpHeaderExtensionParameters,
    RTCRtpSendParameters,
)

from core.media import negotiated
from core.media.inlet import Format
from core.media.negotiated import LEVEL, MID, SEND_TIME
from core.media.outlet import Leg
from core.media.parts import Part


def codec(kind: str, number: int, apt: object = None) -> RTCRtpCodecParameters:
    rate = 48_000 if kind == "audio/opus" else 90_000
    parameters = {} if apt is None else {"apt": apt}
    return RTCRtpCodecParameters(kind, rate, payloadType=number, parameters=parameters)


def agreed(*codecs, **extensions) -> RTCRtpSendParameters:
    uris = {"mid": MID, "level": LEVEL, "time": SEND_TIME, "other": "urn:x"}
    ids = [RTCRtpHeaderExtensionParameters(n, uris[name]) for name, n in extensions.items()]
    return RTCRtpSendParameters([*codecs], ids, muxId="v1")


VIDEO = (
    codec("video/H264", 101),
    codec("video/rtx", 102, 101),
    codec("video/VP8", 120),
    codec("video/rtx", 121, 120),
    codec("video/H264", 103),
)


def test_a_leg_is_told_by_names_and_the_first_of_each_codec_is_taken():
    leg = negotiated.leg(5, 6, agreed(*VIDEO, mid=9, time=4, other=3))
    numbers, again = {"H264": 101, "VP8": 120}, {101: 102, 120: 121}
    assert leg == Leg(5, 6, numbers, again, 90_000, b"v1", 9, 4, None)
    assert [*leg.payload_types] == ["H264", "VP8"]  # liked best first


def test_all_payload_types_of_an_m_line_lead_to_the_same_inlet():
    ways = negotiated.ways(Part.PICTURE, agreed(*VIDEO, mid=9, time=4))
    [way] = {id(each): each for each in ways.values()}.values()
    assert [*ways] == [101, 120, 103, 102, 121]
    assert (way.part, way.level_id, way.send_time_id) == (Part.PICTURE, None, 4)
    assert way.inlet.formats[121] == Format("rtx", 90_000, 120)
    assert way.inlet.repairs_lost


def test_sound_brings_its_level_and_is_not_asked_for_again():
    ways = negotiated.ways(Part.SOUND, agreed(codec("audio/opus", 111), level=2))
    assert ways[111].inlet.formats == {111: Format("opus", 48_000)}
    assert (ways[111].level_id, ways[111].inlet.repairs_lost) == (2, False)


def test_a_retransmission_of_what_was_not_agreed_to_means_nothing():
    odd = [codec("video/rtx", 98, apt) for apt in (55, 98, "97", None)]
    ways = negotiated.ways(Part.PICTURE, agreed(codec("video/VP8", 97), *odd))
    assert [*ways] == [97]
