// One's own voice, some seconds of it, played back at once. It never leaves this page.

const SPEAK_MS = 4000;
const HEAR_MS = 3 * SPEAK_MS; // what has not come to its end by then never will

/**
 * Resolves when it has been heard to its end.
 * @param {MediaStreamTrack} track
 * @param {(now: "speak" | "hear") => void} tell what to do next
 */
export async function playBack(track, tell) {
  tell("speak");
  const address = URL.createObjectURL(await spoken(track));
  try {
    tell("hear");
    const voice = new Audio(address);
    const heard = new Promise((done, failed) => {
      voice.onended = done;
      voice.onerror = failed;
      setTimeout(failed, HEAR_MS);
    });
    await Promise.all([voice.play(), heard]);
  } finally {
    URL.revokeObjectURL(address);
  }
}

export function canPlayBack() {
  return Boolean(globalThis.MediaRecorder);
}

/** @param {MediaStreamTrack} track */
async function spoken(track) {
  const keeper = new MediaRecorder(new MediaStream([track]));
  /** @type {Blob[]} */
  const pieces = [];
  keeper.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((done, failed) => {
    keeper.onstop = done;
    keeper.onerror = failed;
  });
  keeper.start();
  setTimeout(() => keeper.state === "recording" && keeper.stop(), SPEAK_MS);
  await stopped; // a track that ends stops it earlier
  return new Blob(pieces, { type: keeper.mimeType });
}
