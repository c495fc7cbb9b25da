// What Streamlit cannot do by itself in the page around it, each in a file of its own (page/).

import { askBeforeBack } from "./page/back.js";
import { countUnread } from "./page/chat.js";
import { keepSecondClickOff } from "./page/clicks.js";
import { sayConnection } from "./page/connection.js";
import { nameControls, nameCopying } from "./page/names.js";
import { showQuestion } from "./page/question.js";
import { followSteps } from "./page/step.js";
import { page } from "./window.js";

/** @import { Mounted, Words } from "./types.js" */
/** @typedef {Words & { copying: Words, away: import("./page/connection.js").Away }} AllWords */

const EVERY = 250;
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** @param {Mounted<{ lang: string, dir: string, words: AllWords }>} mounted */
export default function ({ data: { lang, dir, words } }) {
  // A tab that was open before an update has an older first.js.
  page.never.hasBegun?.();
  Object.assign(document.documentElement, { lang, dir });
  const look = () => {
    nameControls(words);
    nameCopying(words.copying);
    countUnread(words);
    sayConnection(words);
    askBeforeBack(words);
    showQuestion();
  };
  look();
  followSteps();
  keepSecondClickOff();
  clearInterval(timer);
  timer = setInterval(look, EVERY);
}
