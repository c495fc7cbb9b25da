// What the statistics of a connection say: whose picture and sound come, who speaks, how much
// data that takes, and how large a picture the line carries. Knows no element of the page.

const GONE_MS = 1000; // without a packet: switched off
const ALONE_MS = 900;
const ABSENT_MS = 3000; // nothing of both: nobody is there
const SPEAKS = 0.02; // audioLevel, 1 is as loud as can be
const SPEAKS_MS = 700; // a pause between two words
const MEASURED_MS = 10_000; // before a number is said
const WORSE_MS = 5000;
const BETTER_MS = 10_000;
// What is sent, by what the line carries (bits a second), best first.
const STEPS = [
  { from: 0.25e6, scale: 1, most: 1.2e6, frames: 20 },
  { from: 0.13e6, scale: 1.5, most: 0.22e6, frames: 15 },
  { from: 0, scale: 2.5, most: 0.12e6, frames: 10 },
];
const LITTLE = { scale: 2.5, most: 80_000, frames: 8 };
const LOSSY = 0.12; // of the packets sent

const NEVER = { frameAt: -Infinity, pictureAt: -Infinity, soundAt: -Infinity, spokeAt: -Infinity };
const NOTHING = { frames: 0, sounds: 0, ...NEVER };

class Watch {
  constructor() {
    this.pc = null;
    this.step = 0;
    this.little = false;
    this.seen = [];
    this.rate = 0; // bytes a second, both ways
  }

  // Of each place: whether a picture and a sound come, and whether somebody speaks.
  look(line, stats) {
    const now = performance.now();
    if (line.pc !== this.pc) this.begin(line, now);
    const reports = [...stats.values()];
    const inbound = reports.filter((each) => each.type === "inbound-rtp");
    this.seen.forEach((seen, number) => notice(seen, line.places[number], inbound, now));
    this.weigh(reports, now);
    this.adapt(line, reports, now);
  }

  begin(line, now) {
    this.pc = line.pc;
    this.seen = line.places.map(() => ({ ...NOTHING }));
    this.from = null;
    this.worse = this.better = now;
    this.applied = undefined;
  }

  // The door has opened or closed: what comes from now on is somebody else.
  forget() {
    for (const seen of this.seen) Object.assign(seen, NEVER, { there: false, frames: Infinity });
  }

  weigh(reports, now) {
    const all = reports.filter((each) => each.type === "transport");
    const bytes = all.reduce((sum, each) => sum + each.bytesReceived + each.bytesSent, 0);
    // What was measured before "Wenig Daten" was chosen says nothing of what it takes now.
    if (!this.from || this.from.little !== this.little) this.from = { bytes, at: now, little: this.little };
    const passed = now - this.from.at;
    this.rate = passed > MEASURED_MS ? ((bytes - this.from.bytes) / passed) * 1000 : 0;
  }

  // Megabytes in half an hour, as honest as ten seconds allow; 0 before.
  get megabytes() {
    const exact = (this.rate * 1800) / 1e6;
    return exact > 20 ? Math.round(exact / 10) * 10 : Math.ceil(exact);
  }

  adapt(line, reports, now) {
    const pair = reports.find((each) => each.type === "candidate-pair" && each.nominated);
    const told = reports.find((each) => each.type === "remote-inbound-rtp" && each.kind === "video");
    const carries = pair?.availableOutgoingBitrate ?? Infinity;
    const lossy = (told?.fractionLost ?? 0) > LOSSY;
    if (!lossy && carries > STEPS[this.step].from) this.worse = now;
    if (lossy || this.step === 0 || carries < 1.2 * STEPS[this.step - 1].from) this.better = now;
    if (now - this.worse > WORSE_MS && this.step < STEPS.length - 1) this.move(1, now);
    else if (now - this.better > BETTER_MS) this.move(-1, now);
    this.apply(line.places[0]?.video.sender);
  }

  move(by, now) {
    this.step += by;
    this.worse = this.better = now;
  }

  apply(sender) {
    const chosen = this.little ? LITTLE : STEPS[this.step];
    if (!sender?.track || this.applied === chosen) return;
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings ?? [];
    if (!encoding) return;
    this.applied = chosen;
    Object.assign(encoding, {
      scaleResolutionDownBy: chosen.scale,
      maxBitrate: chosen.most,
      maxFramerate: chosen.frames,
    });
    sender.setParameters(parameters).catch(() => (this.applied = undefined));
  }
}

function notice(seen, place, inbound, now) {
  const of = (each) => inbound.find((report) => each && belongs(report, each)) ?? {};
  const [video, audio] = [of(place.video), of(place.audio)];
  if ((video.framesReceived ?? 0) > seen.frames) {
    // One picture alone, a second after the last, is the server's own grey one.
    if (now - seen.frameAt < ALONE_MS) seen.pictureAt = now;
    seen.frameAt = now;
  }
  if ((audio.packetsReceived ?? 0) > seen.sounds + 1) seen.soundAt = now;
  seen.frames = video.framesReceived ?? 0;
  seen.sounds = audio.packetsReceived ?? 0;
  if (audio.audioLevel > SPEAKS && now - seen.soundAt < GONE_MS) seen.spokeAt = now;
  seen.picture = now - seen.pictureAt < GONE_MS;
  seen.sound = now - seen.soundAt < GONE_MS;
  seen.speaks = now - seen.spokeAt < SPEAKS_MS;
  seen.there = now - Math.max(seen.pictureAt, seen.soundAt) < ABSENT_MS;
}

function belongs(report, transceiver) {
  if (report.mid !== undefined) return report.mid === transceiver.mid;
  return report.trackIdentifier === transceiver.receiver.track.id;
}
