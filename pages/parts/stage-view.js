// What is on the page: the others large, oneself small, words over the picture, controls below.
// Draws what it is told, as often as it is told; knows no connection. Text is set as text.

const ICONS = {
  audio: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zm5-3a5 5 0 0 1-10 0H5a7 7 0 0 0 6 6.9V22h2v-3.1A7 7 0 0 0 19 12z",
  video: "M16 10.5V7a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-3.5l5 4v-11z",
  switch: "M12 5V2L7.5 6.5 12 11V7a5 5 0 0 1 4.6 7l1.5 1.5A7 7 0 0 0 12 5zm0 12a5 5 0 0 1-4.6-7L5.9 8.500A7 7 0 0 0 12 19v3l4.500-4.500L12 13z",
  freeze: "M7 5h4v14H7zm6 0h4v14h-4z",
  settings: "M4 7h10v2H4zm12-2h2v6h-2v-2h4V7h-2zM4 15h4v2H4zm6-2h2v6h-2zm4 2h6v2h-6z",
  speaks: "M4 9v6h4l5 5V4L8 9zm12 3a4 4 0 0 0-2-3.500v7A4 4 0 0 0 16 12zm-2-8.300v2.100a6.500 6.500 0 0 1 0 12.400v2.100a8.500 8.500 0 0 0 0-16.600z",
  little: "M4 16h3v4H4zm5-4h3v8H9zm5-4h3v12h-3z",
};
const OFF = "M4.300 3 21 19.700 19.700 21 3 4.300z";

function make(tag, css, parent, words) {
  const element = document.createElement(tag);
  if (css) element.className = css;
  if (words) element.textContent = words;
  parent?.append(element);
  return element;
}

function icon(name, parent) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const shape of [ICONS[name], OFF]) {
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  svg.lastChild.setAttribute("class", "slash");
  parent.append(svg);
}

// Written only when it differs: nothing is announced or laid out anew several times a second.
function say(element, words) {
  if (element.textContent !== (words ?? "")) element.textContent = words ?? "";
  show(element, Boolean(words));
}

function show(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

function mark(element, css, on) {
  if (element.classList.contains(css) !== Boolean(on)) element.classList.toggle(css, Boolean(on));
}

class Tile {
  constructor(parent) {
    this.root = make("figure", "tile");
    parent.insertBefore(this.root, parent.querySelector(".calm"));
    this.video = make("video", "", this.root);
    Object.assign(this.video, { autoplay: true, playsInline: true });
    this.cover = make("div", "cover", this.root);
    this.initial = make("span", "initial", this.cover);
    this.initial.setAttribute("aria-hidden", "true");
    this.off = make("span", "", this.cover);
    const caption = make("figcaption", "", this.root);
    this.speaks = make("span", "speaks", caption);
    icon("speaks", this.speaks);
    this.name = make("bdi", "", caption);
    this.muted = make("span", "badge off", caption);
    icon("audio", this.muted);
    this.mutedWords = make("span", "", this.muted);
    this.zoom = new Zoom(this.root, this.video);
  }

  // `stream` stays while a new connection is being built: the last picture stands.
  play(stream, blocked) {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    else if (!this.video.paused) return;
    this.video.play().catch((problem) => problem.name === "NotAllowedError" && blocked());
  }

  // A face may lose its sides to be larger, as long as half of the picture is left.
  fill(allowed) {
    const { videoWidth, videoHeight } = this.video;
    const [own, room] = [videoWidth / videoHeight, this.root.clientWidth / this.root.clientHeight];
    mark(this.root, "filled", allowed && Math.min(own, room) / Math.max(own, room) > 0.5);
  }

  draw({ person, picture, sound, speaks, screen }, words) {
    const named = [person?.name, person?.role].filter(Boolean).join(" · ");
    say(this.name, screen && named ? words.screen.replace("{name}", person.name) : named);
    say(this.initial, (person?.name ?? "").trim().charAt(0));
    show(this.cover, !picture);
    say(this.off, picture ? "" : words.cameraOff);
    show(this.muted, !sound && !screen);
    say(this.mutedWords, words.microphoneOff);
    show(this.speaks, speaks);
    mark(this.root, "speaking", speaks);
    mark(this.root, "screen", screen);
    this.zoom.draw(Boolean(screen && picture), words);
    mark(this.root, "pinned", person?.pinned);
  }
}

class View {
  constructor(deeds) {
    this.root = make("section", "stage");
    this.people = make("div", "people", this.root);
    this.tiles = [];
    this.calm = make("p", "calm", this.people);
    this.begin = button(this.people, "begin", deeds.start);
    this.self = make("figure", "self", this.people);
    this.own = make("video", "", this.self);
    Object.assign(this.own, { autoplay: true, playsInline: true, muted: true });
    this.ownOff = make("figcaption", "", this.self);
    this.notice = make("div", "notice", this.people);
    this.notice.setAttribute("role", "status");
    this.words = make("p", "", this.notice);
    this.phone = make("a", "", this.notice);
    this.again = button(this.notice, "", deeds.again);
    this.frozen = new Frozen(this.root);
    this.panel = new Panel(this.root, deeds);
    this.controls = make("div", "controls", this.root);
    this.buttons = {};
    for (const [name, deed] of Object.entries(deeds.controls(this))) {
      this.buttons[name] = button(this.controls, name, deed);
      icon(name, this.buttons[name]);
      make("span", "", this.buttons[name]);
    }
    this.fit = () => this.measure();
    addEventListener("resize", this.fit);
  }

  remove() {
    removeEventListener("resize", this.fit);
    this.root.remove();
  }

  // As high as there is room: nobody has to scroll to see whom they talk to.
  measure() {
    const scroller = this.root.closest('[data-testid="stMain"]');
    const top = this.root.getBoundingClientRect().top + (scroller?.scrollTop ?? 0);
    const height = `${Math.floor(innerHeight - Math.max(0, top))}px`;
    if (this.root.style.getPropertyValue("--room") !== height) {
      this.root.style.setProperty("--room", height);
    }
  }

  control(name, words, shown, off = false) {
    const element = this.buttons[name];
    show(element, shown);
    say(element.lastChild, words);
    mark(element, "off", off);
  }

  showOwn(stream, words, mirrored) {
    if (this.own.srcObject !== stream) this.own.srcObject = stream;
    say(this.ownOff, words);
    mark(this.self, "mirrored", mirrored);
  }

  tile(number) {
    this.tiles[number] ??= new Tile(this.people);
    return this.tiles[number];
  }
}

function button(parent, css, deed) {
  const element = make("button", css, parent);
  element.type = "button";
  element.addEventListener("click", deed);
  return element;
}
