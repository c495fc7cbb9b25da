// How loud one is, in a bar and in words, and one's own voice on request.

import { button, make, say, show, status } from "../call/element.js";
import { Ear } from "./ear.js";
import { lackOf } from "./lacks.js";
import { Loudness } from "./loudness.js";
import { canPlayBack, playBack } from "./voice.js";

const HINTS = ["quiet", "noisy"];

/** @import { CheckData } from "../types.js" */
/** @import { Call } from "./lacks.js" */

export class MicrophoneCheck {
  /** @param {HTMLElement} box */
  constructor(box) {
    /** @type {(how: string) => void} of one's own voice */
    this.tell = () => {};
    this.over = new AbortController();
    this.ear = new Ear();
    this.loudness = new Loudness();
    this.meter = make("div", "meter", box);
    this.meter.setAttribute("aria-hidden", "true"); // what is wrong, words say
    this.name = make("span", "", this.meter);
    const bar = make("span", "bar", this.meter);
    this.filled = make("span", "filled", bar);
    this.hint = status(box);
    this.listen = button(box, "listen", () => this.#playBack());
    this.now = status(box);
    this.stays = make("p", "quiet", box);
    this.doing = ""; // which of the words it is at
    this.meter.hidden = this.listen.hidden = true;
  }

  /**
   * @param {Call} stage
   * @param {CheckData} data
   */
  look(stage, { open, words }) {
    this.ear.listen(stage?.media.sent("audio") ?? null);
    const levels = this.ear.levels();
    if (levels) this.loudness.take(levels, performance.now());
    say(this.name, words.loudness);
    show(this.meter, levels !== null);
    this.filled.style.inlineSize = `${Math.round(this.loudness.filled * 100)}%`;
    const { said } = this.loudness;
    say(this.hint, this.ear.track && HINTS.includes(said) ? words[said] : "");
    const offered = open && Boolean(this.ear.track) && canPlayBack();
    say(this.listen, offered ? words.listen : "");
    this.listen.setAttribute("aria-disabled", String(this.#busy)); // it keeps the focus
    say(this.now, open || this.#busy ? words[this.doing] : "");
    say(this.stays, offered ? words.stays : "");
    return lackOf(stage, "audio");
  }

  get #busy() {
    return ["speak", "hear"].includes(this.doing);
  }

  async #playBack() {
    if (!this.ear.track || this.#busy) return;
    this.tell("begun");
    try {
      await playBack(this.ear.track, this.over.signal, (now) => {
        this.doing = now;
      });
      this.doing = "";
      this.tell("played");
    } catch {
      if (this.over.signal.aborted) return;
      this.doing = "failed"; // whatever it was, it is said, and may be pressed again
      this.tell("failed");
    }
  }

  end() {
    this.over.abort();
    this.ear.end();
  }
}
