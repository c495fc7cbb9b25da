// The head of a page: whose it is, what it is, and the list of languages. A browser's own list: every
// phone has one that can be read and operated, however old it is.

/** @import { Mounted, Words } from "../types.js" */
/** @typedef {{ jobcenter: string, language: string, languages: [code: string, name: string, direction: string][], cookie: [name: string, seconds: number], words: Words }} HeadData */
/** @typedef {HTMLElement & { head?: { list: HTMLSelectElement } }} Root Streamlit keeps it */

/**
 * @param {string} tag
 * @param {string} css
 */
function make(tag, css) {
  const element = document.createElement(tag);
  element.className = css;
  return element;
}

/**
 * Kept by this browser for its plain pages, and for staff.
 * @param {HeadData["cookie"]} cookie
 * @param {string} code
 */
function remember([name, seconds], code) {
  const safe = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is missing in browsers of our clients
  document.cookie = `${name}=${code}; path=/; max-age=${seconds}; samesite=lax${safe}`;
}

/**
 * @param {HTMLSelectElement} list
 * @param {HeadData} data
 */
function fill(list, { languages, language }) {
  const codes = languages.map(([code]) => code).join();
  if (list.dataset.codes !== codes) {
    list.dataset.codes = codes;
    list.replaceChildren(
      ...languages.map(([code, name, direction]) => {
        const option = document.createElement("option");
        Object.assign(option, { value: code, textContent: name, lang: code, dir: direction });
        return option;
      }),
    );
  }
  list.value = language;
}

/** @param {Mounted<HeadData>} mounted */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {Root} */ (parentElement);
  if (!root.head) {
    const [bar, label] = [make("div", "bar"), make("label", "languages")];
    const list = document.createElement("select");
    bar.append(make("span", "jobcenter"), make("span", "what"), label);
    label.append(make("span", "choose"), list);
    root.append(bar);
    root.head = { list };
  }
  const { list } = root.head;
  const { jobcenter, words } = data;
  for (const [css, text] of Object.entries({ jobcenter, what: words.what, choose: words.choose })) {
    const element = root.querySelector(`.${css}`);
    if (element) element.textContent = text;
  }
  fill(list, data);
  list.onchange = () => {
    remember(data.cookie, list.value);
    setTriggerValue("language", list.value);
  };
  return () => {
    delete root.head;
    root.replaceChildren();
  };
}
