// What is on the page: the others large, oneself small, words over the picture, controls below.
// Draws what it is told, as often as it is told; knows no connection. Text is set as text.

import { button, icon, initial, make, mark, say, show } from "./element.js";
import { Frozen, Panel } from "./panel.js";
import { Zoom } from "./zoom.js";

/** @import { Deeds, Person, Seen, Words } from "../types.js" */

class Tile {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.root = make("figure", "tile");
    parent.insertBefore(this.root, parent.querySelector(".calm"));
    this.video = make("video", "", this.root);
    Object.assign(this.video, { autoplay: true, playsInline: true });
    this.cover = make("div", "cover", this.root);
    this.initial = make("span", "initial", this.cover);
    this.initial.setAttribute("aria-hidden", "true");
    this.off = make("span", "", this.cover);
    const caption = make("figcaption", "", this.root);
    this.speaks = make("span", "speaks", caption);
    icon("speaks", this.speaks);
    this.name = make("bdi", "", caption);
    this.muted = make("span", "badge off", caption);
    icon("audio", this.muted);
    this.mutedWords = make("span", "", this.muted);
    this.zoom = new Zoom(this.root, this.video);
  }

  /**
   * `stream` stays while a new connection is being built: the last picture stands.
   * @param {MediaStream | null} stream
   * @param {() => void} blocked
   */
  play(stream, blocked) {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    else if (!this.video.paused) return;
    this.video.play().catch((problem) => problem.name === "NotAllowedError" && blocked());
  }

  /**
   * @param {Seen & { person: Person | null, screen: boolean | undefined }} shown
   * @param {Words} words
   */
  draw({ person, picture, sound, speaks, screen }, words) {
    const named = [person?.name, person?.role].filter(Boolean).join(" · ");
    say(this.name, screen && person ? words.screen.replace("{name}", person.name) : named);
    say(this.initial, initial(person?.seat ? person.name : ""));
    show(this.cover, !picture);
    say(this.off, picture ? "" : words.unseen);
    show(this.muted, !sound && !screen);
    say(this.mutedWords, words.unheard);
    show(this.speaks, speaks);
    mark(this.root, "speaking", speaks);
    mark(this.root, "screen", screen);
    this.zoom.draw(Boolean(screen && picture), words);
    mark(this.root, "pinned", person?.pinned);
  }
}

export class View {
  /** @param {Deeds} deeds */
  constructor(deeds) {
    this.root = make("section", "stage");
    this.people = make("div", "people", this.root);
    /** @type {Tile[]} */
    this.tiles = [];
    this.calm = make("p", "calm", this.people);
    this.begin = button(this.people, "begin", deeds.start);
    this.self = make("figure", "self", this.people);
    this.own = make("video", "", this.self);
    Object.assign(this.own, { autoplay: true, playsInline: true, muted: true });
    this.ownOff = make("figcaption", "", this.self);
    this.notice = make("div", "notice", this.people);
    this.notice.setAttribute("role", "status");
    this.words = make("p", "", this.notice);
    this.phone = make("a", "", this.notice);
    this.again = button(this.notice, "", deeds.again);
    this.understood = button(this.notice, "", deeds.understood);
    this.frozen = new Frozen(this.root);
    this.panel = new Panel(this.root, deeds);
    this.controls = make("div", "controls", this.root);
    /** @type {Record<string, { button: HTMLButtonElement, words: HTMLElement }>} */
    this.buttons = {};
    for (const [name, deed] of Object.entries(deeds.controls(this))) {
      const control = button(this.controls, name, deed);
      icon(name, control);
      this.buttons[name] = { button: control, words: make("span", "", control) };
    }
    this.fit = () => this.measure();
    addEventListener("resize", this.fit);
  }

  remove() {
    removeEventListener("resize", this.fit);
    this.root.remove();
  }

  // As high as there is room: nobody has to scroll to see whom they talk to.
  measure() {
    const scroller = this.root.closest('[data-testid="stMain"]');
    const top = this.root.getBoundingClientRect().top + (scroller?.scrollTop ?? 0);
    const height = `${Math.floor(innerHeight - Math.max(0, top))}px`;
    if (this.root.style.getPropertyValue("--room") !== height) {
      this.root.style.setProperty("--room", height);
    }
  }

  /**
   * @param {string} name
   * @param {string} words
   * @param {boolean} shown
   */
  control(name, words, shown, off = false) {
    const control = this.buttons[name];
    say(control.words, words);
    show(control.button, shown);
    mark(control.button, "off", off);
  }

  /**
   * @param {MediaStream | null} stream
   * @param {string} words
   * @param {boolean} mirrored
   */
  showOwn(stream, words, mirrored) {
    if (this.own.srcObject !== stream) this.own.srcObject = stream;
    say(this.ownOff, words);
    mark(this.self, "mirrored", mirrored);
  }

  /** @param {number} number */
  tile(number) {
    this.tiles[number] ??= new Tile(this.people);
    return this.tiles[number];
  }
}
