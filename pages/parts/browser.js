// What Streamlit cannot do by itself in the page around it: the document's language,
// German names for its English controls, a chat log that is announced, steps that begin at
// the top, and saying that the connection is lost.

const names = [
  ['[data-testid="stSidebarCollapseButton"] button', "aria-label", "hide"],
  ['[data-testid="stSidebar"]', "aria-label", "sidebar"],
  ['[data-testid="stChatInputSubmitButton"]', "aria-label", "send"],
];

function nameControls(words) {
  for (const [selector, attribute, word] of names) {
    const element = document.querySelector(selector);
    if (element && element.getAttribute(attribute) !== words[word]) {
      element.setAttribute(attribute, words[word]);
    }
  }
  const skip = document.querySelector('[data-testid="stSkipToContent"]');
  if (skip && skip.textContent !== words.skip) skip.textContent = words.skip;
}

// Streamlit's fields for a day and a time have English names, some with our label behind them.
function nameFields(words) {
  for (const element of document.querySelectorAll("[aria-label]")) {
    const name = element.getAttribute("aria-label");
    const english = Object.keys(words).find((each) => name === each || name.startsWith(`${each},`));
    if (english) element.setAttribute("aria-label", words[english] + name.slice(english.length));
  }
  const help = document.querySelector('[data-testid="stDateInputCalendar"] > [id$="-desc"]');
  if (help && help.textContent !== words.arrows) help.textContent = words.arrows;
}

function keepChatInView(state, words) {
  const log = document.querySelector(".st-key-chatlog");
  if (!log) return;
  if (log.getAttribute("role") !== "log") {
    log.setAttribute("role", "log");
    log.setAttribute("aria-live", "polite");
    log.tabIndex = 0;
  }
  const count = log.querySelectorAll("li").length;
  if (count !== state.messages) {
    state.messages = count;
    log.scrollTop = log.scrollHeight;
  }
  // While the chat is closed, its button says how much there is to read.
  const button = document.querySelector('[data-testid="stExpandSidebarButton"]');
  if (!button) state.read = count;
  const unread = count - (state.read ?? 0);
  const label = unread > 0 ? `${words.chat} (${unread} ${words.unread})` : words.chat;
  if (button && button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
}

// A new step begins at the top of the page, and a screen reader hears its heading.
function beginStep(state) {
  const heading = document.querySelector("h1.title");
  if (!heading || heading.textContent === state.heading) return;
  const first = state.heading === undefined;
  state.heading = heading.textContent;
  if (first) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
}

// Streamlit's own words for a lost connection are English dialogs, which the gate switches off.
// The banner stands in the page itself (pages/gate/frontend.py): above what Streamlit draws.
function sayConnection(state, words) {
  const app = document.querySelector('[data-testid="stApp"]');
  const banner = document.getElementById("connection");
  if (!app || !banner) return;
  const lost = app.getAttribute("data-test-connection-state") !== "CONNECTED";
  state.lost = lost ? (state.lost ?? Date.now()) : undefined;
  const seconds = lost ? (Date.now() - state.lost) / 1000 : 0;
  // While the live socket is there, so is the server: Streamlit is about to find it, too.
  const patience = window.beratungsraumLive?.connected ? 6 : 2;
  const text = seconds > patience ? (navigator.onLine ? words.lost : words.offline) : "";
  banner.classList.remove("late");
  if (banner.textContent !== text) banner.textContent = text;
  // The page makes room: nothing is covered.
  app.style.top = text ? `${banner.getBoundingClientRect().height}px` : "";
  if (seconds > 10 && Date.now() - (state.asked ?? 0) > 10000) {
    state.asked = Date.now();
    askForThisPage();
  }
}

// The server is there, but it no longer answers with a page that has scripts: the visit is over,
// or somebody has signed out in another window. What it says instead is to be read.
async function askForThisPage() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer && !answer.headers.get("Content-Security-Policy")?.includes("script-src")) location.reload();
}

export default function ({ data }) {
  // Kept on the window: Streamlit may build this component's own element anew.
  const state = (window.beratungsraum ??= { messages: 0 });
  document.documentElement.lang = data.lang;
  const look = () => {
    nameControls(data.words);
    nameFields(data.words.fields);
    keepChatInView(state, data.words);
    beginStep(state);
    sayConnection(state, data.words);
  };
  look();
  clearInterval(state.timer);
  state.timer = setInterval(look, 250);
}
