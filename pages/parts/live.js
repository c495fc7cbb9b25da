// The live socket of this tab (pages/doors/live.py): one for the page, however often it is drawn.
// Whatever comes through it is an event on the window, "beratungsraum:" and its kind; whether it
// is there at all is "beratungsraum:line". It comes back by itself, without waiting for Streamlit.

const FIRST = 300;
const LONGEST = 2000;
const SIGN_OF_LIFE = 5000;
// Whoever knocked while the network was away would wait much longer for the next knock.
const TO_CONNECT = 4000;
// The tab is not known: Streamlit's page is about to learn another name. See pages/doors/live.py.
const LATER = [4001, 4004, 1008, 1013];

// What holds until something newer of its kind is said; the rest is for who listens now.
const LASTING = ["changed", "said", "places"];

class Live {
  tab = "";
  connected = false;
  newest = {}; // of each kind that lasts
  #socket = null;
  #tries = 0;
  #timer;
  #answered = true;
  #stale = null;

  constructor() {
    for (const name of ["online", "pageshow"]) window.addEventListener(name, () => this.wakeUp());
    document.addEventListener("visibilitychange", () => document.hidden || this.wakeUp());
    setInterval(() => this.#signOfLife(), SIGN_OF_LIFE);
  }

  follow(tab) {
    if (tab === this.tab) return;
    this.tab = tab;
    this.#leave();
    if (tab) this.#open();
  }

  send(what) {
    if (!this.connected) return false;
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
    const socket = (this.#socket = new WebSocket(address));
    const current = (done) => (event) => socket === this.#socket && done(event);
    socket.onopen = current(() => socket.send(JSON.stringify({ tab: this.tab })));
    socket.onmessage = current(({ data }) => this.#hear(JSON.parse(data)));
    socket.onclose = current(({ code }) => this.#again(LATER.includes(code)));
    this.#timer = setTimeout(() => this.#again(false), TO_CONNECT);
  }

  #hear(event) {
    clearTimeout(this.#timer);
    this.#answered = true;
    this.#tries = 0;
    this.#say(true);
    this.#revive();
    for (const [kind, detail] of Object.entries(event)) {
      if (LASTING.includes(kind)) this.newest[kind] = detail;
      window.dispatchEvent(new CustomEvent(`beratungsraum:${kind}`, { detail }));
    }
  }

  // What Streamlit's page still waits for has gone the same way: it builds its socket up anew.
  #revive() {
    const socket = this.#stale;
    this.#stale = null;
    if (socket && socket === window.streamlitSocket) {
      socket.dispatchEvent(new CloseEvent("close", { code: 1006 }));
    }
  }

  #signOfLife() {
    if (!this.connected) return;
    if (!this.#answered) {
      this.#stale = window.streamlitSocket;
      this.#leave();
      this.#open();
      return;
    }
    this.#answered = false;
    this.send({});
  }

  #again(later) {
    this.#leave();
    const most = later ? LONGEST : Math.min(LONGEST, FIRST * 2 ** this.#tries++);
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

  #say(connected) {
    if (connected === this.connected) return;
    this.connected = connected;
    window.dispatchEvent(new CustomEvent("beratungsraum:line", { detail: { connected } }));
  }
}

export default function ({ data }) {
  const live = (window.beratungsraumLive ??= new Live());
  clearTimeout(live.ends);
  live.follow(data.tab);
  // The next page of this tab may only be about to be drawn.
  return () => {
    live.ends = setTimeout(() => live.follow(""), 1000);
  };
}
