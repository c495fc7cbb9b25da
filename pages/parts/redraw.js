// Has Streamlit draw one part of the page anew when something has changed since it was drawn,
// a few times a second at most. Without a live socket it asks by itself now and then.

const APART = 250;
const WITHOUT = 5000;

function streamlitIsThere() {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.getAttribute("data-test-connection-state") === "CONNECTED";
}

// Streamlit draws one part at a time: of two that ask in the same moment it would forget one.
const BETWEEN = 10;
const waiting = [];
let busy = false;

function ask(part) {
  if (waiting.includes(part)) return;
  if (part.first) waiting.unshift(part);
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
    window.addEventListener("beratungsraum:changed", this.look);
    this.alone = setInterval(() => window.beratungsraumLive?.connected || this.turn(), WITHOUT);
  }

  #look() {
    const newest = window.beratungsraumLive?.version ?? 0;
    if (newest <= Math.max(this.drawn, this.asked) || this.timer) return;
    this.timer = setTimeout(this.turn, Math.max(0, this.at + APART - Date.now()));
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!streamlitIsThere()) return; // it draws everything anew when it is back
    this.at = Date.now();
    this.asked = window.beratungsraumLive?.version ?? 0;
    this.trigger("changed", this.asked);
  }

  end() {
    this.trigger = () => {};
    window.removeEventListener("beratungsraum:changed", this.look);
    clearInterval(this.alone);
    clearTimeout(this.timer);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const part = (parentElement.part ??= new Part());
  part.drawn = data.version;
  part.first = data.first;
  part.trigger = setTriggerValue;
  part.look();
  return () => {
    part.end();
    delete parentElement.part;
  };
}
