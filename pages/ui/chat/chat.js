// The chat in the sidebar: what was said, what others are just writing, and the own field, read
// while it is written. The page begins with what a script run knew; the rest comes through the live
// socket, which is told up to where this tab has read.

import { live } from "../live/socket.js";
import { giveBack } from "./field.js";
import { Log } from "./log.js";
import { Typing } from "./typing.js";

/** @import { ChatData, ChatLines, Mounted } from "../types.js" */
/** @typedef {HTMLElement & { chat?: Chat }} Root Streamlit keeps it from mount to mount */

class Chat {
  /** @param {Root} root */
  constructor(root) {
    const [log, writing] = [document.createElement("div"), document.createElement("div")];
    log.className = "log";
    writing.className = "writing";
    root.append(log, writing);
    this.log = new Log(log);
    this.typing = new Typing(writing);
    /** @param {any} event */
    this.hear = ({ detail }) => this.#take(detail);
    this.ask = () => live.send({ read: this.log.newest });
    live.addEventListener("messages", this.hear);
    live.addEventListener("line", this.ask);
  }

  /** @param {ChatData} data */
  draw(data) {
    this.data = data;
    this.typing.data = data;
    this.#take(data);
    giveBack(data.unsent);
  }

  /** @param {ChatLines} lines */
  #take(lines) {
    if (!this.data) return;
    const { most, words } = this.data;
    for (const { seat } of this.log.take(lines, most, words)) this.typing.forget(seat);
  }

  end() {
    live.removeEventListener("messages", this.hear);
    live.removeEventListener("line", this.ask);
    this.log.end();
    this.typing.end();
  }
}

/** @param {Mounted<ChatData>} mounted */
export default function ({ data, parentElement }) {
  const root = /** @type {Root} */ (parentElement);
  const begins = !root.chat;
  root.chat ??= new Chat(root);
  const { chat } = root;
  chat.draw(data);
  if (begins) chat.ask();
  return () => {
    chat.end();
    delete root.chat;
    root.replaceChildren();
  };
}
