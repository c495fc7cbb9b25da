"""
How good picture and sound are that arrive at a person, by what their own browser says.

`Watch(person)` begins to look; `measured` says what has arrived since. Knows no relay.
"""

from dataclasses import dataclass
from typing import Any

from tests.browser.people import Person

# The longest time without a new picture, as the browser shows them.
GAPS = """
() => {
  const video = document.querySelector("video");
  const watching = Boolean(window.gaps);
  window.gaps = { longest: 0, last: performance.now() };
  if (watching) return;
  const shown = (now) => {
    window.gaps.longest = Math.max(window.gaps.longest, now - window.gaps.last);
    window.gaps.last = Math.max(window.gaps.last, now);
    video.requestVideoFrameCallback(shown);
  };
  video.requestVideoFrameCallback(shown);
}
"""
LONGEST = "() => Math.max(window.gaps.longest, performance.now() - window.gaps.last)"
COUNTED = """
async () => {
  const connected = window.connections.find((each) => each.connectionState === "connected");
  const reports = [...(await connected.getStats()).values()];
  const ofMost = (one, other) => (other.packetsReceived ?? 0) - (one.packetsReceived ?? 0);
  const find = (type, kind) =>
    reports.filter((each) => each.type === type && each.kind === kind).sort(ofMost)[0];
  const picture = find("inbound-rtp", "video"), sound = find("inbound-rtp", "audio");
  return {
    sent: find("outbound-rtp", "video").framesSent,
    decoded: picture.framesDecoded,
    bytes: picture.bytesReceived,
    freezes: picture.freezeCount,
    frozen: picture.totalFreezesDuration,
    samples: sound.totalSamplesReceived,
    concealed: sound.concealedSamples,
    packets: sound.packetsReceived,
    lost: sound.packetsLost,
  };
}
"""

CODEC = """
async () => {
  const connected = window.connections.find((each) => each.connectionState === "connected");
  const reports = await connected.getStats();
  const pictures = (each) => each.type === "inbound-rtp" && each.kind === "video";
  const of = (each) => pictures(each) && each.framesDecoded > 5;
  return reports.get([...reports.values()].find(of).codecId).mimeType;
}
"""
# Offers one kind of picture only; `{codec}` names it.
ONLY = """
(() => {
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    createOffer(...a) {
      const able = RTCRtpReceiver.getCapabilities("video").codecs;
      const wanted = able.filter((each) => ["video/{codec}", "video/rtx"].includes(each.mimeType));
      for (const each of this.getTransceivers())
        if (each.receiver.track.kind === "video") each.setCodecPreferences(wanted);
      return super.createOffer(...a);
    }
  };
})();
"""


# More pictures a second than our page asks a camera for.
FASTER = """
(() => {
  const devices = navigator.mediaDevices, take = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (wanted) =>
    take(wanted.video ? { ...wanted, video: { ...wanted.video, frameRate: {rate} } } : wanted);
  const set = RTCRtpSender.prototype.setParameters;
  RTCRtpSender.prototype.setParameters = function (parameters) {
    for (const each of parameters.encodings) delete each.maxFramerate;
    return set.call(this, parameters);
  };
})();
"""


def sends_pictures(person: Person, rate: int) -> None:
    """As many a second, whatever our page asks for."""
    person.context.add_init_script(FASTER.replace("{rate}", str(rate)))


def offers_only(person: Person, codec: str) -> None:
    """As a browser that knows no other kind of picture."""
    person.context.add_init_script(ONLY.replace("{codec}", codec))
    person.page.reload()  # a page that is open already knows others


def codec(person: Person) -> str:
    """What the pictures that arrive are encoded as."""
    return str(person.page.evaluate(CODEC))


@dataclass(frozen=True)
class Quality:
    """What arrived within a time."""

    sent: int  # pictures, to the other side
    decoded: int  # pictures, of the other side
    bytes: int  # of pictures
    freezes: int  # as the browser counts them
    frozen: float  # seconds
    longest: float  # seconds without a new picture
    concealed: float  # share of the sound that was made up
    lost: float  # share of the packets of sound that never came


class Watch:
    """One look at a person's call."""

    def __init__(self, person: Person) -> None:
        self._page = person.page
        self._page.evaluate(GAPS)
        self._before = self._counted()

    def _counted(self) -> dict[str, Any]:
        counted: dict[str, Any] = self._page.evaluate(COUNTED)
        return counted

    def measured(self) -> Quality:
        """What has arrived since the look began."""
        longest = self._page.evaluate(LONGEST) / 1000
        now = self._counted()
        more = {name: value - self._before[name] for name, value in now.items()}
        return Quality(
            sent=more["sent"],
            decoded=more["decoded"],
            bytes=more["bytes"],
            freezes=more["freezes"],
            frozen=more["frozen"],
            longest=longest,
            concealed=more["concealed"] / max(1, more["samples"]),
            lost=more["lost"] / max(1, more["lost"] + more["packets"]),
        )
