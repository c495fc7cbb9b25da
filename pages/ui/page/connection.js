// Says that the connection is lost, or the database away, above the page; and asks what is true now.
// Streamlit's own words for it are English dialogs, which the gate switches off. The banner stands in
// the page itself (pages/upstream/frontend.py): above what Streamlit draws.

import { live } from "../live/socket.js";
import { TEXT, write } from "./write.js";

/** @import { Words } from "../types.js" */
/** @typedef {{ words: string, phone: string, tel: string }} Away */

const ASK_AFTER = 10; // seconds
/** @type {number | undefined} */
let since; // lost
let asked = 0;

/** @param {Omit<Words, "away"> & { away: Away }} words */
export function sayConnection(words) {
  /** @type {HTMLElement | null} */
  const app = document.querySelector('[data-testid="stApp"]');
  const banner = document.getElementById("connection");
  if (!app || !banner) return;
  const lost = app.getAttribute("data-test-connection-state") !== "CONNECTED";
  since = lost ? (since ?? Date.now()) : undefined;
  const seconds = since === undefined ? 0 : (Date.now() - since) / 1000;
  // While the live socket is there, so is the server: Streamlit is about to find it, too.
  const patience = live.connected ? 6 : 2;
  let text = seconds > patience ? (navigator.onLine ? words.lost : words.offline) : "";
  banner.classList.remove("late");
  // The server is there, and its database is not: nothing can be kept until it is back.
  const away = !text && live.newest.away ? words.away : undefined;
  if (away) text = `${away.words} ${away.phone}`.trim();
  if (write(banner, TEXT, text) && away?.phone) {
    banner.textContent = `${away.words} `;
    banner.append(callable(away));
  }
  // The page makes room: nothing is covered. What can never work is said in a banner of its own.
  const never = document.getElementById("never");
  const above = never && !never.hidden ? never : banner;
  const height = text || above === never ? `${above.getBoundingClientRect().height}px` : "";
  app.style.top = height;
  document.documentElement.style.setProperty("--banner", height);
  if (seconds > ASK_AFTER && Date.now() - asked > ASK_AFTER * 1000) {
    asked = Date.now();
    askForThisPage();
  }
}

/** @param {Away} away */
function callable({ phone, tel }) {
  const link = document.createElement("a");
  if (tel) link.href = `tel:${tel}`;
  link.textContent = phone;
  return link;
}

// The server is there, but it no longer answers with a page that has scripts: the visit is over,
// or somebody has signed out in another window. What it says instead is to be read.
async function askForThisPage() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(
    () => null,
  );
  if (answer && !answer.headers.get("Content-Security-Policy")?.includes("script-src"))
    location.reload();
}
