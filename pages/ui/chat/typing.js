// Real-time text in the chat: what stands in the own field goes to the others while it is written,
// if the switch is on; what others write stands in a line of its own until it is sent or emptied.
// A screen reader is not told character by character: the message in the chat is announced.

import { live } from "../live/socket.js";
import { written } from "./field.js";

const EVERY = 200;
// Said again for anyone who has come, or come back, meanwhile.
const AGAIN = 3000;
const FORGOTTEN = 60000;

/** @import { ChatData } from "../types.js" */
/** @typedef {{ element: HTMLElement, who: HTMLElement, text: HTMLElement, at: number }} Line */

export class Typing {
  /** @type {string | null} */
  said = null;
  at = 0;
  /** @type {Map<string, Line>} what is being written, by seat */
  lines = new Map();
  /** @type {ChatData | undefined} */
  data = undefined;

  /** @param {Element} root */
  constructor(root) {
    this.root = root;
    root.setAttribute("aria-live", "off");
    /** @param {any} event */
    this.hear = ({ detail }) => this.#show(detail);
    // Streamlit empties the field without an event.
    this.look = () => this.#look();
    this.timer = setInterval(this.look, EVERY);
    document.addEventListener("input", this.look);
    live.addEventListener("typing", this.hear);
    live.addEventListener("line", this.look);
  }

  #look() {
    for (const [seat, line] of this.lines) {
      if (Date.now() - line.at > FORGOTTEN) this.forget(seat);
    }
    if (!live.connected) {
      this.said = null;
      return;
    }
    const text = this.#text(written());
    const since = Date.now() - this.at;
    if (text === this.said ? !text || since < AGAIN : since < EVERY / 2) return;
    if (live.send({ typing: text })) {
      this.said = text;
      this.at = Date.now();
    }
  }

  // Only an empty field is said to be empty: what was written in a private minute still stands in
  // one that is switched off, or redrawn, and is not for the advisor afterwards.
  /** @param {string | null} value */
  #text(value) {
    if (value === "") return "";
    return value && this.data?.at_once ? last(value, this.data.longest) : null;
  }

  /** @param {{ seat: string, name: string, text: string }} typed */
  #show({ seat, name, text }) {
    if (!text) {
      this.forget(seat);
      return;
    }
    const line = this.lines.get(seat) ?? this.#line(seat);
    line.at = Date.now();
    line.who.textContent = this.data?.words.writes.replace("{name}", name) ?? "";
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

  /** @param {string} seat */
  forget(seat) {
    this.lines.get(seat)?.element.remove();
    this.lines.delete(seat);
  }

  end() {
    clearInterval(this.timer);
    document.removeEventListener("input", this.look);
    live.removeEventListener("typing", this.hear);
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
