// Why a camera or microphone cannot be used, as the server may be told: one word of its own list
// (core.appointment.Lack), nothing for one that can be used or is not wanted. Not known before it was
// asked for.

const LACKS = ["missing", "refused", "forbidden", "busy", "lost", "muted", "unable", "failed"];

/** @import { Kind } from "../types.js" */
/** @typedef {import("../call/stage.js").Stage | undefined} Call */

/**
 * @param {Call} stage
 * @param {Kind} kind
 */
export function lackOf(stage, kind) {
  const state = stage?.media.state(kind);
  if (!state) return undefined;
  return LACKS.includes(state) ? state : "";
}
