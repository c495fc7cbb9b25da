// "Back" would leave a talk at once. So one more entry stands before it in the history, and anyone who
// comes back over it is asked. The entry outlives a reload; who has said yes is not asked again.

/** @import { Words } from "../types.js" */

const TALK = "beratungsraumTalk";

let leaving = false;
let listening = false;
/** @type {{ question: string, at: string } | undefined} */
let stays;

/** @param {Words} words */
export function askBeforeBack(words) {
  const talking = isTalking();
  if (!talking) leaving = false;
  stays = talking && !leaving ? { question: words.leave, at: location.href } : undefined;
  if (stays && !history.state?.[TALK]) history.pushState({ [TALK]: true }, "", location.href);
  if (listening) return;
  listening = true;
  addEventListener("popstate", back, true); // before Streamlit, which would draw another page
}

function isTalking() {
  return document.querySelector(".stage.talking") !== null;
}

/** @param {PopStateEvent} event */
function back(event) {
  if (!stays || !isTalking()) return; // the talk may have ended a moment ago
  event.stopImmediatePropagation();
  if (!confirm(stays.question)) {
    history.pushState({ [TALK]: true }, "", stays.at);
    return;
  }
  leaving = true;
  stays = undefined;
  history.back();
}
