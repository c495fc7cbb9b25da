import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { page, pass, stopTheClock } from "./browser.js";

stopTheClock();
// The live socket itself says nothing here.
globalThis.WebSocket = class {
  send() {}
  close() {}
};
const { live } = await import("../../pages/ui/live/socket.js");
const { default: mount } = await import("../../pages/ui/live/redraw.js");
let asked, states, leaves, connected;
// As its socket would say.
Object.defineProperty(live, "connected", { get: () => connected, set: () => {} });

beforeEach(() => {
  [asked, leaves] = [[], []];
  states = { connection: "CONNECTED" };
  page.found['[data-testid="stApp"]'] = {
    getAttribute: (name) => states[name.replace(/data-test-(.*)-state/, "$1")],
  };
  connected = true;
  live.newest = {};
});

afterEach(() => {
  for (const leave of leaves) leave();
});

/** A part of the page, drawn when `version` was the newest. */
function part(name, version = 1) {
  const setTriggerValue = (_, value) => asked.push([name, value]);
  leaves.push(mount({ data: { version }, parentElement: {}, setTriggerValue }));
}

function happens(kind, version) {
  live.newest[kind] = version;
  live.dispatchEvent(new CustomEvent(kind, { detail: version }));
}

test("what has changed since it was drawn is asked for, once", async () => {
  part("cards");
  happens("changed", 2);
  await pass(100);
  assert.deepEqual(asked, [["cards", 2]]);
  happens("changed", 2);
  await pass(1000);
  assert.equal(asked.length, 1);
});

test("what was drawn with it already is not", async () => {
  part("cards", 2);
  happens("changed", 2);
  await pass(1000);
  assert.deepEqual(asked, []);
});

test("a few times a second at most", async () => {
  part("cards");
  for (let version = 2; version < 22; version += 1) {
    happens("changed", version);
    await pass(50);
  }
  await pass(500);
  assert.equal(asked.length <= 6, true);
  assert.deepEqual(asked.at(-1), ["cards", 21]);
});

test("nothing is asked for while Streamlit's connection is lost", async () => {
  part("cards");
  states.connection = "DISCONNECTED";
  happens("changed", 2);
  await pass(500);
  assert.deepEqual(asked, []);
});

test("without a live socket it asks by itself every five seconds", async () => {
  part("cards");
  await pass(5500);
  assert.deepEqual(asked, []);
  connected = false;
  await pass(5500);
  assert.deepEqual(asked, [["cards", 0]]);
});

test("a part that is gone asks for nothing", async () => {
  part("cards");
  happens("changed", 2);
  leaves.pop()();
  await pass(6000);
  assert.deepEqual(asked, []);
});

test("who may not be told anything any more asks at once", async () => {
  part("cards");
  connected = false;
  live.dispatchEvent(new Event("refused"));
  await pass(100);
  assert.deepEqual(asked, [["cards", 0]]);
});
