// The chat's log is announced, stays at its newest message, and is counted while it is closed.

import { write } from "./write.js";

/** @import { Words } from "../types.js" */

let messages = 0;
let read = 0;

/** @param {Words} words */
export function keepChatInView(words) {
  /** @type {HTMLElement | null} */
  const log = document.querySelector(".st-key-chatlog");
  if (!log) return;
  if (log.getAttribute("role") !== "log") {
    log.setAttribute("role", "log");
    log.setAttribute("aria-live", "polite");
    log.tabIndex = 0;
  }
  const count = log.querySelectorAll("li").length;
  if (count !== messages) {
    messages = count;
    log.scrollTop = log.scrollHeight;
  }
  // While the chat is closed, its button says how much there is to read.
  const button = document.querySelector('[data-testid="stExpandSidebarButton"]');
  if (!button) read = count;
  const unread = count - read;
  const label = unread > 0 ? `${words.chat} (${unread} ${words.unread})` : words.chat;
  write(button, "aria-label", label);
}
