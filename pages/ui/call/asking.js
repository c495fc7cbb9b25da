// Which cameras and microphones there are, which of them is wanted, and how the browser is asked for
// it. Why there is none is one word (`wrong`). Keeps no track; `changed` is called when the list is
// another one, and when nobody has noticed for a while that the browser asks.

/** @import { Kind } from "../types.js" */
/** @typedef {{ name: string, message: string }} Problem what a browser threw */

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 20, max: 25 },
};
/** @type {Record<Kind, any>} */
const NAMES = { audio: "microphone", video: "camera" }; // in the Permissions specification
const OVERLOOKED_MS = 5000; // a question that nobody has answered until then, nobody has seen
// What is wrong, by the error's name (Media Capture and Streams); any other has "failed".
/** @type {Record<string, string>} */
const WRONG = {
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class Asking {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.overlooked = false; // the browser asks, and nobody answers
    /** @type {Partial<Record<Kind, string>>} device ids */
    this.chosen = {};
    /** @type {string | undefined} */
    this.facing = undefined;
    /** @type {MediaDeviceInfo[]} */
    this.cameras = [];
    /** @type {MediaDeviceInfo[]} */
    this.microphones = [];
  }

  /** @param {Kind[]} kinds */
  async ask(kinds) {
    let open = true;
    const overlooked = async () => {
      if ((await allowed(kinds)) || !open) return;
      this.overlooked = true;
      this.changed();
    };
    const late = setTimeout(overlooked, OVERLOOKED_MS);
    try {
      return await this.askOnce(kinds).catch((problem) => {
        if (problem.name !== "OverconstrainedError") throw problem;
        this.chosen = {}; // it has been pulled out: any other one will do
        return this.askOnce(kinds);
      });
    } finally {
      open = this.overlooked = false;
      clearTimeout(late);
    }
  }

  /** @param {Kind[]} kinds */
  async askOnce(kinds) {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NoMediaDevices");
    /** @type {MediaStreamConstraints} */
    const wanted = {};
    if (kinds.includes("audio")) wanted.audio = { ...SOUND, ...this.which("audio") };
    if (kinds.includes("video")) wanted.video = { ...PICTURE, ...this.which("video") };
    return navigator.mediaDevices.getUserMedia(wanted);
  }

  /**
   * @param {Kind} kind
   * @returns {MediaTrackConstraints}
   */
  which(kind) {
    if (kind === "video" && this.facing) return { facingMode: { ideal: this.facing } };
    const id = this.chosen[kind];
    return id ? { deviceId: { exact: id } } : {};
  }

  /** @param {Kind} kind */
  devices(kind) {
    return kind === "video" ? this.cameras : this.microphones;
  }

  async list() {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => null)) ?? [];
    this.cameras = all.filter((each) => each.kind === "videoinput");
    this.microphones = all.filter((each) => each.kind === "audioinput");
    this.changed();
  }
}

/** @param {Problem} problem */
export function wrong({ name, message }) {
  if (name === "NoMediaDevices") return "unable";
  // Chromium's word for what has been forbidden to the browser, and not to this page.
  if (name === "NotAllowedError" && /system/i.test(message)) return "forbidden";
  return WRONG[name] ?? "failed";
}

/** @param {Kind} kind */
export async function permission(kind) {
  return (await navigator.permissions?.query({ name: NAMES[kind] }).catch(() => null)) ?? null;
}

/** @param {Kind[]} kinds */
async function allowed(kinds) {
  const found = await Promise.all(kinds.map(permission));
  return found.every((each) => each?.state === "granted");
}

/**
 * Whether one device alone may be had though both could not. Who has just said no is not asked twice.
 * @param {Kind} kind
 * @param {Problem} problem
 */
export async function mayBeAskedFor(kind, { name }) {
  if (name !== "NotAllowedError") return name !== "NoMediaDevices";
  /** @type {Kind} */
  const others = kind === "audio" ? "video" : "audio";
  const [own, other] = await Promise.all([kind, others].map(permission));
  return own?.state === "granted" || (own?.state === "prompt" && other?.state === "denied");
}
