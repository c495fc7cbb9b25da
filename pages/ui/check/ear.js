// The level of one track, as the browser measures it. Nothing of it is kept.

const SAMPLES = 8192; // what was heard since the last look, or most of it
const MOMENT = 1024; // samples; as short as the loudest part of a word

export class Ear {
  constructor() {
    /** @type {MediaStreamTrack | null} */
    this.track = null;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {AnalyserNode | null} */
    this.analyser = null;
    this.samples = new Float32Array(SAMPLES);
  }

  /** @param {MediaStreamTrack | null} track */
  listen(track) {
    if (track === this.track) return;
    this.end();
    this.track = track;
    if (!track || !globalThis.AudioContext) return;
    this.context = new AudioContext();
    this.analyser = new AnalyserNode(this.context, { fftSize: SAMPLES });
    this.context.createMediaStreamSource(new MediaStream([track])).connect(this.analyser);
  }

  // dBFS of each moment lately; null where it cannot be known, such as before anything was touched.
  levels() {
    if (!this.context || !this.analyser) return null;
    if (this.context.state !== "running") {
      this.context.resume().catch(() => null);
      return null;
    }
    this.analyser.getFloatTimeDomainData(this.samples);
    const levels = [];
    for (let at = 0; at < SAMPLES; at += MOMENT) {
      const moment = this.samples.subarray(at, at + MOMENT);
      const power = moment.reduce((sum, each) => sum + each * each, 0) / MOMENT;
      levels.push(10 * Math.log10(power)); // -Infinity is silence
    }
    return levels;
  }

  end() {
    this.context?.close().catch(() => null);
    this.context = this.analyser = this.track = null;
  }
}
