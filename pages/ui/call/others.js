// The others on the stage: who is at which place of the connection, and what is shown of them, a tile
// for each. Knows no device, and nothing of what may be wrong.

import { mark, show } from "./element.js";

/** @import { Person, Place, Sending, StageData } from "../types.js" */

export class Others {
  /**
   * @param {import("./view.js").View} view
   * @param {import("./line.js").Line} line
   * @param {import("./statistics.js").Watch} watch
   * @param {Sending} media
   */
  constructor(view, line, watch, media) {
    this.view = view;
    this.line = line;
    this.watch = watch;
    this.media = media;
    /** @type {Record<string, Person>} who is at which m-line, once the server has said so */
    this.names = {};
  }

  /**
   * Whether anybody is there.
   * @param {StageData} data
   * @param {() => void} blocked called when the browser lets no sound be heard without a press
   */
  draw(data, blocked) {
    const { view, line, watch } = this;
    let there = 0;
    line.places.forEach((place, number) => {
      const seen = watch.seen[number] ?? {};
      const who = this.who(data, place, number);
      const tile = view.tile(number);
      const named = Boolean(this.names[place.video.mid ?? ""]);
      const shown = data.talking ? seen.there || named : number === 0 && line.ever;
      if (line.connected && line.pc === watch.pc) {
        tile.play(place.stream, blocked);
      }
      const sound = seen.sound || !data.talking; // nobody hears themself before the talk
      const screen = who?.screen ?? !place.audio;
      const still = who?.screen || (!data.talking && this.media.sent("video")); // little comes, or not yet
      const picture = seen.picture || Boolean(still);
      tile.draw({ ...seen, picture, sound, person: who, screen }, data.words);
      show(tile.root, shown);
      if (shown) there += 1;
    });
    for (const tile of view.tiles.slice(line.places.length)) show(tile.root, false);
    view.people.dataset.count = String(there);
    mark(
      view.people,
      "sharing",
      view.tiles.some((t) => !t.root.hidden && t.root.classList.contains("screen")),
    );
    return there > 0;
  }

  /**
   * @param {StageData} data
   * @param {Place} place
   * @param {number} number
   * @returns {Person | null}
   */
  who(data, place, number) {
    const echo = { seat: "", name: data.words.echo, role: "", pinned: false };
    if (!data.talking) return number === 0 ? echo : null;
    return (
      this.names[place.video.mid ?? ""] ??
      (data.people.length === 1 && place.audio ? data.people[0] : null)
    );
  }
}
