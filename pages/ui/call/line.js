// The one connection of this tab to the server, and how it comes back by itself.
// Offers by POST /signal, not through Streamlit. Knows no picture on the page.
// What a connection is known to be dead by: its state, or nothing at all arriving.

import { live } from "../live/socket.js";
import { apart, layPlaces, signal } from "./offer.js";

const DISCONNECTED_MS = 2000; // often mends itself
const SILENT_MS = 3000; // without a packet, an answer to a check of consent included
const WOKEN_MS = 1500; // the same after a sleep, or in the middle of a talk: it is almost certain
const FLOWS = 1000; // bytes from tick to tick that only picture or sound can be
const SETUP_MS = 6000;
const RETRY_MS = 1500;
const REFUSED_MS = 5000;
const GOODBYE_MS = 5000; // until the page says why; from then on it was a fault
const TICK_MS = 250;
const SOON_MS = 60;
const GAP_MS = 3000; // between two ticks: this computer has slept
const ENDS = ["over", "refused"]; // of the call, or of all that this tab may be told
const HINTS = ["online", "pageshow", "focus"]; // perhaps something has happened to the line
const STRANGER_MS = 5000; // how long the page may take for another tab id

/** @import { LineData, Place, Report, Sending } from "../types.js" */

export class Line {
  /**
   * @param {Sending | null} media
   * @param {(stats: RTCStatsReport | null) => void} told called with the newest, several times a second
   */
  constructor(media, told) {
    this.media = media;
    this.told = told;
    /** @type {LineData | null} */
    this.data = null;
    /** @type {RTCPeerConnection | null} */
    this.pc = null;
    /** @type {Place[]} */
    this.places = [];
    this.wanted = false; // since somebody has started the call
    this.since = 0; // when the picture last stopped coming, 0 while it comes
    this.ever = false;
    this.attempt = 0;
    this.next = 0; // no offer before
    this.unknown = ""; // the tab and call the server does not know
    this.quiet = 0; // until when nothing is missed: the call has ended; no longer if it is said again
    this.count = 0; // of bytes that have come
    this.began = this.heard = -Infinity;
    this.doubted = this.flowed = -Infinity;
    /** @type {number | undefined} */
    this.parted = undefined;
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.ticked = performance.now();
    this.hint = () => this.suspect();
    for (const name of HINTS) addEventListener(name, this.hint);
    /** @param {any} event */
    this.over = ({ type, detail }) => {
      const now = performance.now();
      const ours = type === "refused" || detail === this.data?.call;
      if (ours && now > this.quiet) this.quiet = now + GOODBYE_MS;
    };
    for (const name of ENDS) live.addEventListener(name, this.over);
  }

  get name() {
    return `${this.data?.tab} ${this.data?.call}`;
  }

  get connected() {
    return this.pc?.connectionState === "connected" && this.since === 0;
  }

  start() {
    if (this.wanted) return;
    this.wanted = true;
    this.since = performance.now();
    this.offer();
  }

  end() {
    this.wanted = false;
    clearInterval(this.timer);
    for (const name of HINTS) removeEventListener(name, this.hint);
    for (const name of ENDS) live.removeEventListener(name, this.over);
    this.drop();
  }

  // The page has drawn: perhaps another call of this tab, or another tab, after the server was restarted.
  /** @param {LineData} data */
  update(data) {
    const before = this.data;
    this.data = data;
    const other = before && (before.tab !== data.tab || before.call !== data.call);
    if (other && this.wanted) this.offer();
  }

  drop() {
    this.attempt += 1;
    this.pc?.close();
    this.pc = null;
  }

  suspect() {
    this.doubted = performance.now();
    if (this.since && this.doubted - this.began > RETRY_MS) this.next = this.doubted;
  }

  async offer() {
    this.drop();
    this.quiet = 0;
    const attempt = this.attempt;
    this.next = performance.now() + SETUP_MS;
    try {
      await this.build(attempt);
    } catch (problem) {
      if (attempt === this.attempt) this.failed(problem);
    }
  }

  /** @param {number} attempt */
  async build(attempt) {
    const iceServers = this.data?.iceServers;
    const pc = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.pc = pc;
    this.began = this.heard = performance.now();
    this.count = 0;
    this.places = this.lay(pc);
    await this.send();
    // The server waits to be found: it wants no address of ours, so none is waited for.
    await pc.setLocalDescription(await pc.createOffer());
    if (attempt !== this.attempt) return;
    const { answer } = await this.ask({ offer: pc.localDescription?.sdp });
    if (attempt !== this.attempt) return;
    await pc.setRemoteDescription({ type: "answer", sdp: this.heed(answer) });
  }

  // The next three are another's for a screen (screen_line.js).
  /**
   * @param {RTCPeerConnection} pc
   * @returns {Place[]}
   */
  lay(pc) {
    return layPlaces(pc, this.data?.places ?? 1);
  }

  /**
   * @param {object} message
   * @returns {Promise<any>}
   */
  async ask(message) {
    return signal({ tab: this.data?.tab, ...message });
  }

  /** @param {string} answer */
  heed(answer) {
    return apart(answer, this.places);
  }

  /** @param {any} problem */
  failed(problem) {
    /** @type {Record<string, number>} */
    const known = { unknown_tab: REFUSED_MS, not_allowed: REFUSED_MS, malformed: REFUSED_MS };
    this.next = performance.now() + (known[problem.code] ?? RETRY_MS);
    this.pc?.close();
    this.pc = null;
    if (problem.code === "unknown_tab" && this.unknown !== this.name) {
      this.unknown = this.name;
      setTimeout(() => this.comeAnew(), STRANGER_MS);
    }
  }

  // The server is there but does not know us, and the page has brought no other id.
  comeAnew() {
    if (this.wanted && this.data?.autostart && this.unknown === this.name) location.reload();
  }

  // What is switched on goes out; nothing is negotiated for that.
  async send() {
    const own = this.places[0];
    if (!own || !this.media) return;
    await Promise.all([
      own.video.sender.replaceTrack(this.media.sent("video")),
      own.audio?.sender.replaceTrack(this.media.sent("audio")),
    ]);
  }

  // Somebody is about to be seen and heard: look more often for a moment.
  hurry() {
    for (let ms = SOON_MS; ms <= 20 * SOON_MS; ms += SOON_MS) setTimeout(() => this.tick(), ms);
  }

  async tick() {
    const now = performance.now();
    const slept = now - this.ticked > GAP_MS;
    this.ticked = now;
    if (slept) this.woke(now);
    if (!this.wanted) return;
    const stats = (await this.pc?.getStats().catch(() => null)) ?? null;
    if (stats) this.listen(stats);
    this.judge(performance.now());
    this.told(stats);
  }

  /** @param {number} now */
  woke(now) {
    this.heard = now;
    this.suspect();
  }

  /** @param {RTCStatsReport} stats */
  listen(stats) {
    let count = 0;
    for (const each of /** @type {Iterable<Report>} */ (stats.values())) {
      if (each.type === "transport" || each.type === "inbound-rtp")
        count += each.bytesReceived ?? 0;
      // Firefox counts bytes here only, and answers to checks not at all.
      if (each.type === "candidate-pair")
        count += (each.responsesReceived ?? 0) + (each.bytesReceived ?? 0);
    }
    if (count === this.count) return;
    this.heard = performance.now();
    if (count - this.count > FLOWS) this.flowed = this.heard;
    this.count = count;
    if (this.pc?.connectionState === "connected") {
      this.since = 0;
      this.ever = true;
    }
  }

  /** @param {number} now */
  judge(now) {
    if (now < this.quiet || !this.dead(now)) return;
    if (this.since === 0) {
      this.since = now;
      this.next = 0;
    }
    if (now >= this.next) this.offer();
  }

  /** @param {number} now */
  dead(now) {
    const state = this.pc?.connectionState ?? "closed";
    if (state === "disconnected") this.parted ??= now;
    else this.parted = undefined;
    if (state === "failed" || state === "closed") return true;
    if (state === "disconnected") return now - (this.parted ?? now) > DISCONNECTED_MS;
    if (state !== "connected") return now - this.began > SETUP_MS;
    const doubtful = now - Math.max(this.doubted, this.flowed) < 2 * SILENT_MS;
    return now - this.heard > (doubtful ? WOKEN_MS : SILENT_MS);
  }
}
