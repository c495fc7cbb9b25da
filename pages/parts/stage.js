// The stage: this device's camera and microphone, the connection, and what is seen of it, as one.
// Lives on the window from the first mount to the last: Streamlit may build its element anew.

const LEAVE_MS = 300; // an element that comes back within this time was only moved
const LITTLE_KEPT = "beratungsraum-wenig"; // in sessionStorage
const LATE_MS = 10_000;
const BUTTON_MS = 20_000;
const PHONE_MS = 40_000;

class Stage {
  constructor() {
    this.names = window.beratungsraumLive?.newest.places ?? {}; // who is at which m-line, once the server has said so
    this.media = new Media(() => this.devicesChanged());
    this.watch = new Watch();
    this.watch.little = Boolean(sessionStorage.getItem(LITTLE_KEPT));
    this.line = new Line(this.media, (stats) => this.told(stats));
    this.view = new View(this.deeds());
    this.hear = ({ detail }) => {
      this.names = detail;
      this.draw();
    };
    addEventListener("beratungsraum:places", this.hear);
  }

  deeds() {
    const caught = (deed) => (...given) => {
      this.problem = undefined;
      deed(...given).catch((problem) => this.failed(problem));
    };
    return {
      start: () => this.start(),
      again: () => this.again(),
      choose: caught((kind, id) => this.media.choose(kind, id)),
      little: () => this.toggleLittle(),
      controls: (view) => ({
        audio: caught(() => this.media.toggle("audio")),
        video: caught(() => this.media.toggle("video")),
        switch: caught(() => this.media.nextCamera()),
        freeze: () => this.freeze(),
        settings: () => this.openPanel(view),
      }),
    };
  }

  update(data, parent) {
    clearTimeout(this.leaving);
    if (this.data && this.data.talking !== data.talking) {
      this.watch.forget();
      this.line.hurry();
    }
    this.data = data;
    if (this.view.root.parentNode !== parent) parent.append(this.view.root);
    this.view.root.setAttribute("aria-label", data.words.stage);
    this.line.update(data);
    if (data.autostart && !this.line.wanted && !this.starting && !this.problem) this.start();
    if (!data.camera && this.media.tracks.video) this.media.drop("video");
    this.draw();
  }

  leave() {
    this.leaving = setTimeout(() => this.end(), LEAVE_MS);
  }

  end() {
    removeEventListener("beratungsraum:places", this.hear);
    this.line.end();
    this.media.stop();
    this.view.remove();
    if (window.beratungsraumStage === this) window.beratungsraumStage = undefined;
  }

  async start() {
    this.starting = true;
    this.problem = this.lack = undefined;
    this.draw();
    try {
      this.lack = await this.media.start(this.data.camera);
      this.line.start();
    } catch (problem) {
      this.failed(problem);
    }
    this.starting = false;
    this.draw();
  }

  // By hand, after it has not come back by itself.
  again() {
    this.blocked = false;
    for (const tile of this.view.tiles) tile.video.play().catch(() => null);
    if (!this.line.connected) this.line.offer();
  }

  failed(problem) {
    this.problem = problem.name;
    this.draw();
  }

  devicesChanged() {
    if (!this.line) return;
    this.line.send().catch(() => null); // the connection has just been closed
    this.draw();
  }

  toggleLittle() {
    this.watch.little = !this.watch.little;
    sessionStorage.setItem(LITTLE_KEPT, this.watch.little ? "1" : "");
    this.sayLittle();
    this.draw();
  }

  // The others' pictures, too; a new line of ours has to hear it anew.
  sayLittle() {
    const { little } = this.watch;
    const said = `${this.data.tab} ${little}`;
    if (this.said === said || (!little && !this.said)) return;
    this.said = said;
    signal({ tab: this.data.tab, little }).catch(() => (this.said = undefined));
  }

  openPanel({ panel, buttons }) {
    panel.root.hidden = !panel.root.hidden;
    buttons.settings.setAttribute("aria-expanded", String(!panel.root.hidden));
  }

  freeze() {
    const large = this.view.tiles.find((tile) => !tile.root.hidden && tile.video.videoWidth);
    if (large) this.view.frozen.halt(large.video, this.data.words);
  }

  told(stats) {
    if (stats && this.line.pc && this.line.places.length) this.watch.look(this.line, stats);
    if (this.line.connected) this.sayLittle();
    this.draw();
  }

  draw() {
    const { data, view, line } = this;
    if (!data) return;
    view.measure();
    mark(view.root, "talking", data.talking);
    mark(view.root, "desk", data.freeze);
    const interrupted = line.ever && line.since > 0;
    mark(view.people, "interrupted", interrupted);
    // The last picture stands until there is another one.
    if (!interrupted) this.there = this.drawTiles();
    say(view.begin, line.wanted || this.starting ? "" : data.words.start);
    this.drawOwn();
    this.drawNotice();
    say(view.calm, this.there || !view.notice.hidden ? "" : data.alone);
    this.drawControls();
    view.panel.draw(this);
  }

  drawTiles() {
    const { data, view, line, watch } = this;
    let there = 0;
    line.places.forEach((place, number) => {
      const seen = watch.seen[number] ?? {};
      const who = this.who(place, number);
      const tile = view.tile(number);
      const shown = data.talking ? seen.there || Boolean(this.names[place.video.mid]) : number === 0 && line.ever;
      if (line.connected && line.pc === watch.pc) tile.play(place.stream, () => (this.blocked = true));
      const sound = seen.sound || !data.talking; // nobody hears themself before the talk
      const screen = who?.screen ?? !place.audio;
      const still = who?.screen || (!data.talking && this.media.sent("video")); // little comes, or not yet
      const picture = seen.picture || Boolean(still);
      tile.draw({ ...seen, picture, sound, person: who, screen }, data.words);
      show(tile.root, shown);
      there += shown;
    });
    for (const tile of view.tiles.slice(line.places.length)) show(tile.root, false);
    view.people.dataset.count = there;
    mark(view.people, "sharing", view.tiles.some((t) => !t.root.hidden && t.root.classList.contains("screen")));
    return there > 0;
  }

  who(place, number) {
    const { data } = this;
    if (!data.talking) return number === 0 ? { name: data.words.echo } : null;
    return this.names[place.video.mid] ?? (data.people.length === 1 && place.audio ? data.people[0] : null);
  }

  drawOwn() {
    const { data, view, media } = this;
    const track = media.sent("video");
    show(view.self, data.talking && this.line.wanted);
    if (track !== this.ownTrack) {
      this.ownTrack = track;
      this.ownStream = track ? new MediaStream([track]) : null;
    }
    const mirrored = track?.getSettings().facingMode !== "environment";
    view.showOwn(this.ownStream, track ? "" : data.words.ownCameraOff, mirrored);
  }

  drawNotice() {
    const { data, view } = this;
    const { words, problems } = data;
    const waited = this.line.wanted && this.line.since ? performance.now() - this.line.since : 0;
    let text = "";
    if (this.problem) text = problems[this.problem] ?? problems.Error;
    else if (waited) text = this.line.ever ? words.lost : waited > LATE_MS ? words.late : words.connecting;
    else if (this.blocked) text = words.blocked;
    else if (this.media.lost.video || this.media.lost.audio) text = words.taken;
    else if (this.lack && !data.talking) text = this.lacking(words);
    say(view.words, text);
    show(view.phone, waited > PHONE_MS && Boolean(data.phone));
    view.phone.href = `tel:${data.phone.replace(/[^\d+]/g, "")}`;
    say(view.phone, waited > PHONE_MS ? words.call.replace("{phone}", data.phone) : "");
    say(view.again, waited > BUTTON_MS ? words.again : this.blocked ? words.hear : "");
    show(view.notice, Boolean(text));
    mark(view.notice, "serious", Boolean(this.problem) || waited > 0);
  }

  lacking(words) {
    const { tracks } = this.media;
    if (!tracks.video) return words.noCamera;
    return tracks.audio ? "" : words.noMicrophone;
  }

  drawControls() {
    const { data, view, media, line } = this;
    const { words } = data;
    const on = line.wanted;
    view.control("audio", media.off.audio ? words.microphoneOn : words.microphoneTurnOff, on, media.off.audio);
    view.control("video", media.tracks.video && !media.off.video ? words.cameraTurnOff : words.cameraOn, on && data.camera, !media.tracks.video);
    view.control("switch", words.nextCamera, on && media.cameras.length > 1 && Boolean(media.tracks.video));
    view.control("freeze", words.freeze, on && data.freeze && data.talking);
    view.control("settings", words.settings, true);
  }
}

export default function ({ data, parentElement }) {
  const stage = (window.beratungsraumStage ??= new Stage());
  stage.update(data, parentElement);
  return () => stage.leave();
}
