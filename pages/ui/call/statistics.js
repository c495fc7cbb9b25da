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
const BLIND_MS = 60_000; // the same, where nobody says how much more the line would carry
// What is sent, by what the line carries (bits a second), best first.
const STEPS = [
  { from: 0.25e6, scale: 1, most: 1.2e6, frames: 20 },
  { from: 0.13e6, scale: 1.5, most: 0.22e6, frames: 15 },
  { from: 0, scale: 2.5, most: 0.12e6, frames: 10 },
];
const LITTLE = { scale: 2.5, most: 80_000, frames: 8 };
const LOSSY = 0.12; // of the packets sent
const TARGET_MS = 1000; // over so long it is measured what an encoder aims at

const NEVER = { frameAt: -Infinity, pictureAt: -Infinity, soundAt: -Infinity, spokeAt: -Infinity };
const NOTHING = { frames: 0, sounds: 0, ...NEVER };

/** @import { Place, Report, Seen } from "../types.js" */
/** @typedef {Seen & { frames: number, sounds: number, frameAt: number, pictureAt: number, soundAt: number, spokeAt: number }} Noticed */

export class Watch {
  constructor() {
    /** @type {RTCPeerConnection | null} */
    this.pc = null;
    this.step = 0;
    this.little = false;
    /** @type {Noticed[]} */
    this.seen = [];
    /** @type {{ bytes: number, at: number, little: boolean } | null} */
    this.from = null;
    /** @type {{ bytes: number, at: number } | null} */
    this.target = null;
    this.aims = Infinity; // bits a second
    this.worse = this.better = 0;
    /** @type {string | undefined} */
    this.applied = undefined;
    this.rate = 0; // bytes a second, both ways
  }

  /**
   * Of each place: whether a picture and a sound come, and whether somebody speaks.
   * @param {import("./line.js").Line} line
   * @param {RTCStatsReport} stats
   */
  look(line, stats) {
    const now = performance.now();
    if (line.pc !== this.pc) this.begin(line, now);
    /** @type {Report[]} */
    const reports = [...stats.values()];
    const inbound = reports.filter((each) => each.type === "inbound-rtp");
    for (const [number, seen] of this.seen.entries()) {
      notice(seen, line.places[number], inbound, now);
    }
    this.weigh(reports, now);
    this.adapt(line, reports, now);
  }

  /**
   * @param {import("./line.js").Line} line
   * @param {number} now
   */
  begin(line, now) {
    this.pc = line.pc;
    this.seen = line.places.map(() => ({ ...NOTHING }));
    this.from = this.target = null;
    this.aims = Infinity;
    this.worse = this.better = now;
    this.applied = undefined;
  }

  // The door has opened or closed: what comes from now on is somebody else.
  forget() {
    for (const seen of this.seen) Object.assign(seen, NEVER, { there: false, frames: Infinity });
  }

  /**
   * @param {Report[]} reports
   * @param {number} now
   */
  weigh(reports, now) {
    // Firefox counts bytes here only.
    const all = reports.filter((each) => each.type === "candidate-pair");
    const bytes = all.reduce(
      (sum, each) => sum + (each.bytesReceived ?? 0) + (each.bytesSent ?? 0),
      0,
    );
    // What was measured before "Wenig Daten" was chosen says nothing of what it takes now, nor what
    // went another way, which is counted no more.
    const same = this.from && this.from.little === this.little && this.from.bytes <= bytes;
    const from = same && this.from ? this.from : { bytes, at: now, little: this.little };
    this.from = from;
    const passed = now - from.at;
    this.rate = passed > MEASURED_MS ? ((bytes - from.bytes) / passed) * 1000 : 0;
  }

  // Megabytes in half an hour, as honest as ten seconds allow; 0 before.
  get megabytes() {
    const exact = (this.rate * 1800) / 1e6;
    return exact > 20 ? Math.round(exact / 10) * 10 : Math.ceil(exact);
  }

  /**
   * @param {import("./line.js").Line} line
   * @param {Report[]} reports
   * @param {number} now
   */
  adapt(line, reports, now) {
    const pair = reports.find((each) => each.type === "candidate-pair" && each.nominated);
    const told = reports.find(
      (each) => each.type === "remote-inbound-rtp" && each.kind === "video",
    );
    const { carries, patience } = this.carries(pair, reports);
    const lossy = (told?.fractionLost ?? 0) > LOSSY;
    if (!lossy && carries > STEPS[this.step].from) this.worse = now;
    if (lossy || this.step === 0 || carries < 1.2 * STEPS[this.step - 1].from) this.better = now;
    if (now - this.worse > WORSE_MS && this.step < STEPS.length - 1) this.move(1, now);
    else if (now - this.better > patience) this.move(-1, now);
    this.apply(line.places[0]?.video.sender);
  }

  /**
   * Bits a second. Firefox says only what its encoder aims at, which is never more than we allow.
   * @param {Report | undefined} pair
   * @param {Report[]} reports
   */
  carries(pair, reports) {
    const known = pair?.availableOutgoingBitrate;
    if (known !== undefined) return { carries: known, patience: BETTER_MS };
    const video = reports.find((each) => each.type === "outbound-rtp" && each.kind === "video");
    const target = video?.totalEncodedBytesTarget;
    if (video && target !== undefined) this.aim(target, video.timestamp);
    const limited = this.aims < 0.9 * this.chosen.most;
    return { carries: limited ? this.aims : Infinity, patience: BLIND_MS };
  }

  /**
   * @param {number} bytes
   * @param {number} at
   */
  aim(bytes, at) {
    this.target ??= { bytes, at };
    const before = this.target;
    if (at - before.at < TARGET_MS) return;
    const grown = bytes - before.bytes;
    this.aims = grown > 0 ? (grown * 8000) / (at - before.at) : Infinity; // a camera that is off
    this.target = { bytes, at };
  }

  get chosen() {
    return this.little ? LITTLE : STEPS[this.step];
  }

  /**
   * @param {number} by
   * @param {number} now
   */
  move(by, now) {
    this.step += by;
    this.worse = this.better = now;
  }

  /**
   * Without a track, Firefox would send a black picture every second.
   * @param {RTCRtpSender | undefined} sender
   */
  apply(sender) {
    const { scale, most, frames } = this.chosen;
    const active = Boolean(sender?.track);
    const wanted = `${scale} ${most} ${frames} ${active}`;
    if (!sender || this.applied === wanted) return;
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings ?? [];
    if (!encoding) return;
    this.applied = wanted;
    Object.assign(encoding, {
      active,
      scaleResolutionDownBy: scale,
      maxBitrate: most,
      maxFramerate: frames,
    });
    sender.setParameters(parameters).catch(() => {
      this.applied = undefined;
    });
  }
}

/**
 * @param {Noticed} seen
 * @param {Place} place
 * @param {Report[]} inbound
 * @param {number} now
 */
function notice(seen, place, inbound, now) {
  /**
   * @param {RTCRtpTransceiver | null} each
   * @returns {Partial<Report>}
   */
  const of = (each) => (each && inbound.find((report) => belongs(report, each))) ?? {};
  const [video, audio] = [of(place.video), of(place.audio)];
  if ((video.framesReceived ?? 0) > seen.frames) {
    // One picture alone, a second after the last, is the server's own grey one.
    if (now - seen.frameAt < ALONE_MS) seen.pictureAt = now;
    seen.frameAt = now;
  }
  if ((audio.packetsReceived ?? 0) > seen.sounds + 1) seen.soundAt = now;
  seen.frames = video.framesReceived ?? 0;
  seen.sounds = audio.packetsReceived ?? 0;
  if ((audio.audioLevel ?? 0) > SPEAKS && now - seen.soundAt < GONE_MS) seen.spokeAt = now;
  seen.picture = now - seen.pictureAt < GONE_MS;
  seen.sound = now - seen.soundAt < GONE_MS;
  seen.speaks = now - seen.spokeAt < SPEAKS_MS;
  seen.there = now - Math.max(seen.pictureAt, seen.soundAt) < ABSENT_MS;
}

/**
 * @param {Report} report
 * @param {RTCRtpTransceiver} transceiver
 */
function belongs(report, transceiver) {
  if (report.mid !== undefined) return report.mid === transceiver.mid;
  return report.trackIdentifier === transceiver.receiver.track.id;
}
