// Real-time text in the chat: what stands in the own field goes to the others while it is written,
// if the switch is on; what others write stands in a line of its own until it is sent or emptied.
// A message that others have sent stands there, too, until the chat above is drawn with it.
// A screen reader is not told character by character: the message in the chat is announced.

import { live } from "../live/socket.js";

const EVERY = 200;
// Said again for anyone who has come, or come back, meanwhile.
const AGAIN = 3000;
const FORGOTTEN = 60000;
const SIDEBAR = '[data-testid="stSidebar"]';

/** @import { Mounted, Words } from "../types.js" */
/** @typedef {{ element: HTMLElement, who: HTMLElement, text: HTMLElement, at: number }} Line */
/** @typedef {{ number: number, seat: string, name: string, at: string, text: string }} Message */
/** @typedef {{ on: boolean, longest: number, words: Words }} Data */
/** @typedef {HTMLElement & { writing?: Writing }} Root Streamlit keeps it from mount to mount */

class Writing {
  /** @type {string | null} */
  said = null;
  at = 0;
  /** @type {Map<string, Line>} what is being written, by seat */
  lines = new Map();
  /** @type {Map<number, HTMLElement>} by number */
  messages = new Map();
  /** @type {Data} */
  data = { on: false, longest: 0, words: {} };

  /** @param {Element} root */
  constructor(root) {
    this.root = root;
    this.list = document.createElement("ol");
    this.list.className = "chat";
    /** @param {any} event */
    this.hear = ({ detail }) => this.#show(detail);
    /** @param {any} event */
    this.take = ({ detail }) => this.#message(detail);
    // Streamlit empties the field without an event.
    this.look = () => this.#look();
    this.timer = setInterval(this.look, EVERY);
    document.addEventListener("input", this.look);
    live.addEventListener("typing", this.hear);
    live.addEventListener("message", this.take);
    live.addEventListener("line", this.look);
    // Before anybody sees a message twice.
    this.watch = new MutationObserver(() => this.#drawn());
    const sidebar = document.querySelector(SIDEBAR) ?? document.body;
    this.watch.observe(sidebar, { childList: true, subtree: true });
  }

  // The chat shows every message up to this one.
  get #newest() {
    const chat = document.querySelector("ol.chat[data-newest]");
    return Number(chat?.getAttribute("data-newest") ?? 0);
  }

  #drawn() {
    const newest = this.messages.size ? this.#newest : 0;
    for (const [number, message] of this.messages) {
      if (number > newest) continue;
      message.remove();
      this.messages.delete(number);
    }
    if (!this.messages.size) this.list.remove();
  }

  #look() {
    for (const [seat, line] of this.lines) {
      if (Date.now() - line.at > FORGOTTEN) this.#forget(seat);
    }
    if (!live.connected) {
      this.said = null;
      return;
    }
    /** @type {HTMLTextAreaElement | null} */
    const field = document.querySelector('[data-testid="stChatInput"] textarea');
    const text = this.#text(field?.value);
    const since = Date.now() - this.at;
    if (text === this.said ? !text || since < AGAIN : since < EVERY / 2) return;
    if (live.send({ typing: text })) {
      this.said = text;
      this.at = Date.now();
    }
  }

  // Only an empty field is said to be empty: what was written in a private minute still stands in
  // one that is switched off, or redrawn, and is not for the advisor afterwards.
  /** @param {string} [value] */
  #text(value) {
    if (value === "") return "";
    return value && this.data.on ? last(value, this.data.longest) : null;
  }

  /** @param {{ seat: string, name: string, text: string }} typed */
  #show({ seat, name, text }) {
    if (!text) {
      this.#forget(seat);
      return;
    }
    const line = this.lines.get(seat) ?? this.#line(seat);
    line.at = Date.now();
    line.who.textContent = this.data.words.writes.replace("{name}", name);
    line.text.textContent = text;
    line.text.scrollTop = line.text.scrollHeight;
  }

  /** @param {string} seat */
  #line(seat) {
    const [element, who, text] = ["div", "span", "div"].map((tag) => document.createElement(tag));
    element.className = "written";
    who.className = "who";
    text.dir = "auto";
    element.append(who, text);
    this.root.append(element);
    const line = { element, who, text, at: 0 };
    this.lines.set(seat, line);
    return line;
  }

  /**
   * As in the chat (show.py), but for links.
   * @param {Message} message
   */
  #message({ number, seat, name, at, text }) {
    if (number <= this.#newest || this.messages.has(number)) return;
    this.#forget(seat);
    const tags = ["li", "span", "bdi", "time", "div"];
    const [message, who, author, time, words] = tags.map((tag) => document.createElement(tag));
    message.className = "theirs";
    who.className = "who";
    author.textContent = name;
    time.textContent = at;
    words.dir = "auto";
    words.textContent = text;
    who.append(author, " ", time);
    message.append(who, words);
    this.list.append(message);
    this.root.prepend(this.list);
    this.messages.set(number, message);
  }

  /** @param {string} seat */
  #forget(seat) {
    this.lines.get(seat)?.element.remove();
    this.lines.delete(seat);
  }

  end() {
    clearInterval(this.timer);
    document.removeEventListener("input", this.look);
    live.removeEventListener("typing", this.hear);
    live.removeEventListener("message", this.take);
    this.watch.disconnect();
    live.removeEventListener("line", this.look);
    if (this.said) live.send({ typing: null });
    this.root.replaceChildren();
  }
}

// As the server counts: no character is cut in halves.
/**
 * @param {string} text
 * @param {number} longest
 */
function last(text, longest) {
  return text.length > longest ? [...text].slice(-longest).join("") : text;
}

/** @param {Mounted<Data>} mounted */
export default function ({ data, parentElement }) {
  const root = /** @type {Root} */ (parentElement);
  const place = root.querySelector(".writing") ?? root;
  place.setAttribute("aria-live", "off");
  root.writing ??= new Writing(place);
  const { writing } = root;
  writing.data = data;
  return () => {
    writing.end();
    delete root.writing;
  };
}
