// Whether there is something to be seen in one's own picture. Looked at here, sent to nobody.

import { say, status } from "../call/element.js";
import { lackOf } from "./lacks.js";
import { judge } from "./light.js";

const EVERY_MS = 1000;
const [WIDTH, HEIGHT] = [16, 12]; // pixels; enough to tell light from dark

/** @import { CheckData } from "../types.js" */
/** @import { Call } from "./lacks.js" */

export class CameraCheck {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.hint = status(box);
    this.video = document.createElement("video");
    Object.assign(this.video, { muted: true, playsInline: true });
    this.canvas = document.createElement("canvas");
    Object.assign(this.canvas, { width: WIDTH, height: HEIGHT });
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    this.lookedAt = -Infinity;
    this.found = "";
  }

  /**
   * @param {Call} stage
   * @param {CheckData} data
   */
  look(stage, { words }) {
    this.watch(stage?.media.sent("video") ?? null);
    const now = performance.now();
    if (this.track && now - this.lookedAt > EVERY_MS) {
      this.lookedAt = now;
      const found = this.see();
      if (found === this.found) say(this.hint, words[found]); // twice the same: no flicker
      this.found = found;
    }
    if (!this.track) say(this.hint, "");
    return lackOf(stage, "video");
  }

  /** @param {MediaStreamTrack | null} track */
  watch(track) {
    if (track === this.track) return;
    this.track = track;
    this.found = "";
    this.video.srcObject = track && new MediaStream([track]);
    if (track) this.video.play().catch(() => null); // then nothing is said of it
  }

  see() {
    const paint = this.canvas.getContext("2d", { willReadFrequently: true });
    const seen = !this.video.paused && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    if (!paint || !seen) return "";
    paint.drawImage(this.video, 0, 0, WIDTH, HEIGHT);
    return judge(paint.getImageData(0, 0, WIDTH, HEIGHT).data);
  }

  end() {
    this.watch(null);
  }
}
