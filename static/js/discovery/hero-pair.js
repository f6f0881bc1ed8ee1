// The pair on the home page. The children between the two parents are drawn in advance, evenly
// spaced, in rows of one picture (a sprite sheet). They play back and forth until somebody takes
// the slider; there are enough of them that one simply follows the other. For people who prefer
// reduced motion, the child half way stands still and only the slider moves it.

import { gettext } from "../core/words.js";

const HALF_WAY_S = 5; // From one parent to the other.
const RETRIES = 40;
const RETRY_MS = 1500;
const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

async function fetchSheet(address) {
  for (let attempt = 0; attempt < RETRIES; attempt += 1) {
    const response = await fetch(address);
    if (response.status === 200) return createImageBitmap(await response.blob());
    if (response.status !== 204) return null;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return null;
}

function play(pair, sheet) {
  const canvas = pair.querySelector("canvas");
  const slider = pair.querySelector("input");
  const pause = pair.querySelector("button");
  const context = canvas.getContext("2d");
  const [last, columns, size] = [
    Number(pair.dataset.frames) - 1,
    Number(pair.dataset.columns),
    Number(pair.dataset.size),
  ];
  let isMoving = !prefersReducedMotion.matches;
  let started = performance.now() - (HALF_WAY_S * 1000) / 2;
  let isInView = true;
  let request = 0;
  let drawn = -1;

  function draw(place) {
    const frame = Math.round(place * last);
    slider.style.setProperty("--fill", `${place * 100}%`);
    if (frame === drawn) return;
    drawn = frame;
    const [left, top] = [(frame % columns) * size, Math.floor(frame / columns) * size];
    context.drawImage(sheet, left, top, size, size, 0, 0, size, size);
    canvas.dataset.frame = String(frame);
  }

  function next() {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(step);
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
    draw(place);
    next();
  }

  slider.addEventListener("input", () => {
    show(false);
    draw(Number(slider.value));
  });
  pause.addEventListener("click", () => show(!isMoving));
  prefersReducedMotion.addEventListener("change", () => {
    slider.value = "0.5";
    draw(0.5);
    show(!prefersReducedMotion.matches);
  });
  new IntersectionObserver(([entry]) => {
    isInView = entry.isIntersecting;
    if (isInView && isMoving) next();
  }).observe(canvas);

  draw(0.5);
  slider.disabled = false;
  pause.hidden = false;
  pair.classList.add("is-drawn");
  show(isMoving);
}

const pair = document.querySelector("[data-pair]");
const sheet = pair && (await fetchSheet(pair.dataset.pair));
if (sheet) play(pair, sheet);
