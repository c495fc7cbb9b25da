// What the modules need of a browser, in node: events, a document, and a clock that is moved by hand.

import { mock } from "node:test";

export const window = new EventTarget();

/** A document of which only what is asked for is there. */
export const page = {
  hidden: false,
  visibilityState: "visible",
  /** @type {Record<string, unknown>} by selector */
  found: {},
};

const document = Object.assign(new EventTarget(), {
  /** @param {string} selector */
  querySelector: (selector) => page.found[selector] ?? null,
});
Object.defineProperties(document, {
  hidden: { get: () => page.hidden },
  visibilityState: { get: () => page.visibilityState },
});

Object.assign(globalThis, {
  window: globalThis,
  document,
  beratungsraum: {},
  addEventListener: window.addEventListener.bind(window),
  removeEventListener: window.removeEventListener.bind(window),
  location: new URL("https://jobcenter.test/termin?t=1"),
});

let now = 1000;
performance.now = () => now;

/** From now on nothing happens by itself: `pass` moves the time. */
export function stopTheClock() {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 });
}

/**
 * So many milliseconds pass, a little at a time, and whatever waits for a promise goes on.
 * @param {number} milliseconds
 */
export async function pass(milliseconds) {
  const step = 10;
  for (let passed = 0; passed < milliseconds; passed += step) {
    now += step;
    mock.timers.tick(step);
    await settled();
  }
}

/** All that has been promised by now is done. */
export async function settled() {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
