// What this tab remembers over a reload. A browser may refuse to remember anything, by an error at
// the first touch: then nothing is remembered, and nothing else stops for it.

/**
 * @param {string} name
 * @returns {any}
 */
export function recall(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {unknown} what
 */
export function remember(name, what) {
  try {
    sessionStorage.setItem(name, JSON.stringify(what));
  } catch {
    // it lasts until the page is reloaded
  }
}
