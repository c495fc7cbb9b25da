"""What a browser is told of us: exactly what it offered, where we are, and nothing it wrote."""

import re
from dataclasses import replace

import pytest
from aiortc.sdp import SessionDescription

from core.media.packets.parts import Part
from core.media.transport import answer, offer
from core.media.transport.answer import Candidate, Ours
from core.media.transport.codecs import Codec
from core.media.transport.offer import LEVEL, MID, SEND_TIME, Media, Offer
from core.media.transport.sdp import UnusualOffer
from tests.core.media.transport.offers import OFFERS

OURS = Ours(
    ufrag="1f" * 9,
    pwd="2e" * 24,
    fingerprint=("sha-256", ":".join(["AB"] * 32)),
    candidates=[Candidate("192.0.2.1", 10_000), Candidate("2001:db8::1", 10_000)],
    ssrcs=[(11, 12), (21, 22)],
)
VP8 = Codec(96, "VP8", 90_000, "max-fr=60", ("nack", "nack pli"))
RTX = Codec(97, "rtx", 90_000, "apt=96", (), 96)
H264 = Codec(99, "H264", 90_000, "packetization-mode=1;profile-level-id=42e01f", ())
OPUS = Codec(111, "opus", 48_000, "minptime=10;useinbandfec=1", ())
PICTURE = Media(Part.PICTURE, "p", True, True, (VP8, RTX, H264), {MID: 9, SEND_TIME: 2})
SOUND = Media(Part.SOUND, "s", True, False, (OPUS,), {LEVEL: 14})
OFFER = Offer("abcd", ("sha-256", "00"), "actpass", ("s", "p"), (PICTURE, SOUND))
TRANSPORT = f"""\
a=ice-ufrag:{OURS.ufrag}
a=ice-pwd:{OURS.pwd}
a=fingerprint:sha-256 {OURS.fingerprint[1]}
a=setup:active
a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host
a=candidate:2 1 udp 2130706175 2001:db8::1 10000 typ host
a=end-of-candidates
"""
WHOLE = f"""\
v=0
o=- 11 1 IN IP4 0.0.0.0
s=-
t=0 0
a=group:BUNDLE s p
a=msid-semantic: WMS *
a=ice-lite
m=video 9 UDP/TLS/RTP/SAVPF 96 97 99
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=mid:p
a=sendrecv
a=extmap:9 {MID}
a=extmap:2 {SEND_TIME}
a=rtcp-mux
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:99 H264/90000
a=fmtp:99 packetization-mode=1;profile-level-id=42e01f
a=msid:beratungsraum videop
a=ssrc-group:FID 11 12
a=ssrc:11 cname:beratungsraum
a=ssrc:12 cname:beratungsraum
{TRANSPORT}\
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=mid:s
a=recvonly
a=extmap:14 {LEVEL}
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=fmtp:111 useinbandfec=1
{TRANSPORT}"""


def written(read: Offer, **differs: object) -> str:
    ours = replace(OURS, ssrcs=[(n, n + 1) for n in range(1, 2 * len(read.media), 2)])
    return answer.write(read, replace(ours, **differs))


def test_an_answer_is_this_word_by_word():
    assert answer.write(OFFER, OURS) == WHOLE.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("theirs", "ours"), [("actpass", "active"), ("passive", "active"), ("active", "passive")]
)
def test_of_two_ends_exactly_one_begins_the_encryption(theirs, ours):
    said = answer.write(replace(OFFER, setup=theirs), OURS)
    assert set(re.findall("a=setup:(.*)\r", said)) == {ours}


@pytest.mark.parametrize("sends", [True, False])
@pytest.mark.parametrize("receives", [True, False])
def test_what_the_browser_sends_we_receive_and_the_other_way_round(sends, receives):
    media = (replace(PICTURE, sends=sends, receives=receives),)
    said = written(replace(OFFER, bundle=("p",), media=media))
    [theirs] = SessionDescription.parse(said).media
    ends = {"sendrecv": (True, True), "sendonly": (False, True), "recvonly": (True, False)}
    assert ends.get(theirs.direction, (False, False)) == (sends, receives)
    assert bool(theirs.ssrc) is receives


@pytest.mark.parametrize("bundle", [("p", "s"), ("s", "p")])
def test_the_group_has_the_order_of_the_browser(bundle):
    said = answer.write(replace(OFFER, bundle=bundle), OURS)
    assert f"a=group:BUNDLE {' '.join(bundle)}\r\n" in said


@pytest.mark.parametrize("name", OFFERS)
def test_every_m_line_of_a_browser_is_answered_in_its_order(name):
    read = offer.read(OFFERS[name])
    theirs = SessionDescription.parse(written(read))
    assert [(each.kind, each.rtp.muxId) for each in theirs.media] == [
        (answer.KINDS[each.part], each.mid) for each in read.media
    ]
    assert theirs.group[0].items == list(read.bundle)


@pytest.mark.parametrize("name", OFFERS)
def test_nothing_is_said_that_the_browser_has_not_offered(name):
    offered = set(OFFERS[name].split("\r\n"))
    # Of what Opus can, one thing is agreed to.
    offered |= {re.sub(r" .*", " useinbandfec=1", line) for line in offered if answer.FEC in line}
    told = re.findall(r"a=(?:extmap|rtpmap|rtcp-fb|fmtp):.*", written(offer.read(OFFERS[name])))
    assert {line.rstrip("\r") for line in told} <= offered


@pytest.mark.parametrize("name", OFFERS)
@pytest.mark.parametrize("hosts", [[], ["192.0.2.1"], ["192.0.2.1", "2001:db8::1", "198.51.100.7"]])
def test_candidates_are_exactly_ours_the_best_first_in_every_m_line(name, hosts):
    candidates = [Candidate(host, 10_000 + at) for at, host in enumerate(hosts)]
    said = written(offer.read(OFFERS[name]), candidates=candidates)
    for media in SessionDescription.parse(said).media:
        its = media.ice_candidates
        assert [(each.ip, each.port) for each in its] == [(e.host, e.port) for e in candidates]
        assert {(each.protocol, each.type, each.component) for each in its} <= {("udp", "host", 1)}
        priorities = [each.priority for each in its]
        assert priorities == sorted(set(priorities), reverse=True)
        assert len({each.foundation for each in its}) == len(its)
        assert media.ice_candidates_complete


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ("useinbandfec=1", 1),
        ("minptime=10;useinbandfec=1;stereo=1", 1),
        ("useinbandfec=0", 0),
        ("useinbandfec=10", 0),
        ("notuseinbandfec=1", 0),
        ("", 0),
    ],
)
def test_sound_is_sent_with_what_was_lost_before_only_if_the_browser_says_that_it_can(said, agreed):
    sound = replace(SOUND, codecs=(replace(OPUS, format=said),))
    told = answer.write(replace(OFFER, media=(PICTURE, sound)), OURS)
    assert told.count("useinbandfec") == agreed


def test_our_end_says_that_it_is_lite():
    assert SessionDescription.parse(answer.write(OFFER, OURS)).media[0].ice.iceLite


BREAKING = (
    "v\r\na=candidate:1 1 udp 1 192.0.2.99 9 typ host",
    "v\na=x",
    "v\ra=x",
    "v\u2028a=x",
    "v\0",
)


@pytest.mark.parametrize("text", BREAKING)
@pytest.mark.parametrize("place", ["a=mid:0", "useinbandfec=1", "a=ice-ufrag:iw8Y", "42001f"])
def test_nothing_that_a_browser_writes_breaks_out_of_its_line(place, text):
    said = OFFERS["chromium-1"].replace(place, place + text)
    try:
        lines = written(offer.read(said)).split("\r\n")
    except UnusualOffer:
        return
    assert [line for line in lines if "192.0.2.99" in line or not line.isprintable()] == []
    assert [line for line in lines[:-1] if not re.fullmatch("[a-z]=[ -~]+", line)] == []


def test_vp8_is_what_everybody_sends_whatever_a_browser_likes_best():
    """Not every other one can decode H.264, such as Debian's Firefox."""
    likes_h264 = (
        OFFERS["chromium-1"]
        .replace("SAVPF 96 97 ", "SAVPF ")
        .replace("\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9", " 96 97\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9")
    )
    [picture, *_] = offer.read(likes_h264).media
    assert [(each.name, each.payload_type) for each in picture.codecs][:3] == [
        ("VP8", 96),
        ("rtx", 97),
        ("H264", 102),
    ]
