// The stage: this device's camera and microphone, the connection, and what is seen of it, as one.
// Lives on the window from the first mount to the last: Streamlit may rebuild its element.

import { live } from "../live/socket.js";
import { page } from "../window.js";
import { KINDS, Media } from "./devices.js";
import { mark, say, show } from "./element.js";
import { recall, remember } from "./kept.js";
import { Line } from "./line.js";
import { signal } from "./offer.js";
import { Watch } from "./statistics.js";
import { View } from "./view.js";

const LEAVE_MS = 300; // an element that comes back within this time was only moved
const LITTLE_KEPT = "beratungsraum-wenig";
const LATE_MS = 10_000;
const BUTTON_MS = 20_000;
const PHONE_MS = 40_000;

/** @import { Deeds, Kind, Mounted, Person, Place, StageData } from "../types.js" */

export class Stage {
  constructor() {
    /** @type {Record<string, Person>} who is at which m-line, once the server has said so */
    this.names = live.newest.places ?? {};
    /** @type {StageData | null} */
    this.data = null;
    /** @type {MediaStreamTrack | null} */
    this.ownTrack = null;
    /** @type {MediaStream | null} */
    this.ownStream = null;
    this.starting = this.hopeless = this.failed = this.blocked = this.there = false;
    this.said = ""; // to the server, of the size of pictures
    this.read = ""; // which lack of devices somebody has read
    this.leaving = 0;
    this.media = new Media(() => this.devicesChanged());
    this.watch = new Watch();
    this.watch.little = Boolean(recall(LITTLE_KEPT));
    this.line = new Line(this.media, (stats) => this.told(stats));
    this.view = new View(this.deeds());
    /** @param {any} event */
    this.hear = ({ detail }) => {
      this.names = detail;
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
        this.failed = false;
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
    if (data.autostart && !this.line.wanted && !this.starting && !this.hopeless)
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
    this.hopeless = !canCall();
    if (!this.hopeless) await this.media.start();
    this.starting = false;
    if (!this.hopeless) this.line.start(); // who has no device may watch and listen
    this.draw();
  }

  // By hand, after it has not come back by itself.
  again() {
    this.blocked = false;
    for (const tile of this.view.tiles) tile.video.play().catch(() => null);
    if (!this.line.connected) this.line.offer();
  }

  fail() {
    this.failed = true;
    this.starting = false;
    this.draw();
  }

  // This sentence has been read, and is in the way of a picture.
  understand() {
    if (this.data) this.read = this.lacking(this.data).id;
    this.draw();
  }

  devicesChanged() {
    if (!this.line) return;
    const closed = () => null; // the connection has just been closed
    this.line.send().then(() => this.watch.apply(this.line.places[0]?.video.sender), closed);
    if (this.media.overlooked) this.line.start(); // and anyone who has not answered yet
    this.draw();
  }

  toggleLittle() {
    this.watch.little = !this.watch.little;
    this.sayLittle();
    this.draw();
    remember(LITTLE_KEPT, this.watch.little);
  }

  // The others' pictures, too; a new line of ours has to hear it again.
  sayLittle() {
    const { little } = this.watch;
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
    if (!interrupted) this.there = this.drawTiles(data);
    const begins = this.media.overlooked || !(line.wanted || this.starting);
    say(view.begin, begins ? data.words.start : "");
    this.drawOwn(data);
    this.drawNotice(data);
    say(view.calm, this.there || !view.notice.hidden ? "" : data.alone);
    this.drawControls(data);
    view.panel.draw(data.words, this.media, this.watch);
  }

  /** @param {StageData} data */
  drawTiles(data) {
    const { view, line, watch } = this;
    let there = 0;
    line.places.forEach((place, number) => {
      const seen = watch.seen[number] ?? {};
      const who = this.who(data, place, number);
      const tile = view.tile(number);
      const named = Boolean(this.names[place.video.mid ?? ""]);
      const shown = data.talking ? seen.there || named : number === 0 && line.ever;
      if (line.connected && line.pc === watch.pc) {
        tile.play(place.stream, () => {
          this.blocked = true;
        });
      }
      const sound = seen.sound || !data.talking; // nobody hears themself before the talk
      const screen = who?.screen ?? !place.audio;
      const still = who?.screen || (!data.talking && this.media.sent("video")); // little comes, or not yet
      const picture = seen.picture || Boolean(still);
      tile.draw({ ...seen, picture, sound, person: who, screen }, data.words);
      show(tile.root, shown);
      if (shown) there += 1;
    });
    for (const tile of view.tiles.slice(line.places.length)) show(tile.root, false);
    view.people.dataset.count = String(there);
    mark(
      view.people,
      "sharing",
      view.tiles.some((t) => !t.root.hidden && t.root.classList.contains("screen")),
    );
    return there > 0;
  }

  /**
   * @param {StageData} data
   * @param {Place} place
   * @param {number} number
   * @returns {Person | null}
   */
  who(data, place, number) {
    const echo = { seat: "", name: data.words.echo, role: "", pinned: false };
    if (!data.talking) return number === 0 ? echo : null;
    return (
      this.names[place.video.mid ?? ""] ??
      (data.people.length === 1 && place.audio ? data.people[0] : null)
    );
  }

  /** @param {StageData} data */
  drawOwn(data) {
    const { view, media } = this;
    const track = media.sent("video");
    show(view.self, data.talking && this.line.wanted);
    if (track !== this.ownTrack) {
      this.ownTrack = track;
      this.ownStream = track ? new MediaStream([track]) : null;
    }
    const mirrored = track?.getSettings().facingMode !== "environment";
    const off = media.state("video") === "off" ? data.words.ownCameraOff : data.words.ownUnseen;
    view.showOwn(this.ownStream, track ? "" : off, mirrored);
  }

  /** @param {StageData} data */
  drawNotice(data) {
    const { view } = this;
    const { words } = data;
    const lacking = this.lacking(data);
    const waited = this.line.wanted && this.line.since ? performance.now() - this.line.since : 0;
    let text = "";
    if (this.hopeless)
      text = words.noCalls; // another browser or the telephone, nothing else
    else if (this.failed) text = words.failed;
    else if (this.media.overlooked) text = words.overlooked;
    else if (waited)
      text = this.line.ever ? words.lost : waited > LATE_MS ? words.late : words.connecting;
    else if (this.blocked) text = words.blocked;
    else if (lacking.id !== this.read) text = lacking.words;
    say(view.words, text);
    say(view.understood, text && text === lacking.words ? words.understood : "");
    const call = waited > PHONE_MS || this.hopeless || this.media.state("audio") === "unable";
    show(view.phone, call && Boolean(data.phone));
    if (data.dialled) view.phone.href = `tel:${data.dialled}`;
    say(view.phone, call && data.phone ? words.call.replace("{phone}", data.phone) : "");
    say(view.again, waited > BUTTON_MS ? words.again : this.blocked ? words.hear : "");
    show(view.notice, Boolean(text));
    mark(view.notice, "serious", this.hopeless || this.failed || waited > 0);
  }

  // What is wrong with one's own devices.
  /** @param {StageData} data */
  lacking(data) {
    const { audio, video, both } = data.lacking;
    const [sound, picture] = KINDS.map((kind) => this.media.state(kind));
    const apart = [audio[sound], video[picture]].filter(Boolean).join(" ");
    return { id: `${sound} ${picture}`, words: (sound === picture && both[sound]) || apart };
  }

  /** @param {StageData} data */
  drawControls(data) {
    const { view, media, line } = this;
    const { words } = data;
    const on = line.wanted;
    /** @param {Kind} kind */
    const isOn = (kind) => Boolean(media.tracks[kind]) && !media.off[kind];
    view.control(
      "audio",
      isOn("audio") ? words.microphoneTurnOff : words.microphoneOn,
      on,
      !isOn("audio"),
    );
    view.control(
      "video",
      isOn("video") ? words.cameraTurnOff : words.cameraOn,
      on && data.camera,
      !isOn("video"),
    );
    view.control(
      "switch",
      words.nextCamera,
      on && media.cameras.length > 1 && Boolean(media.tracks.video),
    );
    view.control("freeze", words.freeze, on && data.freeze && data.talking);
    view.control("settings", words.settings, true);
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
