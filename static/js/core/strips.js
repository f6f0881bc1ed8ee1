// Rows of tabs and chips that scroll sideways where they do not fit. They start at the chosen item,
// and fade out on each side where more items follow, so that nobody takes the visible ones for all.

const STRIPS = ".tabs, .chips.is-strip, .curate-nav";

function fade(strip) {
  const hidden = strip.scrollWidth - strip.clientWidth;
  strip.classList.toggle("has-before", strip.scrollLeft > 1);
  strip.classList.toggle("has-after", strip.scrollLeft < hidden - 1);
}

function scrollToChosen(strip) {
  const chosen = strip.querySelector("[aria-current], .is-on");
  if (chosen && strip.scrollWidth > strip.clientWidth) {
    const place = chosen.getBoundingClientRect();
    const frame = strip.getBoundingClientRect();
    strip.scrollLeft += place.left + place.width / 2 - (frame.left + frame.width / 2);
  }
  fade(strip);
}

function scrollAllToChosen(root) {
  for (const strip of root.querySelectorAll(STRIPS)) scrollToChosen(strip);
}

scrollAllToChosen(document);
document.addEventListener("htmx:afterSettle", (event) => scrollAllToChosen(event.target));
document.addEventListener(
  "scroll",
  (event) => event.target.matches?.(STRIPS) && fade(event.target),
  { capture: true, passive: true },
);
addEventListener("resize", () => document.querySelectorAll(STRIPS).forEach(fade));
