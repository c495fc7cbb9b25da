"""What is read of an offer, exactly; what no page of ours sends is refused, and nothing breaks."""

import asyncio
import re
from dataclasses import replace

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import SessionDescription
from hypothesis import given, settings
from hypothesis import strategies as st

from core.media.packets import rtp
from core.media.packets.outlet import Outlet
from core.media.packets.parts import Part
from core.media.rooms.room import Room
from core.media.transport import answer, negotiated, offer
from core.media.transport.codecs import MOST_CODECS, Codec
from core.media.transport.offer import LEVEL, MID, SEND_TIME, Media, Offer
from core.media.transport.sdp import DIRECTIONS, UnusualOffer
from tests.core.media.ends import packet
from tests.core.media.peers import NOWHERE
from tests.core.media.transport.offers import OFFERS

OURS = answer.Ours(
    ufrag="1f" * 9,
    pwd="2e" * 24,
    fingerprint=("sha-256", ":".join(["AB"] * 32)),
    candidates=[answer.Candidate("192.0.2.1", 10_000)],
    ssrcs=[(2 * number + 1, 2 * number + 2) for number in range(8)],
)
ALL = ("nack", "nack pli", "goog-remb")


def h264(number, profile):
    said = f"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={profile}"
    return Codec(number, "H264", 90_000, said, ALL)


def vp8(number, said=""):
    return Codec(number, "VP8", 90_000, said, ALL)


def rtx(number, of):
    return Codec(number, "rtx", 90_000, f"apt={of}", (), of)


IN_CHROMIUM = {
    Part.PICTURE: (
        (
            *(vp8(96), rtx(97, 96)),
            *(h264(102, "42001f"), rtx(103, 102)),
            *(h264(108, "42e01f"), rtx(109, 108)),
        ),
        {MID: 9, SEND_TIME: 2},
    ),
    Part.SOUND: (
        (Codec(111, "opus", 48_000, "minptime=10;useinbandfec=1", ()),),
        {MID: 9, LEVEL: 14},
    ),
}
IN_FIREFOX = {
    Part.PICTURE: (
        (vp8(120, "max-fs=12288;max-fr=60"), rtx(124, 120)),
        {MID: 3, SEND_TIME: 4},
    ),
    Part.SOUND: (
        (Codec(109, "opus", 48_000, "maxplaybackrate=48000;stereo=1;useinbandfec=1", ()),),
        {MID: 3, LEVEL: 1},
    ),
}
PICTURE, SOUND = Part.PICTURE, Part.SOUND
NO_PARTS = [(IN_FIREFOX, SOUND)]  # of RTCP
READ = {
    "chromium-1": (
        "iw8Y",
        "DA:24:AD:FE:F1:CA:E7:8C:95:6D:89:E6:71:B9:8D:CF"
        ":66:D0:DC:49:62:7B:FF:5C:88:91:F9:3B:C6:19:8A:0B",
        IN_CHROMIUM,
        [PICTURE, SOUND, PICTURE],
    ),
    "chromium-3": (
        "LyAJ",
        "4C:7B:24:1A:2F:AC:A4:89:13:30:FF:D6:FD:40:23:81"
        ":06:22:CA:4A:8D:A9:45:3E:C8:06:8B:A3:7A:2B:5A:EB",
        IN_CHROMIUM,
        [PICTURE, SOUND, PICTURE, SOUND, PICTURE, SOUND, PICTURE],
    ),
    "firefox-1": (
        "d485ea31",
        "2A:B8:86:46:FE:1A:2F:56:F9:FC:DB:9E:1A:11:80:6F"
        ":D1:21:44:6A:A5:2D:CA:CF:6C:D8:1B:04:55:1E:B9:76",
        IN_FIREFOX,
        [PICTURE, SOUND] * 2,
    ),
    "firefox-3": (
        "ec629bd9",
        "31:57:E1:A2:9A:64:67:8C:C9:AE:82:E6:CB:C4:AA:38"
        ":91:5E:15:3E:B7:62:5E:75:59:4F:F7:4D:57:D3:5F:A3",
        IN_FIREFOX,
        [PICTURE, SOUND] * 4,
    ),
}


@pytest.mark.parametrize("name", READ)
def test_of_a_browsers_offer_exactly_what_we_want_is_read(name):
    ufrag, fingerprint, browser, parts = READ[name]
    media = tuple(
        Media(part, str(number), number < 2, True, *browser[part], (browser, part) not in NO_PARTS)
        for number, part in enumerate(parts)
    )
    mids = tuple(each.mid for each in media)
    read = Offer(ufrag, ("sha-256", fingerprint), "actpass", mids, media)
    assert offer.read(OFFERS[name]) == read


def of_aiortc(others=0, kinds=("video", "audio"), direction="sendrecv"):
    """An offer of aiortc."""

    async def made():
        browser = RTCPeerConnection(NOWHERE)
        for kind in kinds:
            browser.addTransceiver(kind, direction=direction)
            for _ in range(others):
                browser.addTransceiver(kind, direction="recvonly")
        await browser.setLocalDescription(await browser.createOffer())
        await browser.close()
        return browser.localDescription.sdp

    return asyncio.run(made())


OF_AIORTC = of_aiortc(1)


def test_of_aiortcs_offer_exactly_what_we_want_is_read():
    read, theirs = offer.read(OF_AIORTC), SessionDescription.parse(OF_AIORTC)
    [first, *_] = theirs.media
    told = {each.algorithm: each.value for each in first.dtls.fingerprints}
    assert (read.ufrag, read.setup) == (first.ice.usernameFragment, "actpass")
    assert read.fingerprint == ("sha-256", told["sha-256"])
    assert read.bundle == tuple(each.rtp.muxId for each in theirs.media)
    for ours, its in zip(read.media, theirs.media, strict=True):
        assert (ours.part, ours.mid) == (offer.KINDS[its.kind], its.rtp.muxId)
        assert (ours.sends, ours.receives) == DIRECTIONS[its.direction]
        wanted = [each for each in its.rtp.codecs if each.name in ("VP8", "H264", "rtx", "opus")]
        assert [each.payload_type for each in ours.codecs] == [each.payloadType for each in wanted]
        apt = [each.parameters.get("apt") for each in wanted]
        assert [each.repairs for each in ours.codecs] == apt
        ids = {each.uri: each.id for each in its.rtp.headerExtensions}
        assert ours.extensions == {uri: ids[uri] for uri in ours.extensions}
        assert MID in ours.extensions


@pytest.mark.parametrize(
    "told",
    [
        {"others": 0},
        {"others": 3},
        {"kinds": ("audio", "video")},
        {"kinds": ("audio",)},
        {"kinds": ("audio",), "direction": "recvonly"},
        {"direction": "sendonly"},
    ],
    ids=str,
)
def test_aiortc_takes_the_answer_to_its_offer(told):
    async def scene():
        near = RTCPeerConnection(NOWHERE)
        kinds, direction = told.get("kinds", ("video", "audio")), told.get("direction", "sendrecv")
        for kind in kinds:
            near.addTransceiver(kind, direction=direction)
            for _ in range(told.get("others", 0)):
                near.addTransceiver(kind, direction="recvonly")
        await near.setLocalDescription(await near.createOffer())
        said = offer.read(near.localDescription.sdp)
        ours = replace(OURS, ssrcs=OURS.ssrcs[: len(said.media)])
        await near.setRemoteDescription(RTCSessionDescription(answer.write(said, ours), "answer"))
        state = near.signalingState
        await near.close()
        return state

    assert asyncio.run(scene()) == "stable"


# --- The grammar, line by line: a small offer in which one thing is different ---------------------

PWD, DIGEST = "a" * 22, ":".join(["0a"] * 32)
SESSION = (
    "v=0",
    "o=- 1 2 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE v s",
    "a=ice-ufrag:abcd",
    f"a=ice-pwd:{PWD}",
    f"a=fingerprint:sha-256 {DIGEST}",
    "a=setup:actpass",
)
VIDEO = (
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
    "a=mid:v",
    "a=sendrecv",
    "a=rtcp-mux",
    f"a=extmap:3 {MID}",
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 nack",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
)
AUDIO = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "a=mid:s",
    "a=sendrecv",
    "a=rtcp-mux",
    "a=rtpmap:111 opus/48000/2",
)


def sdp(*lines, ending="\r\n"):
    return "".join(line + ending for line in lines)


SMALL = sdp(*SESSION, *VIDEO, *AUDIO)


def changed(old, new, count=-1):
    """The small offer with something else at one place."""
    assert old in SMALL
    return SMALL.replace(old, new, count)


def test_the_small_offer_is_read_with_either_line_ending():
    read = offer.read(SMALL)
    assert offer.read(SMALL.replace("\r\n", "\n")) == read
    assert read == Offer(
        "abcd",
        ("sha-256", DIGEST.upper()),
        "actpass",
        ("v", "s"),
        (
            Media(
                PICTURE,
                "v",
                True,
                True,
                (Codec(96, "VP8", 90_000, "", ("nack",)), rtx(97, 96)),
                {MID: 3},
            ),
            Media(SOUND, "s", True, True, (Codec(111, "opus", 48_000, "", ()),), {}),
        ),
    )


LONG_MID = "m" * 17
REFUSED = {
    "nothing": "",
    "only a version": "v=0\r\n",
    "no m-line": sdp(*SESSION),
    "only an m-line": "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
    "no ufrag": changed("a=ice-ufrag:abcd", "a=x"),
    "a ufrag of 3": changed(":abcd", ":abc"),
    "a ufrag of 257": changed(":abcd", ":" + "a" * 257),
    "a ufrag with a colon": changed(":abcd", ":ab:d"),
    "a ufrag with a space": changed(":abcd", ":abc d"),
    "a ufrag with a digit of another script": changed(":abcd", ":abc\u0663"),
    "a ufrag with a bare return": changed(":abcd", ":abcd\r"),
    "a ufrag with a NUL": changed(":abcd", ":abcd\0"),
    "RTCP apart from RTP": changed("a=rtcp-mux", "a=x", 1),
    "no password": changed("a=ice-pwd", "a=x"),
    "a password of 21": changed(PWD, PWD[:-1]),
    "a password of 257": changed(PWD, "a" * 257),
    "a password with a dash": changed(PWD, PWD[:-1] + "-"),
    "no fingerprint": changed("a=fingerprint", "a=x"),
    "a fingerprint of 31": changed(DIGEST, DIGEST[3:]),
    "a fingerprint of 33": changed(DIGEST, "00:" + DIGEST),
    "a fingerprint of another length than its name": changed("sha-256", "sha-384"),
    "SHA-1": changed(f"sha-256 {DIGEST}", "sha-1 " + ":".join(["00"] * 20)),
    "MD5": changed(f"sha-256 {DIGEST}", "md5 " + ":".join(["00"] * 16)),
    "a fingerprint without colons": changed(DIGEST, DIGEST.replace(":", "")),
    "a fingerprint with one letter too many": changed(DIGEST, DIGEST + "0"),
    "a fingerprint that is no number": changed(DIGEST, "xx" + DIGEST[2:]),
    "a fingerprint of digits of another script": changed(DIGEST, "\u0660\u0661" + DIGEST[2:]),
    "no setup": changed("a=setup", "a=x"),
    "holdconn": changed("actpass", "holdconn"),
    "another setup": changed("actpass", "ACTPASS"),
    "no mid": changed("a=mid:v", "a=x"),
    "an empty mid": changed("a=mid:v", "a=mid:"),
    "a mid of 17": changed("a=mid:v", f"a=mid:{LONG_MID}").replace(
        "BUNDLE v", f"BUNDLE {LONG_MID}"
    ),
    "a mid with a space": changed("a=mid:v", "a=mid:v v"),
    "a mid with a bare return": changed("a=mid:v", "a=mid:v\r"),
    "the same mid twice": changed("a=mid:s", "a=mid:v"),
    "the same mid twice, in the group once": changed("a=mid:s", "a=mid:v").replace("v s", "v"),
    "no group": changed("a=group", "a=x"),
    "a group of another kind": changed("BUNDLE", "LS"),
    "a group without one": changed("BUNDLE v s", "BUNDLE v"),
    "a group with a stranger": changed("BUNDLE v s", "BUNDLE v s x"),
    "a group with one twice": changed("BUNDLE v s", "BUNDLE v s s"),
    "an empty group": changed("BUNDLE v s", "BUNDLE"),
    "a payload type twice in the m-line": changed("SAVPF 96 97", "SAVPF 96 97 96"),
    "a payload type twice, with a nought": changed("SAVPF 96 97", "SAVPF 96 97 096"),
    "a payload type twice in its lines": changed(
        "a=rtpmap:96 VP8/90000\r\n", 2 * "a=rtpmap:96 VP8/90000\r\n"
    ),
    "payload types in digits of another script": changed("SAVPF 96 97", "SAVPF \u0669\u0666"),
    "no payload types": changed("SAVPF 96 97", "SAVPF"),
    "another protocol": changed("UDP/TLS/RTP/SAVPF 111", "RTP/AVP 111"),
    "TCP": changed("UDP/TLS/RTP/SAVPF 111", "TCP/TLS/RTP/SAVPF 111"),
    "text": changed("m=audio", "m=text"),
    "data": sdp(*SESSION, *VIDEO, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:s"),
    "data beside": changed("BUNDLE v s", "BUNDLE v s d")
    + sdp("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:d"),
    "no codec of ours": changed("VP8", "VP9"),
    "a codec at another rate": changed("opus/48000", "opus/16000"),
    "only a retransmission": changed("SAVPF 96 97", "SAVPF 97"),
    "sound among pictures": changed("VP8/90000", "opus/48000"),
    "a payload type beyond 127": SMALL.replace("111", "128"),
    "too many bytes": SMALL + "a=" + "x" * offer.MOST_BYTES,
    "too many lines": SMALL + "\r\n" * offer.MOST_LINES,
}


@pytest.mark.parametrize("wrong", REFUSED.values(), ids=REFUSED)
def test_what_no_page_of_ours_sends_is_refused(wrong):
    with pytest.raises(UnusualOffer):
        offer.read(wrong)


def test_an_algorithm_in_letters_that_are_only_alike_is_refused():
    with pytest.raises(UnusualOffer):
        offer.read(changed("sha-256", "\u017fha-256"))


def talk(*sections):
    """An offer of m-lines: kind and direction."""
    told = {"video": VIDEO, "audio": AUDIO}
    mids = [f"m{number}" for number, _ in enumerate(sections)]
    session = [f"a=group:BUNDLE {' '.join(mids)}" if "BUNDLE" in each else each for each in SESSION]
    media = [
        {"a=mid:v": f"a=mid:{mid}", "a=mid:s": f"a=mid:{mid}", "a=sendrecv": f"a={way}"}.get(
            line, line
        )
        for mid, (kind, way) in zip(mids, sections, strict=True)
        for line in told[kind]
    ]
    return sdp(*session, *media)


V, S = ("video", "sendrecv"), ("audio", "sendrecv")
MORE_V, MORE_S = ("video", "recvonly"), ("audio", "recvonly")
TALKS = {
    "one's own": [V, S],
    "sound first": [S, V],
    "sound only": [S],
    "nothing of one's own": [MORE_V, MORE_S],
    "one way": [("video", "sendonly"), ("audio", "sendonly")],
    "nothing goes": [("video", "inactive"), S],
    "three others": [V, S, *[MORE_V, MORE_S] * 3],
    "three others and no camera": [MORE_V, S, *[MORE_V, MORE_S] * 2],
}
TOO_MUCH = {
    "two cameras": [V, S, V],
    "two cameras, one of them one way": [V, S, ("video", "sendonly")],
    "two microphones": [S, S],
    "four others": [V, S, *[MORE_V] * 4],
    "four other sounds": [V, S, *[MORE_S] * 4],
    "four others of whom one is silent": [V, S, *[MORE_V] * 3, ("video", "inactive")],
    "nine m-lines": [V, S, *[MORE_V, MORE_S] * 3, MORE_V],
    "a hundred and fifty": [MORE_S] * 150,
}


@pytest.mark.parametrize("sections", TALKS.values(), ids=TALKS)
def test_what_a_talk_needs_is_read(sections):
    read = offer.read(talk(*sections))
    ways = [DIRECTIONS[way] for _kind, way in sections]
    assert [(each.sends, each.receives) for each in read.media] == ways


@pytest.mark.parametrize("sections", TOO_MUCH.values(), ids=TOO_MUCH)
def test_more_than_a_talk_needs_is_refused(sections):
    with pytest.raises(UnusualOffer):
        offer.read(talk(*sections))


@pytest.mark.parametrize(
    ("length", "name"), [(32, "sha-256"), (48, "sha-384"), (64, "SHA-512"), (32, "SHA-256")]
)
def test_a_fingerprint_may_be_of_each_safe_kind(length, name):
    digest = ":".join(["0f"] * length)
    read = offer.read(changed(f"sha-256 {DIGEST}", f"{name} {digest}"))
    assert read.fingerprint == (name.lower(), digest.upper())


@pytest.mark.parametrize("ufrag", ["abcd", "a+/9", "z" * 256])
def test_a_ufrag_may_be_as_long_as_the_standard_says(ufrag):
    assert offer.read(changed(":abcd", f":{ufrag}")).ufrag == ufrag


@pytest.mark.parametrize("setup", ["actpass", "active", "passive"])
def test_a_browser_may_say_who_begins(setup):
    assert offer.read(changed("actpass", setup)).setup == setup


def test_what_the_first_of_the_group_says_counts_and_not_what_others_say():
    lines = [line for line in SESSION if not line.startswith(("a=ice", "a=setup", "a=finger"))]
    spoken = [
        [
            f"a=ice-ufrag:{name}",
            f"a=ice-pwd:{PWD}",
            f"a=fingerprint:sha-256 {digest}",
            "a=setup:actpass",
        ]
        for name, digest in (("video", DIGEST), ("audio", DIGEST.replace("0a", "0b")))
    ]
    told = sdp(*lines, *VIDEO, *spoken[0], *AUDIO, *spoken[1])
    for group, name in (("v s", "video"), ("s v", "audio")):
        read = offer.read(told.replace("BUNDLE v s", f"BUNDLE {group}"))
        assert (read.ufrag, read.bundle) == (name, tuple(group.split()))


def picture(*lines, liked="96"):
    """What is read of an m-line with these lines beside its mid."""
    head = (f"m=video 9 UDP/TLS/RTP/SAVPF {liked}", "a=mid:v", "a=rtcp-mux")
    return offer.read(sdp(*SESSION, *head, *lines, *AUDIO)).media[0]


VP8_96 = "a=rtpmap:96 VP8/90000"


@pytest.mark.parametrize(
    "said",
    [
        None,
        "profile-level-id=42e01f",
        "packetization-mode=0;profile-level-id=42e01f",
        "packetization-mode=2;profile-level-id=42e01f",
        "packetization-mode=1",
        "packetization-mode=1;profile-level-id=4d001f",
        "packetization-mode=1;profile-level-id=640c1f",
        "packetization-mode=\u0661;profile-level-id=42e01f",
        "packetization-mode=1;profile-level-id=42e01f;" + 400 * "x",
    ],
)
def test_h264_that_not_every_browser_can_decode_is_not_taken(said):
    told = [] if said is None else [f"a=fmtp:99 {said}"]
    read = picture(VP8_96, "a=rtpmap:99 H264/90000", *told, liked="99 96")
    assert [each.name for each in read.codecs] == ["VP8"]


@pytest.mark.parametrize(
    "apt",
    ["", "apt", "apt=", "apt=95", "apt=98", "apt=97", "apt=x", "apt=\u0669\u0666", "apt=0961"],
)
def test_a_retransmission_of_nothing_means_nothing(apt):
    lines = [VP8_96, "a=rtpmap:97 rtx/90000", f"a=fmtp:97 {apt}", "a=rtpmap:98 VP9/90000"]
    assert [each.payload_type for each in picture(*lines, liked="96 97 98").codecs] == [96]


def test_a_retransmission_of_a_retransmission_means_nothing():
    lines = ["a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", "a=rtpmap:98 rtx/90000"]
    read = picture(VP8_96, *lines, "a=fmtp:98 apt=97", liked="96 97 98")
    assert [each.payload_type for each in read.codecs] == [96, 97]


def test_of_very_many_codecs_those_the_browser_likes_best_are_read():
    numbers = range(35, 35 + 2 * MOST_CODECS)
    lines = [f"a=rtpmap:{number} VP8/90000" for number in numbers]
    read = picture(*lines, liked=" ".join(map(str, reversed(numbers))))
    found = [each.payload_type for each in read.codecs]
    assert found == [*reversed(numbers)][:MOST_CODECS]


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        (f"a=extmap:1 {MID}", {MID: 1}),
        (f"a=extmap:14 {MID}", {MID: 14}),
        (f"a=extmap:2/sendrecv {SEND_TIME}", {SEND_TIME: 2}),
        (f"a=extmap:2 {LEVEL}", {}),
        ("a=extmap:2 urn:x", {}),
        (f"a=extmap:\u0661 {MID}", {}),
        (f"a=extmap:x {MID}", {}),
        (f"a=extmap:100 {MID}", {}),
        (f"a=extmap:1{MID}", {}),
        (f"a=extmap:1 {MID}\r\na=extmap:2 {MID}", {MID: 1}),
    ],
)
def test_of_header_extensions_those_of_ours_are_read(line, ids):
    assert picture(VP8_96, line).extensions == ids


@pytest.mark.parametrize("number", [0, 15, 16, 99])
def test_an_extension_whose_id_does_not_fit_in_one_byte_is_never_written(number):
    leg = negotiated.leg(picture(VP8_96, f"a=extmap:{number} {MID}"), 1, 2)
    speaker = Room().new_line("guest:1")
    [data] = Outlet(leg, True).give(speaker, "VP8", packet(1), None, 1.0)
    assert rtp.parse(data).extension == b""


def test_feedback_for_all_payload_types_holds_for_each_and_what_is_not_ours_for_none():
    lines = ("a=rtcp-fb:* nack", "a=rtcp-fb:96 goog-remb", "a=rtcp-fb:96 transport-cc")
    [codec] = picture(VP8_96, *lines).codecs
    assert codec.feedback == ("nack", "goog-remb")


def test_lines_that_the_grammar_does_not_know_change_nothing():
    strange = (
        "a=candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host",
        "a=candidate:2 1 udp 2122260223 0f-1e.local 54321 typ host",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x",
        "a=rtpmap:96",
        "a=rtpmap:x VP8/90000",
        "a=rtcp-fb:96 \u00e4",
        "a=simulcast:send 1;2",
        "a=ssrc:1 cname:x",
        "a",
        "a=",
        "\u2028a=mid:w",
        "a=sendrecv ",
        "b=AS:1",
        "z=\0",
    )
    assert offer.read(SMALL + sdp(*strange)) == offer.read(SMALL)


# --- Whatever is changed about a real one ---------------------------------------------------------

CORPUS = [*OFFERS.values(), OF_AIORTC, SMALL]
PIECES = (
    "a=setup:active", "a=mid:0", "a=sendonly", "a=inactive", "a=group:BUNDLE 0 1",
    "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1;profile-level-id=42e01f",
    "a=fmtp:97 apt=97", "a=rtcp-fb:* nack", f"a=extmap:15 {MID}", "a=fingerprint:sha-256 00",
    "m=audio 9 UDP/TLS/RTP/SAVPF 0 111", "m=application 9 UDP/DTLS/SCTP 5000", "",
)  # fmt: skip


CHARACTERS = st.integers(0, 0x2FFF).map(chr)


@st.composite
def mutated(draw):
    """A real offer with a few lines left out, doubled, moved, put in, or changed in a byte."""
    lines = draw(st.sampled_from(CORPUS)).split("\r\n")
    for _ in range(draw(st.integers(1, 5))):
        at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        deed = draw(st.sampled_from(["leave out", "double", "swap", "put in", "change", "move"]))
        if deed == "leave out" and len(lines) > 1:
            del lines[at]
        elif deed == "double":
            lines.insert(other, lines[at])
        elif deed == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif deed == "move":
            lines.insert(other, lines.pop(at))
        elif deed == "put in":
            lines.insert(
                at, draw(st.sampled_from(PIECES) | st.lists(CHARACTERS, max_size=30).map("".join))
            )
        elif lines[at]:
            place = draw(st.integers(0, len(lines[at]) - 1))
            lines[at] = lines[at][:place] + draw(CHARACTERS) + lines[at][place + 1 :]
    return draw(st.sampled_from(["\r\n", "\n"])).join(lines)


@settings(max_examples=500, deadline=None)
@given(mutated())
def test_whatever_is_changed_about_an_offer_it_is_refused_or_its_answer_can_be_read(said):
    try:
        read = offer.read(said)
    except UnusualOffer:
        return
    ours = replace(OURS, ssrcs=OURS.ssrcs[: len(read.media)])
    written = answer.write(read, ours)
    theirs = SessionDescription.parse(written)
    assert [each.rtp.muxId for each in theirs.media] == [each.mid for each in read.media]
    for its, each in zip(theirs.media, read.media, strict=True):
        assert its.direction == next(
            way for way, ends in DIRECTIONS.items() if ends == (each.receives, each.sends)
        )
        numbers = [codec.payload_type for codec in each.codecs]
        assert [codec.payloadType for codec in its.rtp.codecs] == numbers
    assert re.findall(r"[^\r]\n|\r[^\n]|[^ -~\r\n]", written) == []


@given(st.lists(CHARACTERS, max_size=300).map("".join))
def test_any_text_is_refused(said):
    with pytest.raises(UnusualOffer):
        offer.read(said)
