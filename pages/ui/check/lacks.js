// Why a camera or microphone cannot be used, as the server is told: the word of devices.js, nothing
// for one that can be used or is not wanted. Not known before it was asked for.

/** @import { Kind } from "../types.js" */
/** @typedef {import("../call/stage.js").Stage | undefined} Call */

/**
 * @param {Call} stage
 * @param {Kind} kind
 */
export function lackOf(stage, kind) {
  const state = stage?.media.state(kind);
  if (!state) return undefined;
  return ["on", "off"].includes(state) ? "" : state;
}
