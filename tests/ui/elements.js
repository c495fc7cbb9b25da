// Elements of a page in node: what our modules do to them, and nothing is drawn.

class Element extends EventTarget {
  textContent = "";
  className = "";
  hidden = false;
  disabled = false;
  style = {};
  attributes = {};
  children = [];

  constructor(tag) {
    super();
    this.tag = tag;
  }

  append(...children) {
    for (const child of children) {
      this.children.push(child);
      child.parent = this;
    }
  }

  remove() {
    this.parent.children = this.parent.children.filter((each) => each !== this);
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  click() {
    this.dispatchEvent(new Event("click"));
  }
}

/** How far a video is. */
export const video = { readyState: 2, paused: false };
globalThis.HTMLMediaElement = { HAVE_CURRENT_DATA: 2 };

/** What a canvas is painted with next: red, green, blue, alpha of each pixel. */
export const paint = { pixels: [] };

export function element(tag) {
  const made = new Element(tag);
  if (tag === "video") {
    const how = {
      readyState: { get: () => video.readyState },
      paused: { get: () => video.paused },
    };
    Object.defineProperties(made, how);
    made.play = async () => {};
  }
  if (tag === "canvas") {
    const context = { drawImage() {}, getImageData: () => ({ data: paint.pixels }) };
    made.getContext = () => context;
  }
  return made;
}

document.createElement = element;
globalThis.MediaStream ??= class {
  constructor(tracks) {
    this.tracks = tracks;
  }
};
