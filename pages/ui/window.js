// The one name of ours on the window, begun by first.js before any module is loaded: what else in
// this tab has to find. `never` says what can never work, `socket` is Streamlit's own; `live`,
// `stage` and `share` are the newest of theirs.

/** @type {import("./types.js").Ours} */
export const page = window.beratungsraum;
