import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { page, pass, stopTheClock, window } from "./browser.js";

const opened = [];

class Socket {
  static CONNECTING = 0;
  readyState = 0;
  said = [];

  constructor(address) {
    this.address = String(address);
    opened.push(this);
  }

  send(text) {
    this.said.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  /** The server accepts, and says this. */
  accepts(...events) {
    this.readyState = 1;
    this.onopen();
    this.hears(...events);
  }

  hears(...events) {
    for (const event of events) this.onmessage({ data: JSON.stringify(event) });
  }

  ends(code) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

Object.assign(globalThis, { WebSocket: Socket });
stopTheClock();
const { live, default: mount } = await import("../../pages/ui/live/socket.js");
const newest = () => opened.at(-1);
let leave;

beforeEach(async () => {
  leave?.();
  await pass(1100);
  opened.length = 0;
  page.hidden = false;
  beratungsraum.socket = undefined;
  live.newest = {};
  leave = mount({ data: { tab: "tab" } });
});

test("the first message names the tab and what time it is here", () => {
  newest().accepts({ changed: 7 });
  assert.equal(newest().address, "wss://jobcenter.test/live");
  const [{ tab, at }] = newest().said;
  assert.deepEqual([tab, Math.abs(at - Date.now()) < 1000], ["tab", true]);
  assert.equal(live.connected, true);
});

test("what comes is an event of its kind, and what lasts is remembered", () => {
  const heard = [];
  for (const kind of ["changed", "typing"]) {
    live.addEventListener(kind, ({ detail }) => heard.push([kind, detail]), { once: true });
  }
  newest().accepts({ changed: 7 }, { typing: { text: "a" } });
  assert.deepEqual(heard, [
    ["changed", 7],
    ["typing", { text: "a" }],
  ]);
  assert.deepEqual(live.newest, { changed: 7 });
});

test("nothing can be said before the server has answered", () => {
  assert.equal(live.send({ typing: "a" }), false);
  newest().accepts({ changed: 7 });
  assert.equal(live.send({ typing: "a" }), true);
  assert.deepEqual(newest().said.at(-1), { typing: "a" });
});

test("a page that is drawn again keeps its socket", async () => {
  newest().accepts({ changed: 7 });
  leave();
  leave = mount({ data: { tab: "tab" } });
  await pass(2000);
  assert.deepEqual([opened.length, live.connected], [1, true]);
});

test("a page that is left closes it", async () => {
  newest().accepts({ changed: 7 });
  const lines = [];
  live.addEventListener("line", ({ detail }) => lines.push(detail.connected), { once: true });
  leave();
  await pass(1100);
  assert.deepEqual([newest().readyState, lines, live.connected], [3, [false], false]);
});

test("another tab gets a socket of its own", () => {
  newest().accepts({ changed: 7 });
  leave = mount({ data: { tab: "another" } });
  newest().accepts({ changed: 8 });
  assert.deepEqual([opened.length, opened[0].readyState, newest().said[0].tab], [2, 3, "another"]);
  opened[0].hears({ changed: 9 });
  assert.equal(live.newest.changed, 8);
});

test("it comes back by itself, after longer and longer times", async () => {
  newest().accepts({ changed: 7 });
  newest().ends(1006);
  await pass(320);
  assert.equal(opened.length, 2);
  for (let tries = 0; tries < 4; tries += 1) {
    newest().ends(1006);
    await pass(2010);
  }
  assert.equal(opened.length, 6);
});

test("who is not known yet knocks every second or two", async () => {
  newest().accepts({ changed: 7 });
  newest().ends(4004);
  await pass(900);
  assert.equal(opened.length, 1);
  await pass(1200);
  assert.equal(opened.length, 2);
});

for (const [code, times] of [
  [4003, 1],
  [1008, 0],
  [1013, 0],
  [4004, 0],
])
  test(`a page whose socket ends with ${code} hears ${times} times that it is refused`, () => {
    let refused = 0;
    const count = () => (refused += 1);
    live.addEventListener("refused", count);
    newest().accepts({ changed: 7 });
    newest().ends(code);
    live.removeEventListener("refused", count);
    assert.equal(refused, times);
    assert.equal(live.connected, false);
  });

test("a knock that nobody answers is given up after four seconds", async () => {
  await pass(3900);
  assert.equal(opened.length, 1);
  await pass(500);
  assert.equal(opened.length, 2);
});

test("a sign of life that is not answered means that the line is dead", async () => {
  newest().accepts({ changed: 7 });
  await pass(5000);
  assert.deepEqual(newest().said.at(-1), {});
  newest().hears({});
  await pass(5000);
  assert.equal(opened.length, 1);
  await pass(5000);
  assert.equal(opened.length, 2);
});

test("and Streamlit's own socket, which went the same way, is told so once ours is back", async () => {
  const closed = [];
  beratungsraum.socket = { dispatchEvent: (event) => closed.push(event.code) };
  globalThis.CloseEvent = class {
    constructor(type, { code }) {
      Object.assign(this, { type, code });
    }
  };
  newest().accepts({ changed: 7 });
  await pass(10_000);
  newest().accepts({ changed: 8 });
  assert.deepEqual(closed, [1006]);
});

test("a socket of Streamlit's that is new meanwhile is left alone", async () => {
  const closed = [];
  beratungsraum.socket = { dispatchEvent: () => closed.push("old") };
  newest().accepts({ changed: 7 });
  await pass(10_000);
  beratungsraum.socket = { dispatchEvent: () => closed.push("new") };
  newest().accepts({ changed: 8 });
  assert.deepEqual(closed, []);
});

test("a phone that wakes up asks at once whether the line lives", async () => {
  newest().accepts({ changed: 7 });
  window.dispatchEvent(new Event("online"));
  assert.deepEqual(newest().said.at(-1), {});
});

test("and knocks at once if there is none", async () => {
  newest().accepts({ changed: 7 });
  newest().ends(1013);
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(opened.length, 2);
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(opened.length, 2, "one knock is enough");
});

test("a page that is being hidden asks nothing", () => {
  newest().accepts({ changed: 7 });
  page.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(newest().said.length, 1);
});
