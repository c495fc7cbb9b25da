// What the browser itself sees of camera, microphone and line while they are tested: hints beside a
// result, one's own voice, and why something cannot be used, told until the page knows it. Knows no
// result.

import { make } from "../call/element.js";
import { page } from "../window.js";
import { CameraCheck } from "./camera.js";
import { ConnectionCheck } from "./connection.js";
import { MicrophoneCheck } from "./microphone.js";

const EVERY_MS = 250;
const AGAIN_MS = 10_000; // of all deeds, the office takes thirty a minute from one person
const STEADY_MS = 3000; // what is over by then was no lack: a plug, a call that was not taken
const PARTS = { camera: CameraCheck, microphone: MicrophoneCheck, connection: ConnectionCheck };

/** @import { CheckData, Mounted } from "../types.js" */
/** @typedef {HTMLElement & { check?: Check }} Root Streamlit keeps it from mount to mount */

export class Check {
  /**
   * @param {HTMLElement} root
   * @param {CheckData["part"]} part
   */
  constructor(root, part) {
    this.box = make("div", `check ${part}`, root);
    this.part = new PARTS[part](this.box);
    /** @type {string | undefined} */
    this.lacks = undefined;
    this.since = this.toldAt = -Infinity;
    /** @type {CheckData | undefined} */
    this.data = undefined;
    /** @type {Mounted<CheckData>["setTriggerValue"] | undefined} */
    this.trigger = undefined;
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  /**
   * @param {CheckData} data
   * @param {Mounted<CheckData>["setTriggerValue"]} trigger
   */
  update(data, trigger) {
    this.data = data;
    this.trigger = trigger;
    if (this.part instanceof MicrophoneCheck) this.part.tell = (how) => trigger("voice", how);
    this.look();
  }

  look() {
    if (this.data) this.tell(this.part.look(page.stage, this.data));
  }

  /** @param {string | undefined} lacks why it cannot be used, "" if it can, or not known */
  tell(lacks) {
    const now = performance.now();
    if (lacks !== this.lacks) this.since = now;
    this.lacks = lacks;
    if (lacks === undefined || lacks === this.data?.known || now - this.toldAt < AGAIN_MS) return;
    if (lacks && now - this.since < STEADY_MS) return;
    this.toldAt = now;
    this.trigger?.("lacks", lacks);
  }

  end() {
    clearInterval(this.timer);
    this.part.end();
    this.box.remove();
  }
}

/** @param {Mounted<CheckData>} mounted */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {Root} */ (parentElement);
  root.check ??= new Check(root, data.part);
  root.check.update(data, setTriggerValue);
  return () => {
    root.check?.end();
    delete root.check;
  };
}
