// What is offered to the server and how (POST /signal): the m-lines of a connection. Knows no state of
// a connection. Source: RFC 8829.

const ASK_MS = 4000;

// Own picture and sound with the first other person; each further one has a place of their own,
// and so has a screen, which makes no sound.
/** @import { Place } from "../types.js" */

/**
 * @param {RTCPeerConnection} pc
 * @param {number} others
 */
export function layPlaces(pc, others) {
  /** @type {Place[]} */
  const places = [];
  for (let number = 0; number <= others; number += 1) {
    /** @type {RTCRtpTransceiverDirection} */
    const direction = number === 0 ? "sendrecv" : "recvonly";
    const video = pc.addTransceiver("video", { direction });
    const audio =
      number === 0 || number < others ? pc.addTransceiver("audio", { direction }) : null;
    const tracks = [video, audio].flatMap((each) => (each ? [each.receiver.track] : []));
    places.push({ video, audio, stream: new MediaStream(tracks) });
  }
  return places;
}

// Lips are in step at each place of its own: one stream for each, not one for all.
/**
 * @param {string} answer
 * @param {Place[]} places
 */
export function apart(answer, places) {
  /** @type {Record<string, string>} */
  const names = {};
  places.forEach((place, number) => {
    for (const each of [place.video, place.audio])
      if (each?.mid) names[each.mid] = `place${number}`;
  });
  return answer
    .split(/^(?=m=)/m)
    .map((part) => {
      const mid = part.match(/^a=mid:(\S+)/m)?.[1];
      return mid && mid in names ? part.replace(/^a=msid:\S+/m, `a=msid:${names[mid]}`) : part;
    })
    .join("");
}

class Refused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * @param {object} message
 * @returns {Promise<any>}
 */
export async function signal(message) {
  const answer = await fetch("signal", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    cache: "no-store",
    body: JSON.stringify(message),
    signal: AbortSignal.timeout?.(ASK_MS),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.error ?? String(answer.status));
  return said;
}
