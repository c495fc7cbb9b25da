// The stage: this device's camera and microphone, the connection, and what is seen of it, as one.
// Lives on the window from the first mount to the last: Streamlit may rebuild its element.

import { live } from "../live/socket.js";
import { page } from "../window.js";
import { Media } from "./devices.js";
import { mark, say } from "./element.js";
import { recall, remember } from "./kept.js";
import { Line } from "./line.js";
import { signal } from "./offer.js";
import { Others } from "./others.js";
import { Own } from "./own.js";
import { Watch } from "./statistics.js";
import { View } from "./view.js";

const LEAVE_MS = 300; // an element that comes back within this time was only moved
const LITTLE_KEPT = "beratungsraum-wenig";

/** @import { Deeds, Kind, Mounted, StageData } from "../types.js" */

export class Stage {
  constructor() {
    /** @type {StageData | null} */
    this.data = null;
    this.starting = this.there = false;
    this.said = ""; // to the server, of the size of pictures
    this.leaving = 0;
    this.media = new Media(() => this.devicesChanged());
    this.watch = new Watch();
    this.watch.quality.little = Boolean(recall(LITTLE_KEPT));
    this.line = new Line(this.media, (stats) => this.told(stats));
    this.view = new View(this.deeds());
    this.others = new Others(this.view, this.line, this.watch, this.media);
    this.others.names = live.newest.places ?? {};
    this.own = new Own(this.view, this.line, this.media);
    /** @param {any} event */
    this.hear = ({ detail }) => {
      this.others.names = detail;
      this.draw();
    };
    live.addEventListener("places", this.hear);
  }

  /** @returns {Deeds} */
  deeds() {
    /** @type {<Given extends unknown[]>(deed: (...given: Given) => Promise<void>) => (...given: Given) => void} */
    const caught =
      (deed) =>
      (...given) => {
        this.own.failed = false;
        deed(...given).catch(() => this.fail());
      };
    return {
      start: caught(() => this.start()),
      again: () => this.again(),
      understood: () => this.understand(),
      choose: caught((/** @type {Kind} */ kind, /** @type {string} */ id) =>
        this.media.choose(kind, id),
      ),
      little: () => this.toggleLittle(),
      controls: (view) => ({
        audio: caught(() => this.media.toggle("audio")),
        video: caught(() => this.media.toggle("video")),
        switch: caught(() => this.media.nextCamera()),
        freeze: () => this.freeze(),
        settings: () => this.openPanel(view),
      }),
    };
  }

  /**
   * @param {StageData} data
   * @param {HTMLElement} parent
   */
  update(data, parent) {
    clearTimeout(this.leaving);
    if (this.data && this.data.talking !== data.talking) {
      this.watch.forget();
      this.line.hurry();
    }
    this.data = data;
    if (this.view.root.parentNode !== parent) parent.append(this.view.root);
    this.view.root.setAttribute("aria-label", data.words.stage);
    this.line.update(data);
    this.media.camera = data.camera;
    if (data.autostart && !this.line.wanted && !this.starting && !this.own.hopeless)
      this.start().catch(() => this.fail());
    if (!data.camera && this.media.tracks.video) this.media.drop("video");
    this.draw();
  }

  leave() {
    mark(this.view.root, "talking", false); // until it is drawn again, if it was only moved
    this.leaving = setTimeout(() => this.end(), LEAVE_MS);
  }

  end() {
    live.removeEventListener("places", this.hear);
    this.line.end();
    this.media.stop();
    this.view.remove();
    if (page.stage === this) page.stage = undefined;
  }

  async start() {
    this.starting = true;
    this.draw();
    this.own.hopeless = !canCall();
    if (!this.own.hopeless) await this.media.start();
    this.starting = false;
    if (!this.own.hopeless) this.line.start(); // who has no device may watch and listen
    this.draw();
  }

  // By hand, after it has not come back by itself.
  again() {
    this.own.blocked = false;
    for (const tile of this.view.tiles) tile.video.play().catch(() => null);
    if (!this.line.connected) this.line.offer();
  }

  fail() {
    this.own.failed = true;
    this.starting = false;
    this.draw();
  }

  understand() {
    if (this.data) this.own.understand(this.data);
    this.draw();
  }

  devicesChanged() {
    if (!this.line) return;
    const closed = () => null; // the connection has just been closed
    const apply = () => this.watch.quality.apply(this.line.places[0]?.video.sender);
    this.line.send().then(apply, closed);
    if (this.media.asking.overlooked) this.line.start(); // and anyone who has not answered yet
    this.draw();
  }

  toggleLittle() {
    this.watch.quality.little = !this.watch.quality.little;
    this.sayLittle();
    this.draw();
    remember(LITTLE_KEPT, this.watch.quality.little);
  }

  // The others' pictures, too; a new line of ours has to hear it again.
  sayLittle() {
    const { little } = this.watch.quality;
    const tab = this.data?.tab;
    const said = `${this.line.name} ${little}`;
    if (this.said === said || (!little && !this.said)) return;
    this.said = said;
    signal({ tab, little }).catch(() => {
      this.said = "";
    });
  }

  /** @param {View} view */
  openPanel({ panel, buttons }) {
    panel.root.hidden = !panel.root.hidden;
    buttons.settings.button.setAttribute("aria-expanded", String(!panel.root.hidden));
  }

  freeze() {
    const large = this.view.tiles.find((tile) => !tile.root.hidden && tile.video.videoWidth);
    if (large && this.data) this.view.frozen.halt(large.video, this.data.words);
  }

  /** @param {RTCStatsReport | null} stats */
  told(stats) {
    if (stats && this.line.pc && this.line.places.length) this.watch.look(this.line, stats);
    if (this.line.connected) this.sayLittle();
    this.draw();
  }

  draw() {
    const { data, view, line } = this;
    if (!data) return;
    view.measure();
    mark(view.root, "talking", data.talking);
    mark(view.root, "desk", data.freeze);
    const interrupted = line.ever && line.since > 0;
    mark(view.people, "interrupted", interrupted);
    // The last picture stands until there is another one.
    if (!interrupted) {
      this.there = this.others.draw(data, () => {
        this.own.blocked = true;
      });
    }
    const begins = this.media.asking.overlooked || !(line.wanted || this.starting);
    say(view.begin, begins ? data.words.start : "");
    this.own.drawPicture(data);
    this.own.drawNotice(data);
    say(view.calm, this.there || !view.notice.hidden ? "" : data.alone);
    this.own.drawControls(data);
    view.panel.draw(data.words, this.media, this.watch);
  }
}

// Not with calls switched off, nor in a browser that is too old for them.
function canCall() {
  return Boolean(window.RTCPeerConnection?.prototype?.addTransceiver);
}

/** @param {Mounted<StageData>} mounted */
export default function ({ data, parentElement }) {
  page.stage ??= new Stage();
  const { stage } = page;
  stage.update(data, parentElement);
  return () => stage.leave();
}
