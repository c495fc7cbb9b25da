import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { page, pass, settled, stopTheClock } from "./browser.js";

stopTheClock();
const { Media } = await import("../../pages/ui/call/devices.js");

class Track extends EventTarget {
  readyState = "live";
  muted = false;

  constructor(kind, settings = {}) {
    super();
    Object.assign(this, { kind, settings });
  }

  getSettings() {
    return this.settings;
  }

  stop() {
    this.readyState = "ended";
  }

  ends() {
    this.readyState = "ended";
    this.onended();
  }

  mutes(muted) {
    this.muted = muted;
    (muted ? this.onmute : this.onunmute)();
  }
}

/** What this device has: "there", or the name of the error that asking for it ends with. */
let devices, asked, permissions, listed, kept, media, changes, devicesChanged;

const thrown = (name, message = "") => Object.assign(new Error(message), { name });

async function getUserMedia(wanted) {
  asked.push(wanted);
  const kinds = ["audio", "video"].filter((kind) => wanted[kind]);
  for (const kind of kinds) {
    const how = typeof devices[kind] === "function" ? await devices[kind](wanted) : devices[kind];
    if (how !== "there") throw typeof how === "string" ? thrown(how) : how;
  }
  const tracks = kinds.map((kind) => {
    const facingMode =
      kind === "video" && phone ? (wanted.video.facingMode?.ideal ?? "user") : undefined;
    const deviceId = wanted[kind].deviceId?.exact ?? facingMode ?? `${kind} 1`;
    return new Track(kind, { deviceId, facingMode });
  });
  return { getTracks: () => tracks };
}

let phone;

beforeEach(() => {
  devices = { audio: "there", video: "there" };
  [asked, changes, phone] = [[], 0, false];
  page.visibilityState = "visible";
  permissions = { microphone: "granted", camera: "granted" };
  listed = [
    { kind: "videoinput", deviceId: "video 1", label: "Kamera" },
    { kind: "videoinput", deviceId: "video 2", label: "Andere" },
    { kind: "audioinput", deviceId: "audio 1", label: "Mikrofon" },
  ];
  kept = {};
  const statuses = {};
  devicesChanged = new EventTarget();
  const mediaDevices = Object.assign(devicesChanged, {
    getUserMedia,
    enumerateDevices: async () => listed,
  });
  Object.defineProperty(globalThis, "navigator", {
    configurable: true,
    value: {
      mediaDevices,
      permissions: {
        query: async ({ name }) => {
          statuses[name] ??= Object.assign(new EventTarget(), { name });
          return Object.defineProperty(statuses[name], "state", {
            configurable: true,
            get: () => permissions[name],
          });
        },
        statuses,
      },
    },
  });
  globalThis.sessionStorage = {
    getItem: (name) => kept[name] ?? null,
    setItem: (name, what) => {
      kept[name] = what;
    },
  };
  media = new Media(() => (changes += 1));
});

afterEach(() => media.stop());

const states = () => [media.state("audio"), media.state("video")];

test("both are asked for at once, and both are sent", async () => {
  assert.deepEqual(states(), ["", ""]);
  await media.start();
  assert.equal(asked.length, 1);
  assert.deepEqual(states(), ["on", "on"]);
  assert.deepEqual(
    ["audio", "video"].map((kind) => media.sent(kind).kind),
    ["audio", "video"],
  );
  await media.start();
  assert.equal(asked.length, 1, "who has both is not asked again");
});

test("who takes part without a camera is asked for a microphone only", async () => {
  media.camera = false;
  await media.start();
  assert.deepEqual([asked[0].video, ...states()], [undefined, "on", "off"]);
});

for (const [error, state, message] of [
  ["NotFoundError", "missing"],
  ["NotAllowedError", "refused"],
  ["NotAllowedError", "forbidden", "Permission denied by system"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
  ["SecurityError", "refused"],
  ["TypeError", "failed"],
]) {
  test(`a camera that ends with ${error} ${message ?? ""} is ${state}, and the microphone is had`, async () => {
    devices.video = () => thrown(error, message);
    permissions.camera = "denied";
    await media.start();
    await settled();
    assert.deepEqual(states(), ["on", state]);
  });
}

test("who has just said no to both is not asked twice", async () => {
  devices.audio = devices.video = "NotAllowedError";
  permissions = { microphone: "denied", camera: "denied" };
  await media.start();
  assert.deepEqual([asked.length, ...states()], [1, "refused", "refused"]);
});

test("who has forbidden the camera alone is asked for the microphone", async () => {
  devices.video = "NotAllowedError";
  permissions = { microphone: "prompt", camera: "denied" };
  await media.start();
  assert.deepEqual(states(), ["on", "refused"]);
});

test("a browser without media devices is unable", async () => {
  navigator.mediaDevices.getUserMedia = undefined;
  await media.start();
  assert.deepEqual(states(), ["unable", "unable"]);
});

test("a device that is there by now is taken by itself, and nobody is bothered before", async () => {
  devices.video = "NotFoundError";
  listed = listed.filter((each) => each.kind === "audioinput");
  await media.start();
  const before = asked.length;
  await pass(10_000);
  assert.equal(asked.length, before, "it is not in the list");
  devices.video = "there";
  listed = [...listed, { kind: "videoinput", deviceId: "video 1", label: "Kamera" }];
  devicesChanged.dispatchEvent(new Event("devicechange"));
  await pass(3500);
  assert.deepEqual(states(), ["on", "on"]);
});

test("nothing is looked for in a page that nobody sees", async () => {
  devices.video = "NotReadableError";
  await media.start();
  const before = asked.length;
  page.visibilityState = "hidden";
  await pass(10_000);
  assert.equal(asked.length, before);
  page.visibilityState = "visible";
  devices.video = "there";
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(100);
  assert.equal(media.state("video"), "on");
});

test("a permission that is given later is used at once", async () => {
  devices.audio = devices.video = "NotAllowedError";
  permissions = { microphone: "denied", camera: "denied" };
  await media.start();
  await settled();
  devices.audio = "there";
  permissions.microphone = "granted";
  navigator.permissions.statuses.microphone.dispatchEvent(new Event("change"));
  await settled();
  assert.deepEqual(states(), ["on", "refused"]);
});

test("a device that was pulled out is lost, and taken again when it is back", async () => {
  await media.start();
  const [camera, listedBefore] = [media.tracks.video, listed];
  devices.video = "NotFoundError";
  listed = [];
  camera.ends();
  await pass(3500);
  assert.deepEqual([media.state("video"), media.sent("video")], ["lost", null]);
  devices.video = "there";
  listed = listedBefore;
  await pass(3500);
  assert.equal(media.state("video"), "on");
});

test("what the system mutes is not sent, and the others see that", async () => {
  await media.start();
  media.tracks.audio.mutes(true);
  assert.deepEqual([media.state("audio"), media.sent("audio")], ["muted", null]);
  media.tracks.audio.mutes(false);
  assert.equal(media.state("audio"), "on");
});

test("what somebody has switched off stays off over a reload", async () => {
  await media.start();
  await media.toggle("audio");
  await media.toggle("video");
  assert.deepEqual(states(), ["off", "off"]);
  assert.equal(media.tracks.video, null, "the camera's light goes out");
  media.stop();
  media = new Media(() => {});
  await media.start();
  assert.deepEqual(states(), ["off", "off"]);
  await media.toggle("video");
  assert.equal(media.state("video"), "on");
});

test("the press on a microphone that is muted asks for it again", async () => {
  await media.start();
  await media.toggle("audio");
  media.tracks.audio.muted = true;
  await media.toggle("audio");
  assert.equal(asked.at(-1).video, undefined);
});

test("a camera that comes after it was switched off is stopped", async () => {
  let there;
  devices.video = () => new Promise((done) => (there = () => done("there")));
  const taking = media.take(["video"]);
  await settled();
  media.off.video = true;
  there();
  await taking;
  assert.equal(media.tracks.video, null);
});

test("a question that nobody answers is said to be overlooked after five seconds", async () => {
  let there;
  permissions = { microphone: "prompt", camera: "prompt" };
  devices.audio = () => new Promise((done) => (there = () => done("there")));
  const starting = media.start();
  await pass(4900);
  assert.equal(media.asking.overlooked, false);
  await pass(200);
  assert.equal(media.asking.overlooked, true);
  there();
  await starting;
  assert.equal(media.asking.overlooked, false);
});

test("a slow device whose use is granted is not called overlooked", async () => {
  let there;
  devices.audio = () => new Promise((done) => (there = () => done("there")));
  const starting = media.start();
  await pass(6000);
  assert.equal(media.asking.overlooked, false);
  there();
  await starting;
});

test("an answer to an older question counts no more", async () => {
  let fail;
  devices.video = () => new Promise((done) => (fail = () => done("NotAllowedError")));
  const first = media.take(["video"]);
  await settled();
  devices.video = "there";
  await media.take(["video"]);
  fail();
  assert.equal(await first, false);
  assert.equal(media.state("video"), "on");
});

test("another camera is chosen by its id, and any other will do when it is gone", async () => {
  await media.start();
  await media.choose("video", "video 2");
  assert.equal(media.tracks.video.getSettings().deviceId, "video 2");
  devices.video = ({ video }) => (video.deviceId ? "OverconstrainedError" : "there");
  await media.choose("video", "video 3");
  assert.equal(media.state("video"), "on");
  assert.deepEqual(media.asking.chosen, {});
});

test("the next camera of a computer is the next in its list", async () => {
  await media.start();
  await media.nextCamera();
  assert.equal(media.tracks.video.getSettings().deviceId, "video 2");
  await media.nextCamera();
  assert.equal(media.tracks.video.getSettings().deviceId, "video 1");
});

test("the next camera of a phone looks the other way", async () => {
  phone = true;
  await media.start();
  await media.nextCamera();
  assert.deepEqual(asked.at(-1).video.facingMode, { ideal: "environment" });
  await media.nextCamera();
  assert.deepEqual(asked.at(-1).video.facingMode, { ideal: "user" });
});

test("a storage that throws stops nothing", async () => {
  media.stop();
  globalThis.sessionStorage = {
    getItem() {
      throw thrown("SecurityError");
    },
    setItem() {
      throw thrown("QuotaExceededError");
    },
  };
  media = new Media(() => {});
  await media.start();
  await media.toggle("audio");
  assert.equal(media.sent("audio"), null);
});

test("a browser that knows no permissions is asked all the same", async () => {
  navigator.permissions = undefined;
  media.stop();
  media = new Media(() => {});
  await media.start();
  assert.deepEqual(states(), ["on", "on"]);
});

test("after the end nothing is taken any more", async () => {
  await media.start();
  media.stop();
  assert.deepEqual(
    ["audio", "video"].map((kind) => media.tracks[kind]),
    [null, null],
  );
  await media.take(["audio"]);
  assert.equal(media.tracks.audio, null);
});
