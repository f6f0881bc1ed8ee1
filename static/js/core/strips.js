// Rows that scroll sideways where they do not fit: tabs and chips. They begin at what is chosen,
// and fade out on each side
// where more of them lies, so that nobody takes the first three for all there are.

const STRIPS = ".tabs, .chips.is-strip, .curate-nav";

function fade(strip) {
  const room = strip.scrollWidth - strip.clientWidth;
  strip.classList.toggle("has-before", strip.scrollLeft > 1);
  strip.classList.toggle("has-after", strip.scrollLeft < room - 1);
}

function settle(strip) {
  const chosen = strip.querySelector("[aria-current], .is-on");
  if (chosen && strip.scrollWidth > strip.clientWidth) {
    const place = chosen.getBoundingClientRect();
    const frame = strip.getBoundingClientRect();
    strip.scrollLeft += place.left + place.width / 2 - (frame.left + frame.width / 2);
  }
  fade(strip);
}

function settleAll(root) {
  for (const strip of root.querySelectorAll(STRIPS)) settle(strip);
}

settleAll(document);
document.addEventListener("htmx:afterSettle", (event) => settleAll(event.target));
document.addEventListener(
  "scroll",
  (event) => event.target.matches?.(STRIPS) && fade(event.target),
  { capture: true, passive: true },
);
addEventListener("resize", () => document.querySelectorAll(STRIPS).forEach(fade));
