// The pair on the home page. The frames between the two parents are drawn in advance and lie side
// by side in one picture (a sprite sheet). They play back and forth until somebody takes the
// slider. For people who prefer reduced motion, only the slider moves them.

import { gettext } from "../core/words.js";

const HALF_WAY_S = 5; // From one parent to the other.
const RETRIES = 20;
const RETRY_MS = 1500;
const pair = document.querySelector("[data-pair]");
const canvas = pair.querySelector("canvas");
const slider = pair.querySelector("input");
const pause = pair.querySelector("button");
const context = canvas.getContext("2d");
const frames = Number(pair.dataset.frames);
const size = Number(pair.dataset.size);
const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

async function fetchSheet() {
  for (let attempt = 0; attempt < RETRIES; attempt += 1) {
    const response = await fetch(pair.dataset.sheet);
    if (response.status === 200) return createImageBitmap(await response.blob());
    if (response.status !== 204) return null;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return null;
}

function draw(sheet, place) {
  const exact = place * (frames - 1);
  const before = Math.min(frames - 2, Math.floor(exact));
  context.globalAlpha = 1;
  context.drawImage(sheet, before * size, 0, size, size, 0, 0, size, size);
  context.globalAlpha = exact - before;
  context.drawImage(sheet, (before + 1) * size, 0, size, size, 0, 0, size, size);
}

function play(sheet) {
  let isMoving = !prefersReducedMotion.matches;
  let started = performance.now() - (HALF_WAY_S * 1000) / 2;
  let isInView = true;
  let frame = 0;

  function next() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(step);
  }

  function show(moving) {
    isMoving = moving;
    pause.setAttribute("aria-pressed", String(!moving));
    pause.setAttribute(
      "aria-label",
      moving ? gettext("Pause the animation") : gettext("Play the animation"),
    );
    pause.classList.toggle("is-paused", !moving);
    if (!moving) return;
    const place = Number(slider.value);
    started = performance.now() - (Math.acos(1 - 2 * place) / Math.PI) * HALF_WAY_S * 1000;
    next();
  }

  function step(now) {
    if (!isMoving || !isInView) return;
    const place = (1 - Math.cos((Math.PI * (now - started)) / (HALF_WAY_S * 1000))) / 2;
    slider.value = String(place);
    draw(sheet, place);
    next();
  }

  slider.addEventListener("input", () => {
    show(false);
    draw(sheet, Number(slider.value));
  });
  pause.addEventListener("click", () => show(!isMoving));
  prefersReducedMotion.addEventListener("change", () => show(!prefersReducedMotion.matches));
  new IntersectionObserver(([entry]) => {
    isInView = entry.isIntersecting;
    if (isInView && isMoving) next();
  }).observe(canvas);

  draw(sheet, 0.5);
  slider.disabled = false;
  pause.hidden = false;
  pair.classList.add("is-drawn");
  show(isMoving);
}

const sheet = await fetchSheet();
if (sheet) play(sheet);
