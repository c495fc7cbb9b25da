import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { pass, stopTheClock } from "./browser.js";

const { Watch } = await import("../../pages/ui/call/statistics.js");
stopTheClock();

/** A sender that keeps what it was told. */
function sender(track = {}) {
  const encodings = [{}];
  return {
    track,
    encodings,
    refuses: false,
    getParameters: () => ({ encodings: encodings.map((each) => ({ ...each })) }),
    async setParameters(parameters) {
      if (this.refuses) throw new Error("InvalidModificationError");
      encodings.splice(0, 1, ...parameters.encodings);
    },
  };
}

let line, watch, reports;

beforeEach(() => {
  const video = { mid: "0", sender: sender(), receiver: { track: { id: "v" } } };
  const audio = { mid: "1", sender: sender(), receiver: { track: { id: "a" } } };
  line = { pc: {}, places: [{ video, audio }] };
  watch = new Watch();
  reports = {};
});

/** A statistic of what comes at an m-line. */
function comes(mid, more) {
  reports[mid] = { type: "inbound-rtp", mid, ...reports[mid], ...more };
}

function look() {
  watch.look(line, new Map(Object.entries(reports)));
}

/** Pictures and sounds come for so many milliseconds. */
async function talk(milliseconds, { frames = 2, sounds = 5, level = 0 } = {}) {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    await pass(100);
    comes("0", { framesReceived: (reports[0]?.framesReceived ?? 0) + frames });
    comes("1", { packetsReceived: (reports[1]?.packetsReceived ?? 0) + sounds, audioLevel: level });
    look();
  }
}

test("who films and speaks is there, seen and heard", async () => {
  await talk(1000, { level: 0.5 });
  const [{ picture, sound, speaks, there }] = watch.seen;
  assert.deepEqual(
    { picture, sound, speaks, there },
    { picture: true, sound: true, speaks: true, there: true },
  );
});

test("who is silent does not speak", async () => {
  await talk(1000, { level: 0.001 });
  assert.equal(watch.seen[0].speaks, false);
});

test("one picture a second is the server's grey one, and nobody", async () => {
  await talk(300, { frames: 0, sounds: 0 });
  for (let second = 0; second < 4; second += 1) {
    await talk(1000, { frames: 0, sounds: 0 });
    comes("0", { framesReceived: reports[0].framesReceived + 1 });
    look();
  }
  assert.deepEqual([watch.seen[0].picture, watch.seen[0].there], [false, false]);
});

test("a camera that goes off is noticed in a second, and the person stays", async () => {
  await talk(1000);
  await talk(1200, { frames: 0 });
  const [{ picture, sound, there }] = watch.seen;
  assert.deepEqual([picture, sound, there], [false, true, true]);
});

test("who sends nothing for three seconds is gone", async () => {
  await talk(1000);
  await talk(3200, { frames: 0, sounds: 0 });
  assert.equal(watch.seen[0].there, false);
});

test("when the door opens, what came before is forgotten", async () => {
  await talk(1000);
  watch.forget();
  assert.equal(watch.seen[0].there, false);
  look();
  assert.equal(watch.seen[0].picture, false);
});

test("a browser that names no m-line is told apart by its tracks", async () => {
  await pass(100);
  for (const frames of [0, 3, 6]) {
    reports.v = { type: "inbound-rtp", trackIdentifier: "v", framesReceived: frames };
    look();
    await pass(100);
  }
  assert.equal(watch.seen[0].picture, true);
});

/** The line carries so many bits a second, says the browser. */
async function carries(bits, milliseconds, more = {}) {
  for (let passed = 0; passed < milliseconds; passed += 250) {
    await pass(250);
    const before = reports.pair ?? { bytesReceived: 0, bytesSent: 0 };
    reports.pair = {
      type: "candidate-pair",
      nominated: true,
      availableOutgoingBitrate: bits,
      bytesReceived: before.bytesReceived + 12_500,
      bytesSent: before.bytesSent + 12_500,
      ...more,
    };
    look();
  }
}

const sent = () => line.places[0].video.sender.encodings[0];

test("a good line gets the whole picture", async () => {
  await carries(2e6, 500);
  assert.deepEqual(sent(), {
    active: true,
    scaleResolutionDownBy: 1,
    maxBitrate: 1.2e6,
    maxFramerate: 20,
  });
});

test("a weak line gets less after five seconds, and more again after ten good ones", async () => {
  await carries(150_000, 4500);
  assert.equal(watch.quality.step, 0);
  await carries(150_000, 1500);
  assert.equal(watch.quality.step, 1);
  await carries(2e6, 9000);
  assert.equal(watch.quality.step, 1);
  await carries(2e6, 2000);
  assert.deepEqual([watch.quality.step, sent().maxBitrate], [0, 1.2e6]);
});

test("it steps down no further than the last step", async () => {
  await carries(1000, 30_000);
  assert.equal(watch.quality.step, 2);
});

test("a tenth of the packets lost is a weak line", async () => {
  reports.told = { type: "remote-inbound-rtp", kind: "video", fractionLost: 0.2 };
  await carries(2e6, 6000);
  assert.equal(watch.quality.step, 1);
});

test("Wenig Daten sends a small picture at once", async () => {
  watch.quality.little = true;
  await carries(2e6, 250);
  assert.deepEqual([sent().scaleResolutionDownBy, sent().maxBitrate], [2.5, 80_000]);
});

test("what was refused is tried again", async () => {
  const { sender } = line.places[0].video;
  sender.refuses = true;
  await carries(2e6, 250);
  assert.deepEqual(sent(), {});
  sender.refuses = false;
  await carries(2e6, 250);
  assert.equal(sent().maxBitrate, 1.2e6);
});

test("without a track nothing is active", async () => {
  line.places[0].video.sender.track = null;
  await carries(2e6, 250);
  assert.equal(sent().active, false);
});

test("a browser without encodings, or without a place, is left as it is", async () => {
  line.places[0].video.sender.encodings.length = 0;
  await carries(2e6, 250);
  line = { pc: line.pc, places: [] };
  watch.quality.apply(undefined);
  assert.equal(watch.quality.applied, undefined);
});

test("megabytes in half an hour are said after ten seconds, and again after a change", async () => {
  await carries(2e6, 9000);
  assert.equal(watch.megabytes, 0);
  await carries(2e6, 3000);
  assert.equal(watch.megabytes, 180);
  watch.quality.little = true;
  await carries(2e6, 1000);
  assert.equal(watch.megabytes, 0);
});

test("a small number of megabytes is not rounded to nothing", () => {
  watch.rate = 1000;
  assert.equal(watch.megabytes, 2);
});

/** Firefox says only what its encoder aims at. */
async function aims(bits, milliseconds) {
  for (let passed = 0; passed < milliseconds; passed += 250) {
    await pass(250);
    const before = reports.out?.totalEncodedBytesTarget ?? 0;
    reports.pair = { type: "candidate-pair", nominated: true, bytesReceived: 0, bytesSent: 0 };
    reports.out = {
      type: "outbound-rtp",
      kind: "video",
      timestamp: performance.now(),
      totalEncodedBytesTarget: before + bits / 32,
    };
    look();
  }
}

test("where only the encoder's aim is known, less than is allowed means a weak line", async () => {
  await aims(150_000, 8000);
  assert.equal(watch.quality.step, 1);
});

test("an encoder that aims at all that is allowed says nothing of the line", async () => {
  await aims(1.2e6, 8000);
  assert.equal(watch.quality.step, 0);
});

test("a camera that is off aims at nothing and makes no weak line", async () => {
  await aims(0, 8000);
  assert.equal(watch.quality.step, 0);
});

test("another connection is counted from the beginning", async () => {
  await carries(2e6, 12_000);
  line = { ...line, pc: {} };
  await carries(2e6, 500);
  assert.deepEqual([watch.pc === line.pc, watch.megabytes], [true, 0]);
});
