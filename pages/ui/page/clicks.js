// The second of two clicks was meant for what the first one was, not for what has come into its
// place meanwhile. The same button may be pressed as fast as one likes: the server counts once.

const BUTTONS = ".stButton button, .stFormSubmitButton button";
const NEAR = 10; // pixels
const SOON = 500; // milliseconds

let listening = false;
/** @type {{ x: number, y: number, at: number, text: string | null } | null} */
let last = null;

export function keepSecondClickOff() {
  if (listening) return;
  listening = true;
  document.addEventListener("click", look, true);
}

/** @param {MouseEvent} event */
function look(event) {
  const { target, clientX: x, clientY: y, timeStamp: at } = event;
  const button = target instanceof Element ? target.closest(BUTTONS) : null;
  const near = last && event.detail > 0 && Math.hypot(x - last.x, y - last.y) < NEAR;
  if (button && last && near && at - last.at < SOON && button.textContent !== last.text) {
    event.stopPropagation();
    event.preventDefault();
  } else {
    last = button && { x, y, at, text: button.textContent };
  }
}
