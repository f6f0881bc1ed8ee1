// The score on a tune's page: a playhead that follows the player. A click, the arrow keys, Home and
// End seek in the tune.

import { fill, gettext } from "../core/words.js";

const STEP_S = 5;
const stage = document.querySelector("[data-score]");
const roll = stage?.querySelector(".score-roll");
const head = stage?.querySelector(".score-head");
const {
  title,
  maker,
  page,
  play: src,
} = document.querySelector("[data-play][data-is-main]")?.dataset ?? {};
const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const length = Number(stage?.dataset.seconds ?? 0); // Seconds of the notes; the sound fades later.
let at = 0; // Seconds.

function show() {
  const share = length ? Math.min(at / length, 1) : 0;
  head.style.transform = `translateX(${share * roll.clientWidth}px)`;
  stage.setAttribute("aria-valuenow", Math.round(at));
  stage.setAttribute(
    "aria-valuetext",
    fill(gettext("{n} of {all} seconds"), { n: Math.round(at), all: Math.round(length) }),
  );
  const x = share * roll.clientWidth - stage.scrollLeft;
  if (x < 0 || x > stage.clientWidth * 0.85) {
    stage.scrollTo({
      left: share * roll.clientWidth - stage.clientWidth * 0.15,
      behavior: prefersReducedMotion.matches ? "auto" : "smooth",
    });
  }
}

function seek(seconds) {
  at = Math.min(Math.max(seconds, 0), Math.max(length - 0.1, 0));
  document.dispatchEvent(
    new CustomEvent("player:seek", { detail: { track: { src, title, maker, page }, at } }),
  );
  show();
}

if (stage && src) {
  stage.addEventListener("click", (event) => {
    const box = roll.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * length);
  });
  stage.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at + STEP_S, ArrowLeft: at - STEP_S, Home: 0, End: length }[event.key];
    if (to !== undefined) seek(to);
    else if (event.key === " " || event.key === "Enter")
      document.querySelector("[data-play][data-is-main]").click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("player:time", ({ detail }) => {
    if (detail.src !== src) return;
    at = detail.at;
    show();
  });
}
