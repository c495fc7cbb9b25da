import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { page } from "./browser.js";

const { showQuestion } = await import("../../pages/ui/page/question.js");
const QUESTION = 'p.lead[role="alert"]';
let scrolled;

function asks(textContent) {
  const answers = { scrollIntoView: (how) => scrolled.push([textContent, how.block]) };
  page.found[QUESTION] = { textContent, closest: () => ({ lastElementChild: answers }) };
}

beforeEach(() => {
  page.found = {};
  showQuestion();
  scrolled = [];
});

test("a question is scrolled to once, when its answers are there", () => {
  asks("Haben Sie den Ton gehört?");
  showQuestion();
  assert.deepEqual(scrolled, []);
  for (let look = 0; look < 5; look += 1) showQuestion();
  assert.deepEqual(scrolled, [["Haben Sie den Ton gehört?", "nearest"]]);
});

test("who has scrolled away from it is left in peace until another one is asked", () => {
  asks("One");
  for (let look = 0; look < 5; look += 1) showQuestion();
  asks("One"); // drawn anew
  for (let look = 0; look < 5; look += 1) showQuestion();
  assert.equal(scrolled.length, 1);
  asks("Two");
  for (let look = 0; look < 5; look += 1) showQuestion();
  assert.deepEqual(
    scrolled.map(([text]) => text),
    ["One", "Two"],
  );
});

test("a page that asks nothing is not scrolled", () => {
  for (let look = 0; look < 5; look += 1) showQuestion();
  assert.deepEqual(scrolled, []);
});
