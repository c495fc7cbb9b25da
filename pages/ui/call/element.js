// Elements of the page: made, named, shown and marked.

/** @type {Record<string, string>} */
const ICONS = {
  audio:
    "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zm5-3a5 5 0 0 1-10 0H5a7 7 0 0 0 6 6.9V22h2v-3.1A7 7 0 0 0 19 12z",
  video: "M16 10.5V7a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-3.5l5 4v-11z",
  switch:
    "M12 5V2L7.5 6.5 12 11V7a5 5 0 0 1 4.6 7l1.5 1.5A7 7 0 0 0 12 5zm0 12a5 5 0 0 1-4.6-7L5.9 8.500A7 7 0 0 0 12 19v3l4.500-4.500L12 13z",
  freeze: "M7 5h4v14H7zm6 0h4v14h-4z",
  settings: "M4 7h8v2H4zm10-2h2v2h4v2h-4v2h-2zM4 15h4v2H4zm6-2h2v2h8v2h-8v2h-2z",
  speaks:
    "M4 9v6h4l5 5V4L8 9zm12 3a4 4 0 0 0-2-3.500v7A4 4 0 0 0 16 12zm-2-8.300v2.100a6.500 6.500 0 0 1 0 12.400v2.100a8.500 8.500 0 0 0 0-16.600z",
  little: "M4 16h3v4H4zm5-4h3v8H9zm5-4h3v12h-3z",
};
const OFF = "M4.300 3 21 19.700 19.700 21 3 4.300z";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [css] its class
 * @param {Element} [parent]
 * @param {string} [words]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, css, parent, words) {
  const element = document.createElement(tag);
  if (css) element.className = css;
  if (words) element.textContent = words;
  parent?.append(element);
  return element;
}

// A paragraph that a screen reader reads out when it says something new.
/** @param {Element} parent */
export function status(parent) {
  const element = make("p", "hint", parent);
  element.setAttribute("role", "status");
  return element;
}

/**
 * @param {string} name
 * @param {Element} parent
 */
export function icon(name, parent) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const [css, shape] of [
    ["", ICONS[name]],
    ["slash", OFF],
  ]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", shape);
    if (css) path.setAttribute("class", css);
    svg.append(path);
  }
  parent.append(svg);
}

/** What was written into each element last. @type {WeakMap<Element, string>} */
const said = new WeakMap();

// Written only when it is something else than last time: nothing is announced or laid out again
// several times a second. What stands there by now does not count: a browser that translates the
// page has put its own words in place of ours.
/**
 * @param {HTMLElement} element
 * @param {string} [words]
 */
export function say(element, words) {
  const now = words ?? "";
  if ((said.get(element) ?? "") !== now) {
    said.set(element, now);
    element.textContent = now;
  }
  show(element, Boolean(now));
}

// What somebody reads as the first letter, however many numbers it takes (a flag, an accent).
/** @param {string} name */
export function initial(name) {
  const text = name.trim();
  if (!globalThis.Intl?.Segmenter) return [...text][0] ?? "";
  const [first] = new Intl.Segmenter().segment(text);
  return first?.segment ?? "";
}

/**
 * @param {HTMLElement} element
 * @param {boolean | undefined} shown
 */
export function show(element, shown) {
  if (element.hidden === Boolean(shown)) element.hidden = !shown;
}

/**
 * @param {Element} element
 * @param {string} css
 * @param {unknown} on
 */
export function mark(element, css, on) {
  if (element.classList.contains(css) !== Boolean(on)) element.classList.toggle(css, Boolean(on));
}

/**
 * @param {Element} parent
 * @param {string} css
 * @param {() => void} deed
 */
export function button(parent, css, deed) {
  const element = make("button", css, parent);
  element.type = "button";
  element.addEventListener("click", deed);
  return element;
}
