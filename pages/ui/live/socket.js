// The live socket of this tab (pages/doors/live_socket.py): one for the page, however often it is drawn.
// Whatever comes through it is an event of its kind; whether it is there at all is "line". It comes back by itself, without waiting for Streamlit.

import { page } from "../window.js";

const FIRST = 300;
const LONGEST = 2000;
const SIGN_OF_LIFE = 5000;
// Anyone who knocked while the network was away would wait much longer for the next knock.
const TO_CONNECT = 4000;
// The tab is not known: Streamlit's page is about to learn another name. See pages/doors/live_socket.py.
const LATER = [4001, 4003, 4004, 1008, 1013];
// This tab may not be told anything any more: the page is about to say why.
const REFUSED = 4003;

// What holds until something newer of its kind is said; the rest is for who listens now.
const LASTING = ["changed", "places", "away", "over"];

export class Live extends EventTarget {
  tab = "";
  connected = false;
  /** @type {Record<string, any>} of each kind that lasts */
  newest = {};
  ends = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  #tries = 0;
  #timer = 0;
  #answered = true;
  /** @type {WebSocket | null | undefined} */
  #stale = null;

  constructor() {
    super();
    for (const name of ["online", "pageshow"]) window.addEventListener(name, () => this.wakeUp());
    document.addEventListener("visibilitychange", () => document.hidden || this.wakeUp());
    setInterval(() => this.#signOfLife(), SIGN_OF_LIFE);
  }

  /** @param {string} tab */
  follow(tab) {
    if (tab === this.tab) return;
    this.tab = tab;
    this.#leave();
    if (tab) this.#open();
  }

  /** @param {object} what */
  send(what) {
    if (!this.connected || !this.#socket) return false;
    this.#socket.send(JSON.stringify(what));
    return true;
  }

  // Something has happened after which the line may be dead without knowing it.
  wakeUp() {
    if (this.connected) this.#signOfLife();
    else if (this.tab && this.#socket?.readyState !== WebSocket.CONNECTING) this.#open();
  }

  #open() {
    clearTimeout(this.#timer);
    const address = new URL("live", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.#socket = socket;
    /** @type {<Event>(done: (event: Event) => void) => (event: Event) => void} */
    const current = (done) => (event) => {
      if (socket === this.#socket) done(event);
    };
    // The time is for the server, should its own clock be wrong.
    socket.onopen = current(() => socket.send(JSON.stringify({ tab: this.tab, at: Date.now() })));
    socket.onmessage = current((/** @type {MessageEvent} */ { data }) =>
      this.#hear(JSON.parse(data)),
    );
    socket.onclose = current((/** @type {CloseEvent} */ { code }) => {
      this.#again(LATER.includes(code));
      if (code === REFUSED) this.dispatchEvent(new Event("refused"));
    });
    this.#timer = setTimeout(() => this.#again(false), TO_CONNECT);
  }

  /** @param {Record<string, unknown>} event */
  #hear(event) {
    clearTimeout(this.#timer);
    this.#answered = true;
    this.#tries = 0;
    this.#say(true);
    this.#revive();
    for (const [kind, detail] of Object.entries(event)) {
      if (LASTING.includes(kind)) this.newest[kind] = detail;
      this.dispatchEvent(new CustomEvent(kind, { detail }));
    }
  }

  // What Streamlit's page still waits for has gone the same way: it builds its socket up again.
  #revive() {
    const socket = this.#stale;
    this.#stale = null;
    if (socket && socket === page.socket) {
      socket.dispatchEvent(new CloseEvent("close", { code: 1006 }));
    }
  }

  #signOfLife() {
    if (!this.connected) return;
    if (!this.#answered) {
      this.#stale = page.socket;
      this.#leave();
      this.#open();
      return;
    }
    this.#answered = false;
    this.send({});
  }

  /** @param {boolean} later */
  #again(later) {
    this.#leave();
    const most = later ? LONGEST : Math.min(LONGEST, FIRST * 2 ** this.#tries);
    if (!later) this.#tries += 1;
    // Not everybody at once when the server is back.
    this.#timer = setTimeout(() => this.#open(), most * (0.5 + Math.random() / 2));
  }

  #leave() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#answered = true;
    this.#say(false);
  }

  /** @param {boolean} connected */
  #say(connected) {
    if (connected === this.connected) return;
    this.connected = connected;
    this.dispatchEvent(new CustomEvent("line", { detail: { connected } }));
  }
}

page.live ??= new Live();
export const live = page.live;

/** @param {import("../types.js").Mounted<{ tab: string }>} mounted */
export default function ({ data }) {
  clearTimeout(live.ends);
  live.follow(data.tab);
  // The next page of this tab may only be about to be drawn.
  return () => {
    live.ends = setTimeout(() => live.follow(""), 1000);
  };
}
