// What Streamlit cannot do by itself in the page around it, each in a file of its own (page/).

import { askBeforeBack } from "./page/back.js";
import { keepChatInView } from "./page/chat.js";
import { keepSecondClickOff } from "./page/clicks.js";
import { sayConnection } from "./page/connection.js";
import { nameControls, nameCopying } from "./page/names.js";
import { beginStep } from "./page/step.js";

/** @import { Mounted, Words } from "./types.js" */
/** @typedef {Words & { copying: Words, away: import("./page/connection.js").Away }} AllWords */

const EVERY = 250;
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** @param {Mounted<{ lang: string, words: AllWords }>} mounted */
export default function ({ data: { lang, words } }) {
  document.documentElement.lang = lang;
  const look = () => {
    nameControls(words);
    nameCopying(words.copying);
    keepChatInView(words);
    beginStep();
    sayConnection(words);
    askBeforeBack(words);
  };
  look();
  keepSecondClickOff();
  clearInterval(timer);
  timer = setInterval(look, EVERY);
}
