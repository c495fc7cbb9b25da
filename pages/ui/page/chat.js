// While the chat is closed, its button says how much there is to read.

import { write } from "./write.js";

/** @import { Words } from "../types.js" */

let read = 0;

/** @param {Words} words */
export function countUnread(words) {
  const messages = [...document.querySelectorAll(".st-key-chatlog li")];
  const numbers = messages.map((each) => Number(each.getAttribute("data-number")));
  const button = document.querySelector('[data-testid="stExpandSidebarButton"]');
  if (!button) read = Math.max(0, ...numbers);
  const unread = numbers.filter((number) => number > read).length;
  const label = unread > 0 ? `${words.chat} (${unread} ${words.unread})` : words.chat;
  write(button, "aria-label", label);
}
