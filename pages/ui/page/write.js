// Our words in elements of others: written once, whatever a browser's translation makes of them.

export const TEXT = "text";
/**
 * Our words by element and attribute (or its text), and in whose place.
 * @type {WeakMap<Element, Record<string, { words: string, from: string | undefined }>>}
 */
const written = new WeakMap();

/**
 * Written only when it is something else than last time, or in place of something else (`from`).
 * What stands there by now does not count: a browser that translates the page has put its own words
 * in place of ours, and would do so again and again. Says whether it has written.
 * @param {Element | null} element
 * @param {string} what
 * @param {string} words
 * @param {string} [from]
 */
export function write(element, what, words, from) {
  if (!element) return false;
  const before = written.get(element) ?? {};
  if (before[what]?.words === words && before[what].from === from) return false;
  written.set(element, { ...before, [what]: { words, from } });
  if (what === TEXT) element.textContent = words;
  else element.setAttribute(what, words);
  return true;
}
