// One's own side of the stage: the own picture, the words about what is wrong with the line or with the
// own devices, and the buttons below. Knows nobody else.

import { KINDS } from "./devices.js";
import { mark, say, show } from "./element.js";

const LATE_MS = 10_000;
const BUTTON_MS = 20_000;
const PHONE_MS = 40_000;

/** @import { Kind, StageData } from "../types.js" */

export class Own {
  /**
   * @param {import("./view.js").View} view
   * @param {import("./line.js").Line} line
   * @param {import("./devices.js").Media} media
   */
  constructor(view, line, media) {
    this.view = view;
    this.line = line;
    this.media = media;
    /** @type {MediaStreamTrack | null} */
    this.ownTrack = null;
    /** @type {MediaStream | null} */
    this.ownStream = null;
    this.hopeless = this.failed = this.blocked = false;
    this.read = ""; // which lack of devices somebody has read
  }

  // This sentence has been read, and is in the way of a picture.
  /** @param {StageData} data */
  understand(data) {
    this.read = this.lacking(data).id;
  }

  /** @param {StageData} data */
  drawPicture(data) {
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
    else if (this.media.asking.overlooked) text = words.overlooked;
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
      on && media.asking.cameras.length > 1 && Boolean(media.tracks.video),
    );
    view.control("freeze", words.freeze, on && data.freeze && data.talking);
    view.control("settings", words.settings, true);
  }
}
