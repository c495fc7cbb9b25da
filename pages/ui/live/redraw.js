// Has Streamlit redraw one part of the page when something has changed since it was drawn,
// a few times a second at most. Without a live socket it asks by itself now and then.

import { live } from "./socket.js";

const APART = 250;
const WITHOUT = 5000;
const FINISHING = 80; // until a run that has just begun has drawn the chat
const NEWS = ["changed", "said"];

/** @typedef {(name: string, value: unknown) => void} Trigger */
/** @typedef {HTMLElement & { redraw?: Part }} Root Streamlit keeps it from mount to mount */

/**
 * @param {"script" | "connection"} what
 * @param {string} state
 */
function streamlitIs(what, state) {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.getAttribute(`data-test-${what}-state`) === state;
}

// Streamlit takes what is asked for in one moment as one request: apart, each draws only itself.
const BETWEEN = 10;
/** @type {Part[]} */
const waiting = [];
let busy = false;

/** @param {Part} part */
function ask(part) {
  if (waiting.includes(part)) return;
  if (part.chat) waiting.unshift(part);
  else waiting.push(part);
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
  chat = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  /** @type {Trigger} */
  trigger = () => {};

  constructor() {
    this.look = () => this.#look();
    this.turn = () => ask(this);
    for (const name of NEWS) live.addEventListener(name, this.look);
    this.alone = setInterval(() => {
      if (!live.connected) this.turn();
    }, WITHOUT);
  }

  get newest() {
    const { changed = 0, said = 0 } = live.newest;
    return this.chat ? Math.max(changed, said) : changed;
  }

  #look() {
    if (this.newest <= Math.max(this.drawn, this.asked) || this.timer) return;
    // Who has just written is about to see it: nothing has to be drawn twice.
    const soonest = this.chat && streamlitIs("script", "running") ? FINISHING : 0;
    const look = () => {
      this.timer = undefined;
      if (this.newest > this.drawn) this.turn();
    };
    this.timer = setTimeout(look, Math.max(soonest, this.at + APART - Date.now()));
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!streamlitIs("connection", "CONNECTED")) return; // it redraws everything when it is back
    this.at = Date.now();
    this.asked = this.newest;
    this.trigger("changed", this.asked);
  }

  end() {
    this.trigger = () => {};
    for (const name of NEWS) live.removeEventListener(name, this.look);
    clearInterval(this.alone);
    clearTimeout(this.timer);
  }
}

/** @param {import("../types.js").Mounted<{ version: number, chat: boolean }>} mounted */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {Root} */ (parentElement);
  root.redraw ??= new Part();
  const part = root.redraw;
  part.drawn = data.version;
  part.chat = data.chat;
  part.trigger = setTriggerValue;
  part.look();
  return () => {
    part.end();
    delete root.redraw;
  };
}
