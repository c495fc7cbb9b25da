// Fingers on a picture: one moves it, two make it larger or smaller. Knows where they are, and nothing
// of how large the picture is.

/**
 * @typedef {object} Deeds what is done by fingers
 * @property {() => boolean} ready whether anything is
 * @property {(x: number, y: number) => void} move
 * @property {(by: number, x: number, y: number) => void} zoom around what is at (x, y), counted from the middle
 */

export class Fingers {
  /**
   * @param {HTMLElement} root
   * @param {HTMLVideoElement} video
   * @param {Deeds} deeds
   */
  constructor(root, video, deeds) {
    this.root = root;
    this.video = video;
    this.deeds = deeds;
    /** @type {Map<number, PointerEvent>} */
    this.fingers = new Map();
    video.addEventListener("pointerdown", (event) => this.pointerdown(event));
    video.addEventListener("pointermove", (event) => this.pointermove(event));
    video.addEventListener("pointerup", (event) => this.lift(event));
    video.addEventListener("pointercancel", (event) => this.lift(event));
  }

  /** @param {PointerEvent} event */
  pointerdown(event) {
    if (!this.deeds.ready()) return;
    this.video.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, event);
  }

  /** @param {PointerEvent} event */
  pointermove(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const other = [...this.fingers.values()].find((each) => each.pointerId !== event.pointerId);
    this.fingers.set(event.pointerId, event);
    if (other) this.pinch(before, event, other);
    else this.deeds.move(event.clientX - before.clientX, event.clientY - before.clientY);
  }

  /**
   * @param {PointerEvent} before
   * @param {PointerEvent} now
   * @param {PointerEvent} other
   */
  pinch(before, now, other) {
    /** @param {PointerEvent} one */
    const apart = (one) =>
      Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    const { left, top, width, height } = this.root.getBoundingClientRect();
    const x = (now.clientX + other.clientX) / 2 - left - width / 2;
    const y = (now.clientY + other.clientY) / 2 - top - height / 2;
    this.deeds.zoom(apart(now) / apart(before), x, y);
  }

  /** @param {PointerEvent} event */
  lift(event) {
    this.fingers.delete(event.pointerId);
  }
}
