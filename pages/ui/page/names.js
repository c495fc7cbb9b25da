// Our names for what Streamlit calls something in English, or nothing.

import { TEXT, write } from "./write.js";

/** @import { Words } from "../types.js" */

const NAMES = [
  ['[data-testid="stSidebarCollapseButton"] button', "aria-label", "hide"],
  ['[data-testid="stSidebar"]', "aria-label", "sidebar"],
  ['[data-testid="stChatInputSubmitButton"]', "aria-label", "send"],
];

/** @param {Words} words */
export function nameControls(words) {
  for (const [selector, attribute, word] of NAMES) {
    write(document.querySelector(selector), attribute, words[word]);
  }
  write(document.querySelector('[data-testid="stSkipToContent"]'), TEXT, words.skip);
}

/**
 * What the button to copy a link is called, before and after.
 * @param {Words} words
 */
export function nameCopying(words) {
  for (const button of document.querySelectorAll('[data-testid="stCode"] button')) {
    for (const attribute of ["aria-label", "title"]) {
      const now = button.getAttribute(attribute) ?? "";
      const ours = words[now];
      if (ours) write(button, attribute, ours, now);
    }
  }
}
