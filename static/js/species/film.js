// The film of how a net learnt. Its stages lie below one another in one sheet; the canvas fades
// from one to the next and shows two rows of four pictures. Without script, and for people who
// prefer reduced motion, the stages remain a list.

import { gettext } from "../core/words.js";

const HOLD_MS = 900;
const LAST_MS = 2600; // The finished pictures stay longer.
const FADE_MS = 500;
const ENLARGE = 4;
const COLUMNS = 4;
const film = document.querySelector("[data-film]");
const canvas = film.querySelector("canvas");
const controls = film.querySelector(".film-controls");
const slider = controls.querySelector("input");
const pause = controls.querySelector("button");
const output = controls.querySelector("output");
const items = [...film.querySelectorAll("[data-words]")];
const step = Number(film.dataset.step);
const context = canvas.getContext("2d");
const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const edge = (step - 1) * ENLARGE;

let isMoving = false;
let isInView = true;
let stage = 0;
let timer = 0;
let frame = 0;

function drawStage(sheet, row, alpha) {
  context.globalAlpha = alpha;
  for (let place = 0; place < 2 * COLUMNS; place += 1) {
    const left = (place % COLUMNS) * (edge + ENLARGE);
    const top = Math.floor(place / COLUMNS) * (edge + ENLARGE);
    context.drawImage(
      sheet,
      place * step + 1,
      row * step + 1,
      step - 1,
      step - 1,
      left,
      top,
      edge,
      edge,
    );
  }
}

function fade(sheet, from, began = performance.now()) {
  cancelAnimationFrame(frame);
  const share = prefersReducedMotion.matches
    ? 1
    : Math.min(1, (performance.now() - began) / FADE_MS);
  drawStage(sheet, from, 1);
  drawStage(sheet, stage, share);
  if (share < 1) frame = requestAnimationFrame(() => fade(sheet, from, began));
}

function show(sheet, wanted) {
  const from = stage;
  stage = wanted;
  slider.value = String(stage);
  output.textContent = items[stage].dataset.words;
  slider.setAttribute("aria-valuetext", items[stage].dataset.words);
  fade(sheet, from);
}

function wait(sheet) {
  clearTimeout(timer);
  if (!isMoving || !isInView) return;
  timer = setTimeout(
    () => {
      show(sheet, (stage + 1) % items.length);
      wait(sheet);
    },
    stage === items.length - 1 ? LAST_MS : HOLD_MS,
  );
}

function move(sheet, moving) {
  isMoving = moving;
  pause.classList.toggle("is-paused", !moving);
  pause.setAttribute("aria-label", moving ? gettext("Pause the film") : gettext("Play the film"));
  wait(sheet);
}

function open(sheet) {
  canvas.width = COLUMNS * (edge + ENLARGE) - ENLARGE;
  canvas.height = 2 * (edge + ENLARGE) - ENLARGE;
  context.imageSmoothingEnabled = film.querySelector(".is-coarse") === null;
  context.imageSmoothingQuality = "high";
  slider.addEventListener("input", () => {
    move(sheet, false);
    show(sheet, Number(slider.value));
  });
  pause.addEventListener("click", () => move(sheet, !isMoving));
  new IntersectionObserver(([entry]) => {
    isInView = entry.isIntersecting;
    wait(sheet);
  }).observe(canvas);
  const follow = () => {
    const isFilm = !prefersReducedMotion.matches;
    film.classList.toggle("is-playing", isFilm);
    canvas.hidden = controls.hidden = !isFilm;
    move(sheet, isFilm);
  };
  prefersReducedMotion.addEventListener("change", follow);
  show(sheet, 0);
  follow();
}

const sheet = new Image();
sheet.src = film.querySelector("image").getAttribute("href");
await sheet.decode();
open(sheet);
