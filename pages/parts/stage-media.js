// Camera and microphone of this device: asked for once, kept from the device test to goodbye.
// Knows no connection; `changed` is called when a track is there, gone, or another one.

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 20, max: 25 } };
const AGAIN_MS = 3000; // between two tries to get a device back that something else has taken
const KEPT = "beratungsraum"; // in sessionStorage: what somebody has switched off stays off

class Media {
  constructor(changed) {
    this.changed = changed;
    this.tracks = { video: null, audio: null };
    this.chosen = {}; // device ids
    this.facing = undefined;
    this.cameras = this.microphones = [];
    this.off = { video: false, audio: false, ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") };
    this.lost = {}; // kinds whose device has been taken away
    navigator.mediaDevices?.addEventListener("devicechange", () => this.list());
  }

  // What is sent: nothing of what is switched off.
  sent(kind) {
    return this.off[kind] ? null : this.tracks[kind];
  }

  // Asks for both at once; goes on with one of them if the other is missing or in use.
  async start(camera) {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NoMediaDevices");
    camera &&= !this.off.video;
    const kinds = camera ? [["audio", "video"], ["audio"], ["video"]] : [["audio"]];
    let first;
    for (const wanted of kinds) {
      if (first?.name === "NotAllowedError" && !(await granted(wanted))) continue;
      try {
        await this.take(wanted);
        return first?.name;
      } catch (problem) {
        first ??= problem;
      }
    }
    throw first;
  }

  async take(kinds) {
    const stream = await this.ask(kinds).catch((problem) => {
      if (problem.name !== "OverconstrainedError") throw problem;
      this.chosen = {}; // it has been pulled out: any other one will do
      return this.ask(kinds);
    });
    for (const track of stream.getTracks()) this.put(track.kind, track);
    this.list();
  }

  ask(kinds) {
    const wanted = {};
    if (kinds.includes("audio")) wanted.audio = { ...SOUND, ...this.which("audio") };
    if (kinds.includes("video")) wanted.video = { ...PICTURE, ...this.which("video") };
    return navigator.mediaDevices.getUserMedia(wanted);
  }

  which(kind) {
    if (kind === "video" && this.facing) return { facingMode: { ideal: this.facing } };
    return this.chosen[kind] ? { deviceId: { exact: this.chosen[kind] } } : {};
  }

  put(kind, track) {
    const before = this.tracks[kind];
    this.tracks[kind] = track;
    this.lost[kind] = false;
    if (before && before !== track) before.stop();
    track.onended = () => this.tracks[kind] === track && this.takenAway(kind);
    this.changed();
  }

  // An incoming call on a phone, or a plug that was pulled.
  async takenAway(kind) {
    this.lost[kind] = true;
    this.changed();
    while (this.lost[kind] && !this.off[kind] && this.tracks[kind]) {
      await pause(AGAIN_MS);
      if (document.visibilityState !== "visible" || !this.lost[kind] || !this.tracks[kind]) continue;
      await this.take([kind]).catch(() => null);
    }
  }

  // The camera's light goes out with its picture; the microphone stays open, unheard.
  async toggle(kind) {
    this.off[kind] = Boolean(this.sent(kind));
    sessionStorage.setItem(KEPT, JSON.stringify(this.off));
    if (kind === "video") await this.toggleCamera();
    else if (!this.off.audio && (!this.tracks.audio || this.lost.audio)) await this.take(["audio"]);
    this.changed();
  }

  async toggleCamera() {
    if (this.off.video) this.drop("video");
    else await this.take(["video"]).catch((problem) => this.refused(problem));
  }

  refused(problem) {
    this.off.video = true;
    this.changed();
    throw problem;
  }

  async choose(kind, id) {
    this.chosen[kind] = id;
    if (kind === "video") this.facing = undefined;
    await this.change(kind);
  }

  // To the camera on the other side of a phone, or the next one of a computer.
  async nextCamera() {
    const { facingMode, deviceId } = this.tracks.video?.getSettings() ?? {};
    if (facingMode) {
      this.facing = facingMode === "environment" ? "user" : "environment";
      await this.change("video");
      if (this.tracks.video.getSettings().deviceId !== deviceId) return;
    }
    const at = this.cameras.findIndex((each) => each.deviceId === deviceId);
    await this.choose("video", this.cameras[(at + 1) % this.cameras.length].deviceId);
  }

  async change(kind) {
    // A phone opens one camera at a time.
    if (kind === "video") this.drop("video");
    await this.take([kind]);
  }

  drop(kind) {
    const track = this.tracks[kind];
    this.tracks[kind] = null;
    this.lost[kind] = false;
    track?.stop();
    this.changed();
  }

  stop() {
    for (const kind of ["video", "audio"]) this.drop(kind);
  }

  async list() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    this.cameras = all.filter((each) => each.kind === "videoinput");
    this.microphones = all.filter((each) => each.kind === "audioinput");
    this.changed();
  }
}

async function granted(kinds) {
  const names = { audio: "microphone", video: "camera" };
  for (const kind of kinds) {
    const state = await navigator.permissions?.query({ name: names[kind] }).catch(() => null);
    if (state?.state !== "granted") return false;
  }
  return true;
}
