// The line a shown screen goes out over: one sharp picture, no sound, and nothing that comes in. It
// waits until the office has said yes. Knows neither the page nor where the picture is from.

import { Line } from "./line.js";

const ENCODING = { maxBitrate: 4e6, maxFramerate: 10 };
const START_KBITS = 2500; // the browser would begin with a tenth of it, and blurred

/** @import { Place } from "../types.js" */

export class ScreenLine extends Line {
  /** @param {() => void} told */
  constructor(told) {
    super(null, told);
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    this.allow = () => {};
    /** @type {Promise<void>} once the office has said yes */
    this.may = new Promise((done) => {
      this.allow = done;
    });
  }

  /**
   * @override
   * @param {RTCPeerConnection} pc
   * @returns {Place[]}
   */
  lay(pc) {
    const video = pc.addTransceiver("video", { direction: "sendonly", sendEncodings: [ENCODING] });
    return [{ video, audio: null, stream: null }];
  }

  /**
   * @override
   * @param {object} message
   * @returns {Promise<any>}
   */
  async ask(message) {
    await this.may;
    return super.ask({ ...message, screen: true });
  }

  /**
   * @override
   * @param {string} answer
   */
  heed(answer) {
    const [, number] = answer.match(/^a=rtpmap:(\d+) VP8\b/m) ?? [];
    const start = `a=fmtp:${number} x-google-start-bitrate=${START_KBITS}\r\n`;
    return number ? answer.replace(/^a=rtpmap:\d+ VP8.*\r\n/m, `$&${start}`) : answer;
  }

  /** @override */
  async send() {
    await this.places[0]?.video.sender.replaceTrack(this.track);
  }

  /** The talk's own line does. @override */
  comeAnew() {}
}
