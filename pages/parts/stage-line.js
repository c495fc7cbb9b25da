// The one connection of this tab to the server, and how it comes back by itself.
// Offers by POST /signal, not through Streamlit. Knows no picture on the page.
// What a connection is known to be dead by: its state, or nothing at all arriving.

const GATHER_MS = 250; // addresses found later follow the offer
const DISCONNECTED_MS = 2000; // often mends itself
const SILENT_MS = 3000; // without a packet, an answer to a check of consent included
const WOKEN_MS = 1500; // the same after a sleep, when it is almost certain
const SETUP_MS = 6000;
const RETRY_MS = 1500;
const REFUSED_MS = 5000;
const TICK_MS = 250;
const SOON_MS = 60;
const GAP_MS = 3000; // between two ticks: this computer has slept
const HINTS = ["online", "pageshow", "focus"]; // perhaps something has happened to the line
const STRANGER_MS = 5000; // how long the page may take for another tab id

class Line {
  constructor(media, told) {
    this.media = media;
    this.told = told; // called with the newest statistics, several times a second
    this.data = null;
    this.pc = null;
    this.places = [];
    this.wanted = false; // since somebody has started the call
    this.since = 0; // when the picture last stopped coming, 0 while it comes
    this.ever = false;
    this.attempt = 0;
    this.next = 0; // no offer before
    this.unknown = null; // the tab id the server does not know
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.ticked = performance.now();
    this.hint = () => this.suspect();
    for (const name of HINTS) addEventListener(name, this.hint);
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
    this.drop();
  }

  // The page has drawn: perhaps with the id of another tab, after the server began anew.
  update(data) {
    const other = this.data && this.data.tab !== data.tab;
    this.data = data;
    if (other && this.wanted) this.offer();
  }

  drop() {
    this.attempt += 1;
    this.pc?.close();
    this.pc = null;
  }

  suspect() {
    this.doubted = performance.now();
    if (this.since && this.doubted - (this.began ?? 0) > RETRY_MS) this.next = this.doubted;
  }

  async offer() {
    this.drop();
    const attempt = this.attempt;
    this.next = performance.now() + SETUP_MS;
    try {
      await this.build(attempt);
    } catch (problem) {
      if (attempt === this.attempt) this.failed(problem);
    }
  }

  async build(attempt) {
    const pc = new RTCPeerConnection({ iceServers: this.data.iceServers, bundlePolicy: "max-bundle" });
    this.pc = pc;
    this.began = this.heard = performance.now();
    this.count = 0;
    this.places = this.lay(pc);
    await this.send();
    const late = gather(pc, (candidates) => this.ask({ candidates }));
    await pc.setLocalDescription(await pc.createOffer());
    await Promise.race([complete(pc), pause(GATHER_MS)]);
    if (attempt !== this.attempt) return;
    const offer = pc.localDescription.sdp;
    const { answer } = await this.ask({ offer });
    if (attempt !== this.attempt) return;
    await pc.setRemoteDescription({ type: "answer", sdp: this.heed(answer) });
    late.after(offer);
  }

  // The next three are another's for a screen (share.js).
  lay(pc) {
    return layPlaces(pc, this.data.places);
  }

  ask(message) {
    return signal({ tab: this.data.tab, ...message });
  }

  heed(answer) {
    return apart(answer, this.places);
  }

  failed(problem) {
    const known = { unknown_tab: REFUSED_MS, not_allowed: REFUSED_MS, malformed: REFUSED_MS };
    this.next = performance.now() + (known[problem.code] ?? RETRY_MS);
    this.pc?.close();
    this.pc = null;
    if (problem.code === "unknown_tab" && this.unknown !== this.data.tab) {
      this.unknown = this.data.tab;
      setTimeout(() => this.comeAnew(), STRANGER_MS);
    }
  }

  // The server is there but does not know us, and the page has brought no other id.
  comeAnew() {
    if (this.wanted && this.data.autostart && this.unknown === this.data.tab) location.reload();
  }

  // What is switched on goes out; nothing is negotiated for that.
  async send() {
    const own = this.places[0];
    if (!own) return;
    await Promise.all([
      own.video.sender.replaceTrack(this.media.sent("video")),
      own.audio.sender.replaceTrack(this.media.sent("audio")),
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
    const stats = this.pc && (await this.pc.getStats().catch(() => null));
    if (stats) this.listen(stats);
    this.judge(performance.now());
    this.told(stats);
  }

  woke(now) {
    this.heard = now;
    this.suspect();
  }

  listen(stats) {
    let count = 0;
    for (const each of stats.values()) {
      if (each.type === "transport" || each.type === "inbound-rtp") count += each.bytesReceived ?? 0;
      if (each.type === "candidate-pair") count += each.responsesReceived ?? 0;
    }
    if (count === this.count) return;
    this.count = count;
    this.heard = performance.now();
    if (this.pc?.connectionState === "connected") {
      this.since = 0;
      this.ever = true;
    }
  }

  judge(now) {
    if (!this.dead(now)) return;
    if (this.since === 0) {
      this.since = now;
      this.next = 0;
    }
    if (now >= this.next) this.offer();
  }

  dead(now) {
    const state = this.pc?.connectionState ?? "closed";
    if (state === "disconnected") this.parted ??= now;
    else this.parted = undefined;
    if (state === "failed" || state === "closed") return true;
    if (state === "disconnected") return now - this.parted > DISCONNECTED_MS;
    if (state !== "connected") return now - this.began > SETUP_MS;
    const doubtful = now - (this.doubted ?? -Infinity) < 2 * SILENT_MS;
    return now - this.heard > (doubtful ? WOKEN_MS : SILENT_MS);
  }
}
