// The advisor's own screen: chosen in the browser's own dialog, sent over a line of its own, seen
// by the advisor as the others see it. The office decides whether it may go out: nothing is sent
// before the page says so, and when the page says that it is over, it is over.

const LEFT_MS = 300; // an element that comes back within this time was only moved
// Small letters are sharp within two seconds if a still picture goes out again and again.
const PICTURES = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 10 } };
const STEADY = { ...PICTURES, frameRate: { min: 5, max: 10 } };
const ENCODING = { maxBitrate: 4e6, maxFramerate: 10 };
const START_KBITS = 2500; // the browser would begin with a tenth of it, and blurred
const FLAG = "beratungsraum-screen"; // this tab was showing something when its page went
const AGAIN_MS = 2000; // Streamlit forgets one of two presses that come at once

class ScreenLine extends Line {
  constructor(told) {
    super({}, told);
    this.track = null;
    this.may = new Promise((done) => (this.allow = done)); // once the office has said yes
  }

  lay(pc) {
    const video = pc.addTransceiver("video", { direction: "sendonly", sendEncodings: [ENCODING] });
    return [{ video, audio: null }];
  }

  async ask(message) {
    await this.may;
    return super.ask({ ...message, screen: true });
  }

  heed(answer) {
    const [, number] = answer.match(/^a=rtpmap:(\d+) VP8\b/m) ?? [];
    const start = `a=fmtp:${number} x-google-start-bitrate=${START_KBITS}\r\n`;
    return number ? answer.replace(/^a=rtpmap:\d+ VP8.*\r\n/m, `$&${start}`) : answer;
  }

  async send() {
    await this.places[0]?.video.sender.replaceTrack(this.track);
  }

  comeAnew() {} // the talk's own line does
}

class Share {
  constructor() {
    this.number = 0; // of the newest press
    this.pending = ""; // what the page has not answered yet, "show" or "hide"
    this.timer = setInterval(() => this.pending && this.page(this.pending, this.number), AGAIN_MS);
    this.state = "idle"; // "choosing", "asking" the office, "shown"
    this.said = ""; // the last sentence about what went wrong
    this.root = make("section", "share");
    this.button = button(this.root, "", () => this.press());
    this.words = make("p", "", this.root);
    this.words.setAttribute("role", "status");
    this.preview = make("video", "", this.root);
    Object.assign(this.preview, { autoplay: true, playsInline: true, muted: true });
  }

  update(data, page, parent) {
    clearTimeout(this.leaving);
    this.data = data;
    this.page = page;
    if (this.root.parentNode !== parent) parent.append(this.root);
    this.line?.update({ ...data, autostart: false });
    this.obey();
    this.draw();
  }

  // What the office has decided.
  obey() {
    const { shown, answered, refused } = this.data;
    if (answered === this.number) this.pending = "";
    if (!shown && !this.stream) sessionStorage.removeItem(FLAG);
    if (this.state === "asking" && answered === this.number) {
      if (shown) this.begin();
      else this.stop(refused);
    } else if (this.state === "shown" && !shown) {
      this.stop(this.data.words.over);
    } else if (this.state === "idle" && shown && sessionStorage.getItem(FLAG)) {
      this.hide(); // the page was loaded anew, and with it the choice is gone
    }
  }

  press() {
    if (this.stream) this.hide();
    else if (this.state === "idle") this.choose();
  }

  async choose() {
    this.state = "choosing";
    this.said = "";
    this.draw();
    try {
      this.stream = await navigator.mediaDevices.getDisplayMedia({
        video: PICTURES,
        audio: false,
        selfBrowserSurface: "exclude",
        surfaceSwitching: "include",
        systemAudio: "exclude",
      });
    } catch (problem) {
      this.stop(this.problem(problem));
      return;
    }
    const [track] = this.stream.getVideoTracks();
    track.contentHint = "text";
    track.addEventListener("ended", () => this.hide());
    await track.applyConstraints(STEADY).catch(() => null); // not every browser can
    if (track.readyState === "live") this.ask(track);
  }

  // The line is made ready meanwhile.
  ask(track) {
    this.state = "asking";
    this.track = track;
    this.tell("show");
    this.line = new ScreenLine(() => this.draw());
    this.line.track = track;
    this.line.update({ ...this.data, autostart: false });
    this.line.start();
    this.draw();
  }

  tell(press) {
    this.pending = press;
    this.number = Date.now();
    this.page(press, this.number);
  }

  begin() {
    this.state = "shown";
    sessionStorage.setItem(FLAG, "1");
    this.line.allow();
  }

  hide() {
    const asked = this.state === "asking" || this.data.shown;
    this.stop("");
    if (asked) this.tell("hide");
  }

  // Nothing of it leaves this device any more, whatever becomes of the page.
  stop(said) {
    sessionStorage.removeItem(FLAG);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.line?.end();
    this.stream = this.line = this.track = null;
    this.state = "idle";
    this.said = said;
    this.draw();
  }

  leave() {
    this.leaving = setTimeout(() => {
      const shown = this.state === "shown";
      this.stop("");
      if (shown) sessionStorage.setItem(FLAG, "1");
      clearInterval(this.timer);
      this.root.remove();
      window.beratungsraumShare = undefined;
    }, LEFT_MS);
  }

  problem({ name, message }) {
    const { problems } = this.data;
    const system = /Mac/.test(navigator.platform) ? "mac" : /Linux/.test(navigator.platform) ? "linux" : "windows";
    if (name === "NotAllowedError" && !/system/i.test(message)) return problems.nothingChosen;
    if (["NotAllowedError", "NotReadableError", "NotFoundError"].includes(name)) return problems[system];
    return problems.other;
  }

  draw() {
    if (!this.data) return;
    const { words, allowed } = this.data;
    const able = Boolean(navigator.mediaDevices?.getDisplayMedia);
    const live = this.state === "shown";
    say(this.button, this.stream ? words.hide : words.show);
    this.button.disabled = !this.stream && (!able || !allowed || this.state !== "idle");
    say(this.words, live ? this.showing(words) : this.waiting(words, able, allowed));
    mark(this.root, "live", live);
    mark(this.words, "bad", Boolean(this.said) && !live);
    if (this.preview.srcObject !== this.stream) this.preview.srcObject = this.stream;
    show(this.preview, live);
    if (live) this.preview.setAttribute("aria-label", words.preview);
  }

  showing(words) {
    if (!this.line.connected) return this.line.ever ? words.lost : words.connecting;
    return words[this.track.getSettings().displaySurface] ?? words.monitor;
  }

  waiting(words, able, allowed) {
    if (!able) return words.unable;
    if (this.state === "choosing") return words.choosing;
    if (this.state === "asking") return words.connecting;
    return this.said || (allowed ? "" : words.notYet);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const share = (window.beratungsraumShare ??= new Share());
  share.update(data, setTriggerValue, parentElement);
  return () => share.leave();
}
