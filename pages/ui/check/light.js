// Whether there is something to be seen in a picture.

const DARK = 35; // mean brightness; 255 is white
const ALIKE = 4; // how far brightness strays where everything is of one colour

/**
 * "dark", "empty", or nothing that needs to be said.
 * @param {ArrayLike<number>} pixels red, green, blue and alpha of each, 0 to 255
 */
export function judge(pixels) {
  const bright = [];
  for (let at = 0; at < pixels.length; at += 4) {
    bright.push(0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2]); // BT.601
  }
  const mean = average(bright);
  const strays = Math.sqrt(average(bright.map((each) => (each - mean) ** 2)));
  if (strays < ALIKE) return "empty";
  return mean < DARK ? "dark" : "";
}

/** @param {number[]} numbers */
function average(numbers) {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
