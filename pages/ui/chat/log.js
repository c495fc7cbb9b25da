// What was said in the chat, oldest first. Everything people wrote stays text: nothing here is
// ever read as HTML, and an address leads only where http and https lead.

/** @import { ChatLine, ChatLines, Words } from "../types.js" */

const REL = "noopener noreferrer nofollow";
const AT_END = 40; // pixels

/**
 * @param {string} tag
 * @param {string} [css]
 * @param {string} [text]
 */
function make(tag, css = "", text = "") {
  const element = document.createElement(tag);
  if (css) element.className = css;
  if (text) element.textContent = text;
  return element;
}

/**
 * Left to right as one piece: its host stands first, whatever is written around it.
 * @param {string} text
 * @param {string} href
 * @param {string} host
 */
function link(text, href, host) {
  if (!/^https?:\/\//.test(href)) return document.createTextNode(text);
  const found = /** @type {HTMLAnchorElement} */ (make("a", "", text));
  Object.assign(found, { href, target: "_blank", rel: REL, dir: "ltr" });
  if (host) found.append(make("span", "host", ` (${host})`));
  return found;
}

/**
 * @param {ChatLine} line
 * @param {Words} words
 */
function item({ number, author, at, mine, pieces }, words) {
  const message = make("li", mine ? "mine" : "theirs");
  message.dataset.number = String(number);
  const who = make("span", "who");
  who.append(make("bdi", "", mine ? words.you : author), " ", make("time", "", at));
  const said = make("div");
  said.dir = "auto";
  for (const [text, href, host] of pieces) said.append(href ? link(text, href, host) : text);
  message.append(who, said);
  return message;
}

export class Log {
  /** @type {Map<number, HTMLElement>} by number, in this order */
  #shown = new Map();
  #following = true;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.earlier = make("p", "quiet");
    this.earlier.hidden = true;
    this.list = make("ol", "chat");
    root.append(this.earlier, this.list);
    root.tabIndex = 0;
    root.addEventListener("scroll", () => {
      if (root.clientHeight) this.#following = this.#left < AT_END;
    });
    // A chat that is opened begins at its newest message.
    this.size = new ResizeObserver(() => this.#follow());
    this.size.observe(root);
  }

  get newest() {
    return Math.max(0, ...this.#shown.keys());
  }

  get #left() {
    return this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight;
  }

  #follow() {
    if (this.#following) this.root.scrollTop = this.root.scrollHeight;
  }

  /**
   * Show what is not there yet; returns it. Of more than `most` the oldest go.
   * @param {ChatLines} what
   * @param {number} most
   * @param {Words} words
   */
  take({ lines, more }, most, words) {
    const fresh = lines.filter(({ number }) => !this.#shown.has(number));
    for (const line of fresh) this.#insert(line.number, item(line, words));
    const first = more && lines.length ? lines[0].number : 0;
    const numbers = [...this.#shown.keys()];
    const gone = numbers.filter((number, at) => number < first || at < numbers.length - most);
    for (const number of gone) this.#forget(number);
    if (more || gone.length) this.earlier.hidden = false;
    this.earlier.textContent ||= words.earlier;
    this.#announce(words);
    this.#following ||= fresh.some(({ mine }) => mine);
    if (fresh.length) this.#follow();
    return fresh;
  }

  /**
   * @param {number} number
   * @param {HTMLElement} message
   */
  #insert(number, message) {
    const after = [...this.#shown].find(([other]) => other > number)?.[1] ?? null;
    this.list.insertBefore(message, after);
    this.#shown.set(number, message);
    if (after) this.#shown = new Map([...this.#shown].sort(([a], [b]) => a - b));
  }

  /** @param {number} number */
  #forget(number) {
    this.#shown.get(number)?.remove();
    this.#shown.delete(number);
  }

  /**
   * Only what comes later is read out, not what was there when the page began.
   * @param {Words} words
   */
  #announce(words) {
    this.root.setAttribute("aria-label", words.log);
    this.root.setAttribute("role", "log");
    this.root.setAttribute("aria-live", "polite");
  }

  end() {
    this.size.disconnect();
    this.root.replaceChildren();
  }
}
