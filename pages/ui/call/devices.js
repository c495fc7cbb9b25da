// Camera and microphone of this device: asked for once, kept from the device test to goodbye, and
// looked for again when one is missing. What each is like is one word (`state`); the sentence for it
// is in lacking.py. Knows no connection; `changed` is called when a track is there, gone, silent, or
// another one.

import { Asking, mayBeAskedFor, permission, wrong } from "./asking.js";
import { recall, remember } from "./kept.js";

/** @import { Kind } from "../types.js" */
/** @import { Problem } from "./asking.js" */

/** @type {Kind[]} */
export const KINDS = ["audio", "video"];
const AGAIN_MS = 3000; // between two looks for a device that is missing
const KEPT = "beratungsraum"; // what somebody has switched off stays off
const SOUGHT = ["missing", "busy", "lost", "forbidden"]; // to look again may help, and bothers nobody

export class Media {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.asking = new Asking(changed);
    this.camera = true; // whether this person takes part with one
    /** @type {Record<Kind, MediaStreamTrack | null>} */
    this.tracks = { video: null, audio: null };
    /** @type {Partial<Record<Kind, string>>} why there is no track */
    this.lacks = {};
    /** @type {Record<Kind, number>} */
    this.turns = { video: 0, audio: 0 }; // how often each was asked for
    /** @type {Record<Kind, number>} */
    this.lookedAt = { video: -Infinity, audio: -Infinity };
    this.over = new AbortController();
    /** @type {Record<Kind, boolean>} */
    this.off = { video: false, audio: false, ...recall(KEPT) };
    this.listen();
  }

  listen() {
    const { signal } = this.over;
    const look = () => this.look();
    navigator.mediaDevices?.addEventListener("devicechange", () => this.asking.list().then(look), {
      signal,
    });
    document.addEventListener("visibilitychange", look, { signal });
    this.timer = setInterval(look, AGAIN_MS);
    this.permissions = KINDS.map(async (kind) => {
      const status = await permission(kind);
      const allowed = () => {
        if (status?.state === "granted" && this.lacks[kind] === "refused") this.take([kind]);
      };
      status?.addEventListener("change", allowed, { signal });
      return status; // kept, or nobody would be told
    });
  }

  /** @param {Kind} kind */
  wants(kind) {
    return !this.off[kind] && (kind === "audio" || this.camera);
  }

  /**
   * "on", "off", "muted" by the system, or what it lacks; nothing before it was asked for.
   * @param {Kind} kind
   */
  state(kind) {
    const track = this.tracks[kind];
    if (!this.wants(kind)) return "off";
    return track ? (track.muted ? "muted" : "on") : (this.lacks[kind] ?? "");
  }

  /**
   * What is sent: nothing that is switched off or silent, so that the others see that it is.
   * @param {Kind} kind
   */
  sent(kind) {
    return this.state(kind) === "on" ? this.tracks[kind] : null;
  }

  // Asks for what there is not yet: both at once, and for one of them if the other cannot be had.
  async start() {
    const kinds = KINDS.filter(
      (kind) => !this.tracks[kind] && (kind === "audio" || this.wants(kind)),
    );
    if (kinds.length) await this.take(kinds);
  }

  /**
   * Whether there are tracks of all these kinds now.
   * @param {Kind[]} kinds
   */
  async take(kinds) {
    const turns = kinds.map((kind) => {
      this.turns[kind] += 1;
      return this.turns[kind];
    });
    try {
      const stream = await this.asking.ask(kinds);
      for (const track of stream.getTracks()) this.put(track);
    } catch (thrown) {
      const problem = /** @type {Problem} */ (thrown);
      // Asked for once more meanwhile: that answer counts.
      if (kinds.some((kind, at) => this.turns[kind] !== turns[at])) return false;
      if (kinds.length > 1) await this.takeApart(kinds, problem);
      else this.lack(kinds[0], problem);
      return false;
    } finally {
      this.asking.list();
    }
    return true;
  }

  /**
   * If one can be had, it was because of the other that both could not.
   * @param {Kind[]} kinds
   * @param {Problem} problem
   */
  async takeApart(kinds, problem) {
    for (const kind of kinds) {
      if (!(await mayBeAskedFor(kind, problem))) this.lack(kind, problem);
      else if (await this.take([kind])) {
        for (const other of kinds) {
          if (!this.tracks[other] && !this.lacks[other]) this.lack(other, problem);
        }
        return;
      }
    }
  }

  /** @param {MediaStreamTrack} track */
  put(track) {
    const kind = /** @type {Kind} */ (track.kind);
    // Nobody wants it any more: the page has gone, or the camera was switched off meanwhile.
    if (this.over.signal.aborted || (kind === "video" && !this.wants(kind))) {
      track.stop();
      return;
    }
    const before = this.tracks[kind];
    this.tracks[kind] = track;
    this.lacks[kind] = undefined;
    if (before !== track) before?.stop();
    /** @param {() => void} deed */
    const current = (deed) => () => {
      if (this.tracks[kind] === track) deed();
    };
    track.onended = current(() => this.lose(kind));
    track.onmute = current(this.changed);
    track.onunmute = current(this.changed);
    this.changed();
  }

  /**
   * An incoming call on a phone, a plug that was pulled, or a permission that was taken away: which
   * of them, the next look tells.
   * @param {Kind} kind
   */
  lose(kind) {
    this.tracks[kind] = null;
    this.lacks[kind] = "lost";
    this.changed();
    this.look();
  }

  /**
   * @param {Kind} kind
   * @param {Problem} problem
   */
  lack(kind, problem) {
    if (this.tracks[kind]) return;
    const now = wrong(problem);
    if (now !== "missing" || this.lacks[kind] !== "lost") this.lacks[kind] = now;
    this.changed();
  }

  // For what is missing and is there by now. Not in a page that nobody sees: another one may be
  // using the device.
  async look() {
    /** @param {Kind} kind */
    const sought = (kind) =>
      this.wants(kind) &&
      SOUGHT.includes(this.lacks[kind] ?? "") &&
      performance.now() - this.lookedAt[kind] > AGAIN_MS / 2 &&
      document.visibilityState === "visible";
    if (!KINDS.some(sought)) return;
    await this.asking.list();
    for (const kind of KINDS.filter(sought)) {
      if (!this.asking.devices(kind).length) continue;
      this.lookedAt[kind] = performance.now();
      await this.take([kind]);
    }
  }
  /**
   * The camera's light goes out with its picture; the microphone stays open, unheard.
   * @param {Kind} kind
   */
  async toggle(kind) {
    const track = this.tracks[kind];
    this.off[kind] = Boolean(track) && !this.off[kind];
    if (this.off[kind] && kind === "video") this.drop(kind);
    this.changed();
    remember(KEPT, this.off);
    if (!this.off[kind] && (!track || track.muted)) await this.take([kind]);
  }

  /**
   * @param {Kind} kind
   * @param {string} id
   */
  async choose(kind, id) {
    this.asking.chosen[kind] = id;
    if (kind === "video") this.asking.facing = undefined;
    await this.change(kind);
  }

  // To the camera on the other side of a phone, or the next one of a computer.
  async nextCamera() {
    const { facingMode, deviceId } = this.tracks.video?.getSettings() ?? {};
    if (facingMode) {
      this.asking.facing = facingMode === "environment" ? "user" : "environment";
      await this.change("video");
      if (this.tracks.video?.getSettings().deviceId !== deviceId) return;
    }
    const { cameras } = this.asking;
    const at = cameras.findIndex((each) => each.deviceId === deviceId);
    await this.choose("video", cameras[(at + 1) % cameras.length].deviceId);
  }

  /** @param {Kind} kind */
  async change(kind) {
    // A phone opens one camera at a time.
    if (kind === "video") this.drop("video");
    await this.take([kind]);
  }

  /** @param {Kind} kind */
  drop(kind) {
    const track = this.tracks[kind];
    this.tracks[kind] = null;
    this.lacks[kind] = undefined;
    track?.stop();
    this.changed();
  }

  stop() {
    this.over.abort();
    clearInterval(this.timer);
    for (const kind of KINDS) this.drop(kind);
  }
}
