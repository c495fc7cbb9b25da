// A shown screen, as large as somebody needs it: by two fingers, by buttons or by keys; moved by a
// finger, by buttons or by keys. Knows the element the picture is in, and nothing of a connection.

import { button, make, mark, show } from "./element.js";
import { Fingers } from "./fingers.js";

const MOST = 6; // times as large as it fits
const STEP = 1.5;
const SHIFT = 0.3; // of what is to be seen, by one press
/** @type {Record<string, [number, number]>} */
const WAYS = { left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1] };
/** @type {Record<string, string>} */
const SIGNS = { smaller: "−", larger: "+", left: "←", right: "→", up: "↑", down: "↓" };
/** @type {Record<string, string>} */
const KEYS = {
  "+": "larger",
  "-": "smaller",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** @import { Words } from "../types.js" */

export class Zoom {
  /**
   * @param {HTMLElement} root
   * @param {HTMLVideoElement} video
   */
  constructor(root, video) {
    this.root = root;
    this.video = video;
    this.scale = 1;
    this.x = this.y = 0;
    /** @type {Words | undefined} */
    this.words = undefined;
    this.tools = make("div", "tools zoom", root);
    this.tools.setAttribute("role", "group");
    this.tools.addEventListener("keydown", (event) => this.key(event));
    /** @type {Record<string, HTMLButtonElement>} */
    this.buttons = {};
    for (const name of Object.keys(SIGNS)) {
      this.buttons[name] = button(this.tools, name, () => this.press(name));
      this.buttons[name].textContent = SIGNS[name];
    }
    this.fingers = new Fingers(root, video, {
      ready: () => !this.tools.hidden,
      move: (x, y) => {
        if (this.scale > 1) this.move(x, y);
      },
      zoom: (by, x, y) => this.zoom(by, x, y),
    });
    video.addEventListener("resize", () => this.place());
    this.fit();
  }

  /**
   * @param {boolean} on
   * @param {Words} words
   */
  draw(on, words) {
    show(this.tools, on);
    if (!on && this.scale > 1) this.fit();
    if (!on || this.words === words) return;
    this.words = words;
    this.tools.setAttribute("aria-label", words.zoom);
    const ways = { left: words.left, right: words.right, up: words.up, down: words.down };
    /** @type {Words} */
    const named = { smaller: words.smaller, larger: words.larger, ...ways };
    for (const [name, element] of Object.entries(this.buttons)) {
      element.setAttribute("aria-label", named[name]);
      element.title = named[name];
    }
  }

  fit() {
    this.scale = 1;
    this.x = this.y = 0;
    this.place();
  }

  /** @param {string} name */
  press(name) {
    const { width, height } = this.root.getBoundingClientRect();
    const [right, down] = WAYS[name] ?? [0, 0];
    if (name === "larger") this.zoom(STEP);
    else if (name === "smaller") this.zoom(1 / STEP);
    else this.move(right * SHIFT * width, down * SHIFT * height);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const name = KEYS[event.key];
    if (!name) return;
    event.preventDefault();
    this.press(name);
  }

  /**
   * What is at (x, y), counted from the middle, stays where it is.
   * @param {number} by
   */
  zoom(by, x = 0, y = 0) {
    const before = this.scale;
    this.scale = Math.min(MOST, Math.max(1, before * by));
    const grown = this.scale / before;
    this.x = x - (x - this.x) * grown;
    this.y = y - (y - this.y) * grown;
    this.place();
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  move(x, y) {
    this.x += x;
    this.y += y;
    this.place();
  }

  // Never beyond the edge of the picture.
  place() {
    const { width, height } = this.root.getBoundingClientRect();
    const { videoWidth, videoHeight } = this.video;
    const fits = Math.min(width / (videoWidth || width), height / (videoHeight || height));
    /** @type {(box: number, size: number) => number} */
    const most = (box, size) => Math.max(0, (this.scale * fits * (size || box) - box) / 2);
    /** @type {(value: number, limit: number) => number} */
    const within = (value, limit) => Math.min(limit, Math.max(-limit, value));
    this.x = within(this.x, most(width, videoWidth));
    this.y = within(this.y, most(height, videoHeight));
    this.video.style.transform =
      this.scale > 1 ? `translate(${this.x}px, ${this.y}px) scale(${this.scale})` : "";
    mark(this.root, "zoomed", this.scale > 1);
    this.buttons.smaller.disabled = this.scale === 1;
    this.buttons.larger.disabled = this.scale === MOST;
    for (const name of Object.keys(WAYS)) show(this.buttons[name], this.scale > 1);
  }
}
