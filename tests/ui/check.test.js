import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { pass, settled, stopTheClock } from "./browser.js";
import { element, paint, video } from "./elements.js";

const { Loudness } = await import("../../pages/ui/check/loudness.js");
const { judge } = await import("../../pages/ui/check/light.js");
const { isWeak } = await import("../../pages/ui/check/connection.js");
const { lackOf } = await import("../../pages/ui/check/lacks.js");
const { default: draw } = await import("../../pages/ui/check/check.js");
stopTheClock();

// Light

/** A picture in which one half is as bright as that, the other as this. */
const halves = (one, other) =>
  Array.from({ length: 16 * 12 }, (_, at) => (at % 2 ? one : other)).flatMap((each) => [
    each,
    each,
    each,
    255,
  ]);

test("a picture in which there is something in the light needs no word", () => {
  assert.equal(judge(halves(90, 160)), "");
});

test("a picture of the night is dark", () => {
  assert.equal(judge(halves(5, 45)), "dark");
});

for (const level of [0, 128, 255]) {
  test(`a picture that is ${level} everywhere is empty`, () => {
    assert.equal(judge(halves(level, level + (level ? -3 : 3))), "empty");
  });
}

// Loudness

/** What is said of these levels, as the ear gives them: eight, four times a second. */
function said(...levels) {
  const loudness = new Loudness();
  for (let number = 0; number * 8 < levels.length; number += 1) {
    loudness.take(levels.slice(8 * number, 8 * number + 8), 250 * number);
  }
  return loudness.said;
}

// A second is 32 levels: of each half of one, a voice takes three fifths.
const times = (seconds, level) => Array(32 * seconds).fill(level);
const spoken = (level, around, seconds = 7) =>
  Array.from({ length: 32 * seconds }, (_, at) => (at % 16 < 10 ? level : around));

test("silence is no voice, and neither is an empty room", () => {
  assert.equal(said(...times(5, -75)), "");
  assert.equal(said(...times(1, -Infinity)), "");
  assert.equal(said(...times(10, -50)), "");
});

test("a voice is good, one that is far away is quiet", () => {
  assert.equal(said(...spoken(-20, -70)), "good");
  assert.equal(said(...spoken(-50, -70)), "quiet");
});

test("what is loud all the time is noise, once it has lasted, and until it is over", () => {
  assert.equal(said(...spoken(-15, -30)), "noisy");
  assert.equal(said(...times(2, -30)), "good");
  assert.equal(said(...times(10, -30), ...times(10, -70)), "good");
});

test("who is silent after they have spoken is as loud as before", () => {
  assert.equal(said(...spoken(-20, -70), ...times(10, -80)), "good");
  assert.equal(said(...spoken(-20, -70), ...times(10, -50)), "good");
  assert.equal(said(...spoken(-20, -70), ...spoken(-50, -70)), "good");
  assert.equal(said(...spoken(-50, -70), ...spoken(-20, -70)), "good");
});

test("the bar is full of the loudest and empty of silence", () => {
  const loudness = new Loudness();
  assert.equal(loudness.filled, 0);
  for (const [levels, filled] of [
    [[-70, 0], 1],
    [[-30, -40], 0.5],
    [[-Infinity], 0],
  ]) {
    loudness.take(levels, 0);
    assert.equal(loudness.filled, filled);
  }
});

// The line

const pair = (currentRoundTripTime) => ({
  type: "candidate-pair",
  nominated: true,
  currentRoundTripTime,
});
const lost = (fractionLost) => ({ type: "remote-inbound-rtp", fractionLost });

test("a line is weak by its delay or by what is lost", () => {
  assert.equal(isWeak([pair(0.1), lost(0.01)]), false);
  assert.equal(isWeak([pair(0.5)]), true);
  assert.equal(isWeak([pair(0.1), lost(0), lost(0.2)]), true);
  assert.equal(isWeak([{ type: "remote-inbound-rtp" }]), false);
  assert.equal(isWeak([]), false);
});

// Why something cannot be used

const stage = (state) => ({ media: { state: () => state } });

test("a lack is told, what works or is switched off is none, what was not asked for is not known", () => {
  for (const word of ["missing", "refused", "muted"]) assert.equal(lackOf(stage(word)), word);
  for (const word of ["on", "off"]) assert.equal(lackOf(stage(word)), "");
  assert.equal(lackOf(undefined), undefined);
  assert.equal(lackOf(stage("")), undefined);
});

// The part on the page

let told, root;
const words = { dark: "dark", empty: "empty", weak: "weak" };

beforeEach(() => {
  told = [];
  root = element("div");
  beratungsraum.stage = undefined;
});

function drawn(part, known = "", open = true) {
  return draw({
    data: { part, open, known, words },
    parentElement: root,
    setTriggerValue: (name, value) => told.push([name, value]),
  });
}

/** A stage whose line has waited for so long, and whose devices are like that. */
function here({ state = "on", waits = 0, ever = false, wanted = true, stats = [], hopeless } = {}) {
  const reports = new Map(stats.map((each, at) => [at, each]));
  beratungsraum.stage = {
    media: { state: () => state, sent: () => null },
    own: { hopeless },
    line: {
      wanted,
      ever,
      connected: ever,
      since: performance.now() - waits,
      pc: { getStats: async () => reports },
    },
  };
}

test("what the page knows is not told, what it does not is told again until it does", async () => {
  here({ state: "refused" });
  const end = drawn("camera", "refused");
  await pass(11_000);
  assert.deepEqual(told, []);
  drawn("camera", "");
  await pass(11_000);
  assert.deepEqual(told, [
    ["lacks", "refused"],
    ["lacks", "refused"],
  ]);
  drawn("camera", "refused");
  await pass(11_000);
  assert.equal(told.length, 2);
  end();
  drawn("camera", "busy")();
  const before = told.length;
  await pass(11_000);
  assert.equal(told.length, before);
});

test("a camera that can be used again is told, too", async () => {
  here({ state: "on" });
  drawn("camera", "busy")();
  assert.deepEqual(told, [["lacks", ""]]);
});

test("a line that has not come about for twenty seconds has failed", async () => {
  here({ waits: 10_000 });
  const end = drawn("connection");
  await pass(9000);
  assert.deepEqual(told, []);
  await pass(5000);
  assert.deepEqual(told, [["lacks", "failed"]]);
  end();
});

test("a browser that cannot make calls has no line, though none was ever wanted", async () => {
  here({ wanted: false, hopeless: true });
  const end = drawn("connection");
  await pass(4000);
  assert.deepEqual(told, [["lacks", "failed"]]);
  end();
});

test("what is over within three seconds was no lack, and what can be used again is told at once", async () => {
  here({ state: "lost" });
  const end = drawn("microphone");
  await pass(2000);
  here({ state: "on" });
  await pass(2000);
  here({ state: "busy" });
  await pass(2000);
  here({ state: "muted" });
  await pass(2000);
  assert.deepEqual(told, []);
  await pass(2000);
  assert.deepEqual(told, [["lacks", "muted"]]);
  draw({
    data: { part: "microphone", open: true, known: "muted", words },
    parentElement: root,
    setTriggerValue: (name, value) => told.push([name, value]),
  });
  here({ state: "on" });
  await pass(10_000);
  assert.deepEqual(told.at(-1), ["lacks", ""]);
  end();
});

test("nobody has failed who has not begun, or whose line has stood", async () => {
  for (const how of [{ wanted: false, waits: 60_000 }, { ever: true, waits: 60_000 }, {}]) {
    here(how);
    drawn("connection")();
  }
  assert.deepEqual(told, []);
});

test("a line is called weak after it was three times in a row", async () => {
  here({ ever: true, stats: [pair(0.9)] });
  const end = drawn("connection");
  const [hint] = root.children[0].children;
  await pass(4000);
  assert.equal(hint.textContent, "");
  await pass(4000);
  assert.equal(hint.textContent, "weak");
  beratungsraum.stage.line.connected = false;
  await pass(250);
  assert.equal(hint.textContent, "");
  here({ ever: true, stats: [pair(0.1)] });
  await pass(4000);
  assert.equal(hint.textContent, "");
  end();
  await settled();
  assert.equal(root.children.length, 0);
});

// Camera

test("a dark picture is said to be dark once it has been seen twice, and nothing without one", async () => {
  here();
  const track = {};
  beratungsraum.stage.media.sent = () => track;
  paint.pixels = halves(5, 45);
  const end = drawn("camera");
  const [hint] = root.children[0].children;
  video.readyState = 1;
  await pass(2500);
  assert.equal(hint.textContent, "");
  video.readyState = 2;
  await pass(2500);
  assert.equal(hint.textContent, "dark");
  paint.pixels = halves(90, 160);
  await pass(2500);
  assert.equal(hint.textContent, "");
  paint.pixels = halves(0, 0);
  await pass(2500);
  assert.equal(hint.textContent, "empty");
  beratungsraum.stage.media.sent = () => null;
  await pass(500);
  assert.equal(hint.textContent, "");
  end();
});

// Microphone, in a browser whose sound is a number

let sound, contexts, played, addresses, voices;

class FakeAudio {
  state = "running";

  constructor() {
    contexts.push(this);
  }

  createMediaStreamSource = () => ({ connect: () => {} });

  async resume() {
    this.state = "running";
  }

  async close() {
    this.state = "closed";
  }
}

class FakeVoice {
  constructor(address) {
    played.push(address);
    voices.push(this);
  }

  pause() {
    this.paused = true;
  }

  async play() {
    if (!sound.kept.length) throw new DOMException("", "NotSupportedError");
    if (sound.ends) setTimeout(() => this.onended(), 1000);
  }
}

class FakeKeeper {
  state = "recording";
  start() {}
  stop() {
    this.state = "inactive";
    this.ondataavailable({ data: new Blob(sound.kept) });
    this.onstop();
  }
}

function hears(how = {}) {
  sound = { amplitude: 0.1, kept: ["opus"], ends: true, ...how };
  contexts = [];
  played = [];
  voices = [];
  addresses = [];
  globalThis.Audio = FakeVoice;
  URL.createObjectURL = (blob) => `blob:${addresses.push(blob.size)}`;
  URL.revokeObjectURL = () => addresses.pop();
  globalThis.AudioContext = FakeAudio;
  globalThis.MediaRecorder = FakeKeeper;
  globalThis.AnalyserNode = class {
    getFloatTimeDomainData = (samples) => samples.fill(sound.amplitude);
  };
  here();
  const track = {};
  beratungsraum.stage.media.sent = () => track;
}

const WORDS = Object.fromEntries(
  ["loudness", "quiet", "noisy", "listen", "speak", "hear", "stays", "failed"].map((each) => [
    each,
    each,
  ]),
);

function microphone(open = true) {
  const end = draw({
    data: { part: "microphone", open, known: "", words: WORDS },
    parentElement: root,
    setTriggerValue: (name, value) => told.push([name, value]),
  });
  const [meter, hint, listen, now, stays] = root.children[0].children;
  return { end, meter, hint, listen, now, stays };
}

test("the bar shows how loud it is, and a quiet voice is said to be quiet", async () => {
  hears({ amplitude: 0 });
  const { end, meter, hint } = microphone();
  await pass(500);
  sound.amplitude = 0.003; // -50 dBFS
  await pass(250);
  assert.equal(meter.hidden, false);
  assert.equal(meter.children[1].children[0].style.inlineSize, "16%");
  assert.equal(hint.textContent, "quiet");
  sound.amplitude = 0.1;
  await pass(500);
  assert.equal(hint.textContent, "");
  sound.amplitude = 0;
  await pass(500);
  assert.equal(meter.children[1].children[0].style.inlineSize, "0%");
  end();
  assert.deepEqual(
    contexts.map((each) => each.state),
    ["closed"],
  );
});

test("without a touch there is no bar until the browser lets us listen", async () => {
  hears();
  const { end, meter } = microphone();
  contexts[0].state = "suspended";
  await pass(250);
  assert.equal(meter.hidden, true);
  await pass(250);
  assert.equal(meter.hidden, false);
  end();
});

test("one hears oneself after one has spoken, and the page is told that it was played", async () => {
  hears();
  const { end, listen, now, stays } = microphone();
  assert.equal(listen.textContent, "listen");
  assert.equal(stays.textContent, "stays");
  listen.click();
  listen.click(); // once is enough
  await pass(1000);
  assert.equal(now.textContent, "speak");
  assert.equal(listen.attributes["aria-disabled"], "true");
  await pass(3500);
  assert.equal(now.textContent, "hear");
  assert.deepEqual([played, addresses], [["blob:1"], [4]]);
  assert.deepEqual(told, [["voice", "begun"]]);
  await pass(1000);
  assert.deepEqual(told, [
    ["voice", "begun"],
    ["voice", "played"],
  ]);
  assert.equal(now.textContent, "");
  assert.equal(listen.attributes["aria-disabled"], "false");
  assert.deepEqual([played.length, addresses], [1, []]);
  end();
});

for (const [how, sounds] of [
  ["cannot be played back", { kept: [] }],
  ["never comes to its end", { ends: false }],
]) {
  test(`a voice that ${how} is not asked about, and may be tried again`, async () => {
    hears(sounds);
    const { end, listen, now } = microphone();
    listen.click();
    await pass(17_000);
    assert.equal(now.textContent, "failed");
    assert.equal(listen.attributes["aria-disabled"], "false");
    assert.deepEqual(addresses, []);
    assert.deepEqual(told, [
      ["voice", "begun"],
      ["voice", "failed"],
    ]);
    end();
  });
}

for (const [when, ms, opened] of [
  ["while they speak", 1000, 0],
  ["while they listen", 4500, 1],
]) {
  test(`who goes on ${when} is not heard by anybody afterwards`, async () => {
    hears();
    const { end, listen } = microphone();
    listen.click();
    await pass(ms);
    end();
    await pass(20_000);
    assert.deepEqual([voices.length, addresses], [opened, []]);
    assert.deepEqual(
      voices.map((each) => each.paused),
      Array(opened).fill(true),
    );
    assert.deepEqual(told, [["voice", "begun"]]);
  });
}

test("where a browser cannot play back, or the test is closed, nothing is offered", async () => {
  hears();
  const { end, listen } = microphone(false);
  assert.equal(listen.hidden, true);
  end();
  globalThis.MediaRecorder = undefined;
  const there = microphone();
  assert.equal(there.listen.hidden, true);
  there.end();
  globalThis.AudioContext = undefined;
  const deaf = microphone();
  assert.equal(deaf.meter.hidden, true);
  deaf.end();
});
