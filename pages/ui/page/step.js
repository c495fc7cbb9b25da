// A new step begins at the top of the page, and a screen reader hears its heading.

/** @type {DOMStringMap | undefined} as we wrote it, not as a browser has translated it */
let shown;
/** @type {HTMLElement | undefined} */
let begun;
let following = false;

// In the moment in which it is drawn: later somebody might have gone on by keys already.
export function followSteps() {
  beginStep();
  if (following) return;
  following = true;
  new MutationObserver(beginStep).observe(document.body, { childList: true, subtree: true });
}

function beginStep() {
  /** @type {HTMLElement | null} */
  const heading = document.querySelector("h1.title");
  if (!heading) return;
  const before = shown;
  shown = { ...heading.dataset };
  // In another language it is the same step; whoever has chosen it is still at the list.
  const same = before?.words === shown.words || before?.language !== shown.language;
  const drawnAnew = begun && !begun.isConnected;
  if (drawnAnew) begun = heading;
  const lost = drawnAnew && document.activeElement === document.body;
  if (!before || (same && !lost)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  begun = heading;
  if (!same) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
}
