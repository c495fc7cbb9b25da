// What the statistics of a connection say: whose picture and sound come, who speaks, and how much
// data that takes. How large a picture goes out is decided in quality.js. Knows no element of the page.

import { Quality } from "./quality.js";

const GONE_MS = 1000; // without a packet: switched off
const ALONE_MS = 900;
const ABSENT_MS = 3000; // nothing of both: nobody is there
const SPEAKS = 0.02; // audioLevel, 1 is as loud as can be
const SPEAKS_MS = 700; // a pause between two words
const MEASURED_MS = 10_000; // before a number is said

const NEVER = { frameAt: -Infinity, pictureAt: -Infinity, soundAt: -Infinity, spokeAt: -Infinity };
const NOTHING = { frames: 0, sounds: 0, ...NEVER };

/** @import { Place, Report, Seen } from "../types.js" */
/** @typedef {Seen & { frames: number, sounds: number, frameAt: number, pictureAt: number, soundAt: number, spokeAt: number }} Noticed */

export class Watch {
  constructor() {
    /** @type {RTCPeerConnection | null} */
    this.pc = null;
    this.quality = new Quality();
    /** @type {Noticed[]} */
    this.seen = [];
    /** @type {{ bytes: number, at: number, little: boolean } | null} */
    this.from = null;
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
    this.quality.adapt(line, reports, now);
  }

  /**
   * @param {import("./line.js").Line} line
   * @param {number} now
   */
  begin(line, now) {
    this.pc = line.pc;
    this.seen = line.places.map(() => ({ ...NOTHING }));
    this.from = null;
    this.quality.begin(now);
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
    const { little } = this.quality;
    // What was measured before "Wenig Daten" was chosen says nothing of what it takes now, nor what
    // went another way, which is counted no more.
    const same = this.from && this.from.little === little && this.from.bytes <= bytes;
    const from = same && this.from ? this.from : { bytes, at: now, little };
    this.from = from;
    const passed = now - from.at;
    this.rate = passed > MEASURED_MS ? ((bytes - from.bytes) / passed) * 1000 : 0;
  }

  // Megabytes in half an hour, as honest as ten seconds allow; 0 before.
  get megabytes() {
    const exact = (this.rate * 1800) / 1e6;
    return exact > 20 ? Math.round(exact / 10) * 10 : Math.ceil(exact);
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
