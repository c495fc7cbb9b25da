// Real-time text in the chat: what stands in the own field goes to the others while it is written,
// if the switch is on; what others write stands in a line of its own until it is sent or emptied.
// A message that others have sent stands there, too, until the chat above is drawn with it.
// A screen reader is not told character by character: the message in the chat is announced.

const EVERY = 200;
// Said again for whoever has come, or come back, meanwhile.
const AGAIN = 3000;
const FORGOTTEN = 60000;
const SIDEBAR = '[data-testid="stSidebar"]';

class Writing {
  said = null;
  at = 0;
  lines = new Map(); // what is being written, by seat
  messages = new Map(); // by number

  constructor(root) {
    this.root = root;
    this.list = document.createElement("ol");
    this.list.className = "chat";
    this.hear = ({ detail }) => this.#show(detail);
    this.take = ({ detail }) => this.#message(detail);
    // Streamlit empties the field without an event.
    this.look = () => this.#look();
    this.timer = setInterval(this.look, EVERY);
    document.addEventListener("input", this.look);
    window.addEventListener("beratungsraum:typing", this.hear);
    window.addEventListener("beratungsraum:message", this.take);
    window.addEventListener("beratungsraum:line", this.look);
    // Before anybody sees a message twice.
    this.watch = new MutationObserver(() => this.#drawn());
    this.watch.observe(document.querySelector(SIDEBAR), { childList: true, subtree: true });
  }

  // The chat shows every message up to this one.
  get #newest() {
    return Number(document.querySelector("ol.chat[data-newest]")?.dataset.newest ?? 0);
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
    const live = window.beratungsraumLive;
    if (!live?.connected) {
      this.said = null;
      return;
    }
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
  // one that is switched off, or drawn anew, and is not for the advisor afterwards.
  #text(value) {
    if (value === "") return "";
    return value && this.data.on ? value.slice(-this.data.longest) : null;
  }

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

  #line(seat) {
    const [element, who, text] = ["div", "span", "div"].map((tag) => document.createElement(tag));
    element.className = "written";
    who.className = "who";
    text.dir = "auto";
    element.append(who, text);
    this.root.append(element);
    const line = { element, who, text };
    this.lines.set(seat, line);
    return line;
  }

  // As in the chat (show.py), but for links.
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

  #forget(seat) {
    this.lines.get(seat)?.element.remove();
    this.lines.delete(seat);
  }

  end() {
    clearInterval(this.timer);
    document.removeEventListener("input", this.look);
    window.removeEventListener("beratungsraum:typing", this.hear);
    window.removeEventListener("beratungsraum:message", this.take);
    this.watch.disconnect();
    window.removeEventListener("beratungsraum:line", this.look);
    if (this.said) window.beratungsraumLive?.send({ typing: null });
    this.root.replaceChildren();
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".writing");
  root.setAttribute("aria-live", "off");
  const writing = (parentElement.writing ??= new Writing(root));
  writing.data = data;
  return () => {
    writing.end();
    delete parentElement.writing;
  };
}
