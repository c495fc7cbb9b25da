// The field to write in. It is Streamlit's, which empties it as soon as something is sent.

/** @import { Unsent } from "../types.js" */

const { set: type } = /** @type {PropertyDescriptor} */ (
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")
);
let last = "";
let given = false; // what stands there has been given back, as a whole or in part

/** @returns {HTMLTextAreaElement | null} */
function field() {
  return document.querySelector('[data-testid="stChatInput"] textarea');
}

/**
 * Give back what was refused, once, before what was written meanwhile.
 *
 * Not through Streamlit's own way (a value set in the script run): that one is said by a single
 * answer, and a run that follows at once takes an answer away which has not been sent.
 * @param {Unsent | null} unsent
 */
export function giveBack(unsent) {
  const into = field();
  if (!unsent || !into || unsent.token === last) return;
  const text = [unsent.text, into.value].filter(Boolean).join("\n");
  if (text.length > unsent.room) return; // its own text would be refused by the field
  last = unsent.token;
  given = true;
  // React looks for what was typed at the event, and overlooks what its own setter has set.
  type?.call(into, text);
  into.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * What is being written there; null where there is nothing to write in. What was given back is not
 * being written: it may be from a private minute that is over.
 */
export function written() {
  const text = field()?.value ?? null;
  if (!text) given = false;
  return given ? null : text;
}
