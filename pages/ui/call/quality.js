// How large a picture goes out: as large as the line carries, or a small one by choice ("Wenig
// Daten"). Knows nobody who is seen, and no element of the page.

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

/** @import { Report } from "../types.js" */

export class Quality {
  constructor() {
    this.step = 0;
    this.little = false;
    /** @type {{ bytes: number, at: number } | null} */
    this.target = null;
    this.aims = Infinity; // bits a second
    this.worse = this.better = 0;
    /** @type {string | undefined} */
    this.applied = undefined;
  }

  // A new connection: nothing is known of what it carries.
  /** @param {number} now */
  begin(now) {
    this.target = null;
    this.aims = Infinity;
    this.worse = this.better = now;
    this.applied = undefined;
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
