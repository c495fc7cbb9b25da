// Whether the line to the server is good enough for a talk, or does not come about at all.

import { say, status } from "../call/element.js";

const FAILED_MS = 20_000; // as long as the stage waits before it offers to connect once more
const EVERY_MS = 2000;
const SLOW = 0.4; // seconds there and back
const LOSSY = 0.05; // of the packets sent
const TIMES = 3; // in a row, before it is said

/** @import { CheckData, Report } from "../types.js" */
/** @import { Call } from "./lacks.js" */

export class ConnectionCheck {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.hint = status(box);
    this.askedAt = -Infinity;
    this.weak = 0; // how often in a row
  }

  /**
   * @param {Call} stage
   * @param {CheckData} data
   */
  look(stage, { words }) {
    const now = performance.now();
    if (stage?.line.connected && now - this.askedAt > EVERY_MS) {
      this.askedAt = now;
      this.#ask(stage.line.pc);
    }
    if (!stage?.line.connected) this.weak = 0; // the next line is another one
    say(this.hint, this.weak >= TIMES ? words.weak : "");
    return this.#lacks(stage, now);
  }

  /**
   * @param {Call} stage
   * @param {number} now
   */
  #lacks(stage, now) {
    if (stage?.own.hopeless) return "failed";
    const line = stage?.line;
    if (!line?.wanted) return undefined;
    return !line.ever && now - line.since > FAILED_MS ? "failed" : undefined;
  }

  async #ask(/** @type {RTCPeerConnection | null} */ pc) {
    const stats = await pc?.getStats().catch(() => null);
    if (!stats) return;
    this.weak = isWeak([...stats.values()]) ? this.weak + 1 : 0;
  }

  end() {}
}

/** @param {Report[]} reports */
export function isWeak(reports) {
  const pair = reports.find((each) => each.type === "candidate-pair" && each.nominated);
  const told = reports.filter((each) => each.type === "remote-inbound-rtp");
  const lost = Math.max(0, ...told.map((each) => each.fractionLost ?? 0));
  return (pair?.currentRoundTripTime ?? 0) > SLOW || lost > LOSSY;
}
