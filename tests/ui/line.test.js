import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { pass, settled, stopTheClock, window } from "./browser.js";

stopTheClock();
const { live } = await import("../../pages/ui/live/socket.js");
const { Line } = await import("../../pages/ui/call/line.js");

/** A browser's connection: `comes` bytes a quarter of a second, `connectionState` by hand. */
class Connection {
  static made = [];
  connectionState = "new";
  transceivers = [];
  closed = false;
  bytes = 0;
  stats = true;

  constructor(configuration) {
    if (Connection.refused) throw new TypeError("not with this policy");
    this.configuration = configuration;
    Connection.made.push(this);
  }

  addTransceiver(kind, { direction }) {
    const sender = { track: null, replaceTrack: async (track) => (sender.track = track) };
    const mid = String(this.transceivers.length);
    const made = { kind, direction, mid, sender, receiver: { track: { id: `${kind} ${mid}` } } };
    this.transceivers.push(made);
    return made;
  }

  async createOffer() {
    return { sdp: "offer" };
  }

  async setLocalDescription() {
    this.localDescription = { sdp: `offer ${Connection.made.length}` };
  }

  async setRemoteDescription(answer) {
    this.remote = answer;
    this.connectionState = "connecting";
  }

  async getStats() {
    if (!this.stats) throw new Error("closed");
    return new Map([["t", { type: "transport", bytesReceived: this.bytes }]]);
  }

  close() {
    this.closed = true;
  }
}

const data = { tab: "tab", call: 1, iceServers: [], places: 1, autostart: true };
let asked, answers, line, told, reloads;

beforeEach(() => {
  Object.assign(globalThis, {
    RTCPeerConnection: Connection,
    MediaStream: class {
      constructor(tracks) {
        this.tracks = tracks;
      }
    },
    fetch: async (address, { body }) => {
      asked.push({ address, ...JSON.parse(body) });
      return answers();
    },
  });
  reloads = 0;
  location.reload = () => (reloads += 1);
  Connection.made = [];
  Connection.refused = false;
  asked = [];
  told = [];
  answers = answered;
  const media = { sent: (kind) => `track of ${kind}` };
  line = new Line(media, (stats) => told.push(stats));
  line.update(data);
});

afterEach(() => line.end());

const answered = () => ({
  ok: true,
  json: async () => ({ answer: "m=video\r\na=mid:0\r\na=msid:x\r\n" }),
});
const refused =
  (error, status = 404) =>
  () => ({ ok: false, status, json: async () => ({ error }) });
const newest = () => Connection.made.at(-1);
const refuse = () => live.dispatchEvent(new Event("refused"));
const over = (call) => live.dispatchEvent(new CustomEvent("over", { detail: call }));

/** It stands, and packets come for so long. */
async function stands(milliseconds = 500, bytes = 5000) {
  await settled();
  newest().connectionState = "connected";
  for (let passed = 0; passed < milliseconds; passed += 250) {
    newest().bytes += bytes;
    await pass(250);
  }
}

test("nothing is offered before somebody has started the call", async () => {
  await pass(1000);
  assert.deepEqual([asked, told], [[], []]);
});

test("own tracks go out in the offer, and the answer is heeded", async () => {
  line.start();
  line.start();
  await settled();
  assert.deepEqual(asked, [{ address: "signal", tab: "tab", offer: "offer 1" }]);
  const [video, audio] = newest().transceivers;
  assert.deepEqual([video.direction, audio.direction], ["sendrecv", "sendrecv"]);
  assert.deepEqual([video.sender.track, audio.sender.track], ["track of video", "track of audio"]);
  assert.equal(newest().remote.sdp, "m=video\r\na=mid:0\r\na=msid:place0\r\n");
  assert.equal(line.connected, false);
  await stands();
  assert.deepEqual([line.connected, line.ever], [true, true]);
});

test("each further person has a place, and so has a screen, which makes no sound", async () => {
  line.update({ ...data, places: 3 });
  line.start();
  await settled();
  assert.deepEqual(
    line.places.map(({ audio }) => Boolean(audio)),
    [true, true, true, false],
  );
  assert.deepEqual(
    newest()
      .transceivers.slice(2)
      .map((each) => each.direction),
    Array(5).fill("recvonly"),
  );
});

test("three seconds without anything, and it offers again", async () => {
  line.start();
  await stands(500, 10);
  await pass(2500);
  assert.equal(asked.length, 1);
  await pass(1000);
  assert.equal(asked.length, 2);
  assert.deepEqual([line.connected, Connection.made[0].closed], [false, true]);
});

test("a talk in the middle of which nothing comes any more is dead sooner", async () => {
  line.start();
  await stands(2000);
  await pass(2000);
  assert.equal(asked.length, 2);
});

test("a word from the system that something has happened makes it doubt sooner", async () => {
  line.start();
  await stands(500, 10);
  await pass(500);
  window.dispatchEvent(new Event("online"));
  await pass(1250);
  assert.equal(asked.length, 2);
});

/** It stands, this is heard, and the connection is gone. */
async function ends(heard, state = "closed") {
  line.start();
  await stands();
  heard();
  newest().connectionState = state;
}

test("the end of a call is no fault: the page is about to say so", async () => {
  await ends(() => over(1));
  await pass(4500);
  assert.deepEqual([asked.length, line.since], [1, 0]);
});

test("who is told nothing any more misses nothing for a moment either", async () => {
  await ends(refuse);
  await pass(4500);
  assert.deepEqual([asked.length, line.since], [1, 0]);
});

test("a page that does not say so within five seconds offers again", async () => {
  await ends(() => over(1));
  await pass(5500);
  assert.equal(asked.length, 2);
});

test("nor is it silent for longer when it is refused again and again", async () => {
  await ends(refuse);
  for (let passed = 0; passed < 6000; passed += 1500) {
    await pass(1500);
    refuse();
  }
  assert.deepEqual([asked.length, line.since > 0], [2, true]);
});

test("the end of an older call is not the end of this one", async () => {
  await ends(() => over(0), "failed");
  await pass(500);
  assert.equal(asked.length, 2);
});

test("a connection that says it has failed is left at once", async () => {
  line.start();
  await stands();
  newest().connectionState = "failed";
  await pass(300);
  assert.equal(asked.length, 2);
});

test("one that is parted has two seconds to mend itself", async () => {
  line.start();
  await stands(500, 10);
  newest().connectionState = "disconnected";
  for (let passed = 0; passed < 1750; passed += 250) {
    newest().bytes += 10;
    await pass(250);
  }
  assert.equal(asked.length, 1);
  newest().connectionState = "connected";
  newest().bytes += 10;
  await pass(250);
  newest().connectionState = "disconnected";
  await pass(1500);
  assert.equal(asked.length, 1);
  await pass(1250);
  assert.equal(asked.length, 2);
});

test("one that does not come about in six seconds is tried again", async () => {
  line.start();
  await settled();
  await pass(5500);
  assert.equal(asked.length, 1);
  await pass(1000);
  assert.equal(asked.length, 2);
});

test("a server that cannot be asked is asked again after a second and a half", async () => {
  answers = () => {
    throw new TypeError("Failed to fetch");
  };
  line.start();
  await pass(1250);
  assert.equal(asked.length, 1);
  await pass(500);
  assert.equal(asked.length, 2);
});

test("who is refused asks again after five seconds", async () => {
  answers = refused("not_allowed", 403);
  line.start();
  await pass(4750);
  assert.equal(asked.length, 1);
  await pass(500);
  assert.equal(asked.length, 2);
});

test("an answer that is no JSON is a refusal like any other", async () => {
  answers = () => ({ ok: false, status: 502, json: async () => JSON.parse("<html>") });
  line.start();
  await pass(1750);
  assert.equal(asked.length, 2);
});

test("a tab the server does not know is given five seconds, then the page is reloaded", async () => {
  answers = refused("unknown_tab");
  line.start();
  await pass(4900);
  assert.equal(reloads, 0);
  await pass(200);
  assert.equal(reloads, 1);
});

test("unless the page brings another tab meanwhile, which is offered at once", async () => {
  answers = refused("unknown_tab");
  line.start();
  await pass(3000);
  answers = answered;
  line.update({ ...data, tab: "another" });
  await pass(3000);
  assert.deepEqual([reloads, asked.at(-1).tab], [0, "another"]);
});

test("another call of the same tab is offered at once", async () => {
  line.start();
  await stands();
  line.update({ ...data, call: 2 });
  await settled();
  assert.equal(asked.length, 2);
  line.update({ ...data, call: 2 });
  await settled();
  assert.equal(asked.length, 2);
});

test("an answer that comes after the next offer counts no more", async () => {
  let answer;
  answers = () => new Promise((done) => (answer = () => done(answered())));
  line.start();
  await settled();
  const [first] = Connection.made;
  const late = answer;
  line.offer();
  await settled();
  late();
  await settled();
  assert.equal(first.remote, undefined);
  answer();
  await settled();
  assert.equal(newest().remote.type, "answer");
});

test("a refusal of an offer that has been overtaken harms nothing", async () => {
  let fail;
  answers = () => new Promise((_, refuse) => (fail = refuse));
  line.start();
  await settled();
  const late = fail;
  answers = answered;
  line.offer();
  await settled();
  late(new Error("late"));
  await settled();
  assert.equal(line.pc, newest());
});

test("a browser that refuses to build one is tried again, and nothing breaks", async () => {
  Connection.refused = true;
  line.start();
  await settled();
  Connection.refused = false;
  await pass(1750);
  assert.equal(asked.length, 1);
});

test("a device that slept knows that the line is doubtful", async () => {
  line.start();
  await stands(500, 10);
  line.ticked = performance.now() - 60_000;
  await pass(250);
  assert.equal(performance.now() - line.doubted < 300, true);
});

test("statistics that cannot be had stop nothing", async () => {
  line.start();
  await settled();
  newest().stats = false;
  await pass(500);
  assert.equal(told.at(-1), null);
});

test("about to be seen, it looks more often", async () => {
  line.start();
  await stands();
  const before = told.length;
  line.hurry();
  await pass(1250);
  assert.equal(told.length - before > 20, true);
});

test("bytes that only Firefox counts are heard, too", async () => {
  line.start();
  await settled();
  newest().connectionState = "connected";
  newest().getStats = async () =>
    new Map([["p", { type: "candidate-pair", responsesReceived: 1 }]]);
  await pass(300);
  assert.equal(line.connected, true);
});

test("after the end nothing is offered", async () => {
  line.start();
  await stands();
  line.end();
  await pass(10_000);
  assert.equal(asked.length, 1);
});

test("without a place of its own there is nothing to send", async () => {
  await line.send();
  assert.deepEqual(line.places, []);
});
