// What lies over the stage for a while: the choice of devices, and a picture that was halted.

import { button, icon, make, say, show } from "./element.js";

/** @import { Deeds, Words } from "../types.js" */

/** @typedef {{ label: HTMLElement, name: HTMLElement, select: HTMLSelectElement }} Choice */

export class Panel {
  /**
   * @param {Element} parent
   * @param {Deeds} deeds
   */
  constructor(parent, deeds) {
    this.root = make("div", "panel", parent);
    this.root.hidden = true;
    this.camera = this.choice((id) => deeds.choose("video", id));
    this.microphone = this.choice((id) => deeds.choose("audio", id));
    this.little = button(this.root, "little", deeds.little);
    icon("little", this.little);
    this.littleWords = make("span", "", this.little);
    this.tick = make("span", "", this.little, "✓");
    this.tick.setAttribute("aria-hidden", "true");
    this.estimate = make("p", "", this.root);
  }

  /**
   * @param {(id: string) => void} deed
   * @returns {Choice}
   */
  choice(deed) {
    const label = make("label", "", this.root);
    const name = make("span", "", label);
    const select = make("select", "", label);
    select.addEventListener("change", () => deed(select.value));
    return { label, name, select };
  }

  /**
   * @param {Words} words
   * @param {import("./devices.js").Media} media
   * @param {import("./statistics.js").Watch} watch
   */
  draw(words, media, watch) {
    const { asking, tracks } = media;
    this.fill(this.camera, words.chooseCamera, asking.cameras, tracks.video);
    this.fill(this.microphone, words.chooseMicrophone, asking.microphones, tracks.audio);
    say(this.littleWords, words.little);
    this.little.setAttribute("aria-pressed", String(watch.quality.little));
    show(this.tick, watch.quality.little);
    const known =
      watch.megabytes > 0 ? words.estimate.replace("{mb}", String(watch.megabytes)) : "";
    say(this.estimate, `${words.littleMeans} ${known}`.trim());
  }

  /**
   * @param {Choice} choice
   * @param {string} words
   * @param {MediaDeviceInfo[]} devices
   * @param {MediaStreamTrack | null} track
   */
  fill({ label, name, select }, words, devices, track) {
    say(name, words);
    show(
      label,
      devices.some((each) => each.label),
    );
    const now = track?.getSettings().deviceId;
    const wanted = devices.map((each) => `${each.deviceId} ${each.label}`).join("\n");
    if (select.dataset.filled !== wanted) {
      select.dataset.filled = wanted;
      select.replaceChildren(...devices.map((each) => new Option(each.label, each.deviceId)));
    }
    if (now && select.value !== now && document.activeElement !== select) select.value = now;
  }
}

// A picture of the other side halted, to read a paper at leisure. It never leaves this page.
export class Frozen {
  /** @param {Element} parent */
  constructor(parent) {
    this.scale = 1;
    this.root = make("div", "frozen", parent);
    this.root.hidden = true;
    this.paper = make("div", "paper", this.root);
    this.paper.tabIndex = 0;
    this.canvas = make("canvas", "", this.paper);
    const tools = make("div", "tools", this.root);
    this.larger = button(tools, "", () => this.zoom(1.4));
    this.smaller = button(tools, "", () => this.zoom(1 / 1.4));
    this.on = button(tools, "", () => this.close());
  }

  /**
   * @param {HTMLVideoElement} video
   * @param {Words} words
   */
  halt(video, words) {
    this.canvas.width = video.videoWidth;
    this.canvas.height = video.videoHeight;
    this.canvas.getContext("2d")?.drawImage(video, 0, 0);
    this.paper.setAttribute("role", "img");
    this.paper.setAttribute("aria-label", words.frozen);
    say(this.larger, words.larger);
    say(this.smaller, words.smaller);
    say(this.on, words.goOn);
    this.root.hidden = false;
    this.scale = 1;
    this.zoom(1);
    this.on.focus();
  }

  /** @param {number} by */
  zoom(by) {
    this.scale = Math.min(6, Math.max(1, this.scale * by));
    const { width, height } = this.canvas;
    const fits = Math.min(this.paper.clientWidth / width, this.paper.clientHeight / height);
    this.canvas.style.width = `${Math.floor(width * fits * this.scale)}px`;
  }

  close() {
    this.root.hidden = true;
    this.canvas.width = this.canvas.height = 0;
  }
}
