// A question that is asked on the page is seen with its answers: what stands at the end of the window
// would lie over them.

let asked = "";
let scrolled = true;

export function showQuestion() {
  const question = document.querySelector('p.lead[role="alert"]');
  const now = question?.textContent ?? "";
  if (now !== asked) {
    asked = now;
    scrolled = false; // its answers are drawn by the next look
  } else if (!scrolled) {
    scrolled = true;
    const part = question?.closest('[data-testid="stVerticalBlock"]');
    part?.lastElementChild?.scrollIntoView({ block: "nearest" });
  }
}
