// One's own voice, some seconds of it, played back at once. It never leaves this page.

const SPEAK_MS = 4000;
const HEAR_MS = 3 * SPEAK_MS; // what has not come to its end by then never will

/**
 * Resolves when it has been heard to its end.
 * @param {MediaStreamTrack} track
 * @param {AbortSignal} over when the page has gone on: nothing is kept or played any more
 * @param {(now: "speak" | "hear") => void} tell what to do next
 */
export async function playBack(track, over, tell) {
  tell("speak");
  const said = await spoken(track, over);
  over.throwIfAborted();
  const address = URL.createObjectURL(said);
  const voice = new Audio(address);
  try {
    tell("hear");
    const heard = new Promise((done, failed) => {
      voice.onended = done;
      voice.onerror = failed;
      over.addEventListener("abort", failed);
      setTimeout(failed, HEAR_MS);
    });
    await Promise.all([voice.play(), heard]);
  } finally {
    voice.pause();
    URL.revokeObjectURL(address);
  }
}

export function canPlayBack() {
  return Boolean(globalThis.MediaRecorder);
}

/**
 * @param {MediaStreamTrack} track
 * @param {AbortSignal} over
 */
async function spoken(track, over) {
  const keeper = new MediaRecorder(new MediaStream([track]));
  /** @type {Blob[]} */
  const pieces = [];
  keeper.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((done, failed) => {
    keeper.onstop = done;
    keeper.onerror = failed;
  });
  const stop = () => keeper.state === "recording" && keeper.stop();
  over.addEventListener("abort", stop);
  keeper.start();
  setTimeout(stop, SPEAK_MS);
  await stopped; // a track that ends stops it earlier
  return new Blob(pieces, { type: keeper.mimeType });
}
