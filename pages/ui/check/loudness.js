// How loud somebody is, over the last seconds. Knows no microphone.

const SPOKEN_MS = 3000;
const AROUND_MS = 6000;
// dBFS, of a twentieth of a second: 0 is as loud as can be.
const SILENT = -60;
const QUIET = -42;
const NOISY = -36;
const STILL = 0.2; // of the time nobody speaks, not even in the middle of a sentence

export class Loudness {
  constructor() {
    /** @type {{ level: number, at: number }[]} oldest first */
    this.heard = [];
    this.said = "";
  }

  /**
   * @param {number} level dBFS
   * @param {number} at milliseconds
   */
  take(level, at) {
    this.heard.push({ level, at });
    while (this.heard[0].at < at - AROUND_MS) this.heard.shift();
    this.said = this.#judge(at) || this.said; // who is silent now was as loud as before
  }

  #judge(/** @type {number} */ at) {
    const lately = this.heard.filter((each) => each.at >= at - SPOKEN_MS);
    const loudest = Math.max(...lately.map((each) => each.level));
    if (loudest < SILENT) return "";
    if (at - this.heard[0].at > AROUND_MS / 2 && this.#around() > NOISY) return "noisy";
    return loudest < QUIET ? "quiet" : "good";
  }

  // What is there all the time.
  #around() {
    const levels = this.heard.map((each) => each.level).sort((one, other) => one - other);
    return levels[Math.floor(levels.length * STILL)];
  }

  // How far a bar is filled, 0 to 1.
  get filled() {
    const level = this.heard.at(-1)?.level ?? SILENT;
    return Math.min(1, Math.max(0, 1 - level / SILENT));
  }
}
