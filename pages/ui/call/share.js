// The advisor's own screen: chosen in the browser's own dialog, sent over a line of its own, seen
// by the advisor as the others see it. The office decides whether it may go out: nothing is sent
// before the page says so, and when the page says that it is over, it is over.

import { page } from "../window.js";
import { button, make, mark, say, show } from "./element.js";
import { recall, remember } from "./kept.js";
import { ScreenLine } from "./screen_line.js";

const LEFT_MS = 300; // an element that comes back within this time was only moved
// Small letters are sharp within two seconds if a still picture goes out again and again.
const PICTURES = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 10 } };
const STEADY = { ...PICTURES, frameRate: { min: 5, max: 10 } };
const FLAG = "beratungsraum-screen"; // this tab was showing something when its page went
const AGAIN_MS = 2000; // Streamlit forgets one of two presses that come at once

/** @import { Mounted, ShareData, Words } from "../types.js" */

export class Share {
  constructor() {
    /** @type {ShareData | null} */
    this.data = null;
    /** @type {ScreenLine | null} */
    this.line = null;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    /** @type {Mounted<ShareData>["setTriggerValue"]} */
    this.page = () => {};
    this.leaving = 0;
    this.number = 0; // of the newest press
    this.pending = ""; // what the page has not answered yet, "show" or "hide"
    this.timer = setInterval(() => {
      if (this.pending) this.page(this.pending, this.number);
    }, AGAIN_MS);
    this.state = "idle"; // "choosing", "asking" the office, "shown"
    this.said = ""; // the last sentence about what went wrong
    this.root = make("section", "share");
    this.button = button(this.root, "", () => this.press());
    this.words = make("p", "", this.root);
    this.words.setAttribute("role", "status");
    this.preview = make("video", "", this.root);
    Object.assign(this.preview, { autoplay: true, playsInline: true, muted: true });
  }

  /**
   * @param {ShareData} data
   * @param {Mounted<ShareData>["setTriggerValue"]} page
   * @param {HTMLElement} parent
   */
  update(data, page, parent) {
    clearTimeout(this.leaving);
    this.data = data;
    this.page = page;
    if (this.root.parentNode !== parent) parent.append(this.root);
    this.line?.update({ ...data, places: 0, autostart: false });
    this.obey(data);
    this.draw();
  }

  /**
   * What the office has decided.
   * @param {ShareData} data
   */
  obey({ shown, answered, refused, words }) {
    if (answered === this.number) this.pending = "";
    if (!shown && !this.stream) remember(FLAG, false);
    if (this.state === "asking" && answered === this.number) {
      if (shown) this.begin();
      else this.stop(refused);
    } else if (this.state === "shown" && !shown) {
      this.stop(words.over);
    } else if (this.state === "idle" && shown && recall(FLAG)) {
      this.hide(); // the page was reloaded, and with it the choice is gone
    }
  }

  press() {
    if (this.stream) this.hide();
    else if (this.state === "idle") this.choose();
  }

  async choose() {
    this.state = "choosing";
    this.said = "";
    this.draw();
    try {
      /** @type {DisplayMediaStreamOptions & Record<string, unknown>} the newest are not in its types */
      const wanted = {
        video: PICTURES,
        audio: false,
        selfBrowserSurface: "exclude",
        surfaceSwitching: "include",
        systemAudio: "exclude",
      };
      this.stream = await navigator.mediaDevices.getDisplayMedia(wanted);
    } catch (problem) {
      this.stop(this.problem(problem));
      return;
    }
    const [track] = this.stream.getVideoTracks();
    track.contentHint = "text";
    track.addEventListener("ended", () => this.hide());
    await track.applyConstraints(STEADY).catch(() => null); // not every browser can
    if (track.readyState === "live") this.ask(track);
  }

  // The line is made ready meanwhile.
  /** @param {MediaStreamTrack} track */
  ask(track) {
    if (!this.data) return;
    this.state = "asking";
    this.track = track;
    this.tell("show");
    this.line = new ScreenLine(() => this.draw());
    this.line.track = track;
    this.line.update({ ...this.data, places: 0, autostart: false });
    this.line.start();
    this.draw();
  }

  /** @param {"show" | "hide"} press */
  tell(press) {
    this.pending = press;
    this.number = Date.now();
    this.page(press, this.number);
  }

  begin() {
    this.state = "shown";
    this.line?.allow();
    remember(FLAG, true);
  }

  hide() {
    const asked = this.state === "asking" || this.data?.shown;
    this.stop("");
    if (asked) this.tell("hide");
  }

  /**
   * Nothing of it leaves this device any more, whatever becomes of the page.
   * @param {string} said
   */
  stop(said) {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.line?.end();
    remember(FLAG, false);
    this.stream = this.line = this.track = null;
    this.state = "idle";
    this.said = said;
    this.draw();
  }

  leave() {
    this.leaving = setTimeout(() => {
      const shown = this.state === "shown";
      this.stop("");
      if (shown) remember(FLAG, true);
      clearInterval(this.timer);
      this.root.remove();
      page.share = undefined;
    }, LEFT_MS);
  }

  /** @param {any} problem */
  problem({ name, message }) {
    const problems = this.data?.problems ?? {};
    const system = /Mac/.test(navigator.platform)
      ? "mac"
      : /Linux/.test(navigator.platform)
        ? "linux"
        : "windows";
    if (name === "NotAllowedError" && !/system/i.test(message)) return problems.nothingChosen;
    if (["NotAllowedError", "NotReadableError", "NotFoundError"].includes(name))
      return problems[system];
    return problems.other;
  }

  draw() {
    if (!this.data) return;
    const { words, allowed } = this.data;
    const able = Boolean(navigator.mediaDevices?.getDisplayMedia);
    const live = this.state === "shown";
    say(this.button, this.stream ? words.hide : words.show);
    this.button.disabled = !this.stream && (!able || !allowed || this.state !== "idle");
    say(this.words, live ? this.showing(words) : this.waiting(words, able, allowed));
    mark(this.root, "live", live);
    mark(this.words, "bad", Boolean(this.said) && !live);
    if (this.preview.srcObject !== this.stream) this.preview.srcObject = this.stream;
    show(this.preview, live);
    if (live) this.preview.setAttribute("aria-label", words.preview);
  }

  /** @param {Words} words */
  showing(words) {
    if (!this.line?.connected) return this.line?.ever ? words.lost : words.connecting;
    return words[this.track?.getSettings().displaySurface ?? ""] ?? words.monitor;
  }

  /**
   * @param {Words} words
   * @param {boolean} able
   * @param {boolean} allowed
   */
  waiting(words, able, allowed) {
    if (!able) return words.unable;
    if (this.state === "choosing") return words.choosing;
    if (this.state === "asking") return words.connecting;
    return this.said || (allowed ? "" : words.notYet);
  }
}

/** @param {Mounted<ShareData>} mounted */
export default function ({ data, parentElement, setTriggerValue }) {
  page.share ??= new Share();
  const { share } = page;
  share.update(data, setTriggerValue, parentElement);
  return () => share.leave();
}
