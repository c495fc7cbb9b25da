// Read by Playwright's own node before anything else (NODE_OPTIONS, firefox.py).
// Firefox ESR 153 lacks one command that Playwright 1.65 sends for every page, and nothing of ours
// needs: the kind of media a page is shown on. A command that asks nothing goes in its place.

const Module = require("node:module");
const compile = Module.prototype._compile;

Module.prototype._compile = function (text, name, ...more) {
  const said = name.endsWith("coreBundle.js")
    ? text.replaceAll('"emulation.setMediaFeaturesOverride"', '"session.status"')
    : text;
  return compile.call(this, said, name, ...more);
};
