// A new step begins at the top of the page, and a screen reader hears its heading.

/** @type {string | undefined} as we wrote it, not as a browser has translated it */
let shown;

export function beginStep() {
  /** @type {HTMLElement | null} */
  const heading = document.querySelector("h1.title");
  if (!heading || heading.dataset.words === shown) return;
  const first = shown === undefined;
  shown = heading.dataset.words;
  if (first) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
}
