// Has Streamlit draw one part of the page anew when something has changed since it was drawn,
// a few times a second at most. Without a live socket it asks by itself now and then.

const APART = 250;
const WITHOUT = 5000;
const FINISHING = 80; // until a run that has just begun has drawn the chat
const NEWS = ["beratungsraum:changed", "beratungsraum:said"];

function streamlitIs(what, state) {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.getAttribute(`data-test-${what}-state`) === state;
}

// Streamlit takes what is asked for in one moment as one request: apart, each draws only itself.
const BETWEEN = 10;
const waiting = [];
let busy = false;

function ask(part) {
  if (waiting.includes(part)) return;
  if (part.chat) waiting.unshift(part);
  else waiting.push(part);
  if (busy) return;
  busy = true;
  setTimeout(next); // once everybody has asked who heard the same
}

function next() {
  const part = waiting.shift();
  busy = part !== undefined;
  if (!busy) return;
  part.ask();
  setTimeout(next, BETWEEN);
}

class Part {
  drawn = 0;
  asked = 0;
  at = 0;

  constructor() {
    this.look = () => this.#look();
    this.turn = () => ask(this);
    for (const name of NEWS) window.addEventListener(name, this.look);
    this.alone = setInterval(() => window.beratungsraumLive?.connected || this.turn(), WITHOUT);
  }

  get newest() {
    const { changed = 0, said = 0 } = window.beratungsraumLive?.newest ?? {};
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
    if (!streamlitIs("connection", "CONNECTED")) return; // it draws everything anew when it is back
    this.at = Date.now();
    this.asked = this.newest;
    this.trigger("changed", this.asked);
  }

  end() {
    this.trigger = () => {};
    for (const name of NEWS) window.removeEventListener(name, this.look);
    clearInterval(this.alone);
    clearTimeout(this.timer);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const part = (parentElement.part ??= new Part());
  part.drawn = data.version;
  part.chat = data.chat;
  part.trigger = setTriggerValue;
  part.look();
  return () => {
    part.end();
    delete parentElement.part;
  };
}
