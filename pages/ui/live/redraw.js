// Has Streamlit redraw one part of the page when something has changed since it was drawn,
// a few times a second at most. Without a live socket it asks by itself now and then.

import { live } from "./socket.js";

const APART = 250;
const WITHOUT = 5000;

/** @typedef {(name: string, value: unknown) => void} Trigger */
/** @typedef {HTMLElement & { redraw?: Part }} Root Streamlit keeps it from mount to mount */

function streamlitIsConnected() {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.getAttribute("data-test-connection-state") === "CONNECTED";
}

// Streamlit takes what is asked for in one moment as one request: apart, each draws only itself.
const BETWEEN = 10;
/** @type {Part[]} */
const waiting = [];
let busy = false;

/** @param {Part} part */
function ask(part) {
  if (waiting.includes(part)) return;
  waiting.push(part);
  if (busy) return;
  busy = true;
  setTimeout(next, 0); // once everybody has asked who heard the same
}

function next() {
  const part = waiting.shift();
  busy = part !== undefined;
  part?.ask();
  if (!busy) return;
  setTimeout(next, BETWEEN);
}

class Part {
  drawn = 0;
  asked = 0;
  at = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  /** @type {Trigger} */
  trigger = () => {};

  constructor() {
    this.look = () => this.#look();
    this.turn = () => ask(this);
    live.addEventListener("changed", this.look);
    // What had changed may have been left unsaid.
    live.addEventListener("refused", this.turn);
    this.alone = setInterval(() => {
      if (!live.connected) this.turn();
    }, WITHOUT);
  }

  get newest() {
    return live.newest.changed ?? 0;
  }

  #look() {
    if (this.newest <= Math.max(this.drawn, this.asked) || this.timer) return;
    const look = () => {
      this.timer = undefined;
      if (this.newest > this.drawn) this.turn();
    };
    this.timer = setTimeout(look, Math.max(0, this.at + APART - Date.now()));
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!streamlitIsConnected()) return; // it redraws everything when it is back
    this.at = Date.now();
    this.asked = this.newest;
    this.trigger("changed", this.asked);
  }

  end() {
    this.trigger = () => {};
    live.removeEventListener("changed", this.look);
    live.removeEventListener("refused", this.turn);
    clearInterval(this.alone);
    clearTimeout(this.timer);
  }
}

/** @param {import("../types.js").Mounted<{ version: number }>} mounted */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {Root} */ (parentElement);
  root.redraw ??= new Part();
  const part = root.redraw;
  part.drawn = data.version;
  part.trigger = setTriggerValue;
  part.look();
  return () => {
    part.end();
    delete root.redraw;
  };
}
