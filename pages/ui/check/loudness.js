// How loud somebody is, over the last seconds. Knows no microphone.

const SPOKEN_MS = 3000;
const AROUND_MS = 6000;
// dBFS, of a fiftieth of a second: 0 is as loud as can be.
const SILENT = -60;
const QUIET = -42;
const NOISY = -36;
const ABOVE = 12; // dB; what is no louder than that above everything else is no voice
const STILL = 0.2; // of the time nobody speaks, not even in the middle of a sentence

export class Loudness {
  constructor() {
    /** @type {{ level: number, at: number }[]} oldest first */
    this.heard = [];
    this.filled = 0; // of a bar, 0 to 1
    this.said = "";
  }

  /**
   * @param {number[]} levels dBFS, of the moments before `at`
   * @param {number} at milliseconds
   */
  take(levels, at) {
    this.filled = Math.min(1, 1 - Math.max(SILENT, ...levels) / SILENT);
    for (const level of levels) this.heard.push({ level, at });
    while (this.heard[0].at < at - AROUND_MS) this.heard.shift();
    const found = this.#judge(at);
    // Who is silent now was as loud as before; what was around them is over.
    this.said = found || (this.said === "noisy" ? "" : this.said);
  }

  #judge(/** @type {number} */ at) {
    const lately = this.heard.filter((each) => each.at >= at - SPOKEN_MS);
    const loudest = Math.max(...lately.map((each) => each.level));
    const around = this.#around();
    if (at - this.heard[0].at > AROUND_MS / 2 && around > NOISY) return "noisy";
    if (loudest >= QUIET) return "good";
    // In a pause somebody is no quieter than they were.
    const voice = loudest > SILENT && loudest > around + ABOVE;
    return voice && this.said !== "good" ? "quiet" : "";
  }

  // What is there all the time.
  #around() {
    const levels = this.heard.map((each) => each.level).sort((one, other) => one - other);
    return levels[Math.floor(levels.length * STILL)];
  }
}
