// The tour of the bench: shown once, at the first visit, after somebody has dragged something or has
// waited for a while; and again from the help menu.

import { fill, gettext } from "../core/words.js";
import { areaFor, boundsOf, lightUp, placeCard, scrollInto, visible } from "./tour-place.js";

const KEY = "arboretum.tour";
const WAIT_MS = 10_000;
const AFTER_DRAG_MS = 1200; // Time to see what the drag did.
const KINDS = ["pointerdown", "pointerup", "change"];
const dialog = document.getElementById("tour");
const card = dialog.querySelector(".tour-card");
const light = dialog.querySelector(".tour-light");
const [skip, back, next] = ["skip", "back", "next"].map((name) =>
  dialog.querySelector(`[data-tour="${name}"]`),
);
const bench = document.getElementById("bench");
const publish = document.getElementById("bench-publish");
const menu = document.getElementById("bench-help");
const again = document.getElementById("bench-tour");
const isAsked = location.hash === "#tour"; // Read before the bench writes its own address.
let stops = [];
let at = 0;
let waiting = 0;

// Without storage it counts as seen, so that nobody gets the tour at every visit.
function isRemembered() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true;
  }
}

function remember() {
  try {
    localStorage.setItem(KEY, "seen");
  } catch {
    // Without storage the tour does not start by itself either.
  }
}

function readStops() {
  const medium = document.getElementById("bench-tune").hidden ? "picture" : "music";
  return [...document.getElementById("tour-stops").content.children].filter(
    ({ dataset }) =>
      (!dataset.medium || dataset.medium === medium) && visible(dataset.target).length,
  );
}

function place() {
  if (!dialog.open) return;
  const targets = visible(stops[at].dataset.target);
  const rim = lightUp(light, boundsOf(targets), areaFor(targets, card));
  placeCard(card, rim, targets);
}

function show(number) {
  at = Math.max(0, Math.min(stops.length - 1, number));
  const stop = stops[at];
  const isLast = at === stops.length - 1;
  dialog.dataset.stop = stop.dataset.key;
  card.querySelector(".tour-place").textContent = fill(gettext("{place} of {count}"), {
    place: at + 1,
    count: stops.length,
  });
  card.querySelector("h2").textContent = stop.querySelector("h2").textContent;
  card.querySelector("#tour-words").textContent = stop.querySelector("p").textContent;
  next.textContent = isLast ? gettext("Start") : gettext("Next");
  skip.hidden = isLast;
  back.disabled = !at;
  if (!at && document.activeElement === document.body) next.focus();
  const targets = visible(stop.dataset.target);
  scrollInto(boundsOf(targets), areaFor(targets, card));
  place();
}

function step(by) {
  if (at + by >= stops.length) return dialog.close();
  show(at + by);
}

function start() {
  clearTimeout(waiting);
  for (const kind of KINDS) bench.removeEventListener(kind, watchDrag);
  stops = readStops();
  if (!stops.length || document.querySelector("dialog[open]")) return;
  dialog.showModal();
  next.focus();
  show(0);
}

function isReady() {
  return !publish.disabled && document.getElementById("bench-error").hidden;
}

// The first picture enables publishing.
function prepare() {
  if (!isReady()) return;
  watch.disconnect();
  again.hidden = false;
  if (isAsked) return start();
  if (isRemembered()) return;
  waiting = setTimeout(start, WAIT_MS);
  for (const kind of KINDS) bench.addEventListener(kind, watchDrag);
}

// A drag calls the tour once it has ended; clicks and keys elsewhere change nothing.
function watchDrag({ target, type }) {
  if (!target.closest("input[type=range], .bench-pad")) return;
  clearTimeout(waiting);
  if (type !== "pointerdown") waiting = setTimeout(start, AFTER_DRAG_MS);
}

const watch = new MutationObserver(prepare);
watch.observe(publish, { attributeFilter: ["disabled"] });

skip.addEventListener("click", () => dialog.close());
back.addEventListener("click", () => step(-1));
next.addEventListener("click", () => step(1));
dialog.addEventListener("close", () => {
  remember();
  scrollTo({ top: 0 });
});
dialog.addEventListener("keydown", (event) => {
  event.stopPropagation(); // The shortcuts of the bench are off meanwhile.
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  if (at + by < stops.length) step(by);
});
again.addEventListener("click", () => {
  menu.open = false;
  menu.querySelector("summary").focus(); // The dialog returns the focus there.
  start();
});
for (const kind of ["scroll", "resize"]) addEventListener(kind, place, { passive: true });
prepare();
