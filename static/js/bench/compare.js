// A seedling under the pointer or the focus, large in the place of the child, with its parents at
// the lower corners and one sentence; a tune also plays. Leaving it brings the child back. A finger
// that rests on a seedling does the same and offers to keep it.

import { fill, gettext } from "../core/words.js";
import { compact, fullRecipe } from "./pedigree.js";

const LETTERS = "ABCD";
const OPEN_MS = 140; // So that a pointer on its way elsewhere opens nothing.
const CLOSE_MS = 90; // So that the gap between two seedlings does not flash.
const SHARP_MS = 350;
const HOLD_MS = 450;
const SHARP_SIZE = 512;
const SLIP = 10; // Pixels that a resting finger may move.

export function makeCompare(root, { store, socket, brood, tune, keep }) {
  const box = root.querySelector("#bench-compare");
  const canvas = box.querySelector("canvas");
  const foot = box.querySelector(".bench-compare-foot");
  const words = box.querySelector(".bench-compare-words");
  const keepButton = box.querySelector(".bench-compare-keep");
  const { seeds, tiles } = brood.seedlings;
  let now = -1; // The seedling that is compared.
  let sharpId = 0; // The id of its large frame.
  let timer = 0;
  let sharpening = 0;
  let isHeld = false; // By a finger: it stays until something else is touched.

  function open(index) {
    clearTimeout(timer);
    const frame = brood.seedlings.frameOf(index);
    const child = store.get().brood?.children[index];
    if (!frame || !child || index === now) return;
    close();
    now = index;
    const { faces, chosen } = store.get();
    const recipe = fullRecipe(child, chosen.length);
    showParents(faces.slice(0, chosen.length));
    words.textContent = describe(index, recipe);
    tiles[index].classList.add("is-compared");
    tiles[index].querySelector(".bench-seedling-mix").textContent = mixture(recipe.weights);
    tiles[index].setAttribute("aria-describedby", words.id);
    keepButton.hidden = !isHeld;
    box.hidden = false;
    if (frame instanceof Blob) {
      drawPicture(frame);
      sharpening = setTimeout(() => sharpen(recipe), SHARP_MS);
    } else tune.audition(frame, canvas);
  }

  // A large frame is asked for only when nothing else waits for the studio.
  function sharpen(recipe) {
    if (!socket.isSettled() || brood.isGrowing() || socket.isHeld()) return;
    sharpId = socket.send({ recipe: compact(recipe), size: SHARP_SIZE });
  }

  async function drawPicture(frame) {
    const index = now;
    const bitmap = await createImageBitmap(frame);
    if (index === now) {
      const context = canvas.getContext("2d", { alpha: false });
      if (canvas.width !== SHARP_SIZE || canvas.height !== SHARP_SIZE)
        canvas.width = canvas.height = SHARP_SIZE;
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    }
    bitmap.close();
  }

  function showParents(faces) {
    const figures = faces.map((face, at) => {
      const figure = document.createElement("figure");
      const image = Object.assign(document.createElement("img"), { alt: "", src: face });
      const letter = document.createElement("span");
      image.hidden = !face;
      letter.className = "bench-letter";
      letter.textContent = LETTERS[at];
      figure.append(image, letter);
      return figure;
    });
    const half = Math.ceil(figures.length / 2);
    foot.replaceChildren(...figures.slice(0, half), words, ...figures.slice(half));
  }

  function close() {
    clearTimeout(timer);
    clearTimeout(sharpening);
    sharpId = 0;
    if (now < 0) return;
    tiles[now].classList.remove("is-compared");
    tiles[now].removeAttribute("aria-describedby");
    now = -1;
    box.hidden = true;
    tune.endAudition();
  }

  function openSoon(index) {
    clearTimeout(timer);
    timer = setTimeout(() => open(index), now < 0 ? OPEN_MS : 0);
  }

  function closeSoon() {
    clearTimeout(timer);
    timer = setTimeout(close, CLOSE_MS);
  }

  function watchFinger(event, index) {
    const { clientX, clientY } = event;
    const hold = setTimeout(() => {
      isHeld = true;
      open(index);
    }, HOLD_MS);
    const end = (move) => {
      const isSteady = Math.hypot(move.clientX - clientX, move.clientY - clientY) < SLIP;
      if (move.type === "pointermove" && isSteady) return;
      clearTimeout(hold);
      for (const kind of ["pointermove", "pointerup", "pointercancel"])
        removeEventListener(kind, end);
    };
    for (const kind of ["pointermove", "pointerup", "pointercancel"]) addEventListener(kind, end);
  }

  seeds.forEach((seed, index) => {
    seed.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse" && !event.buttons) openSoon(index);
    });
    seed.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") closeSoon();
    });
    seed.addEventListener("focusin", ({ target }) => {
      if (target.matches(":focus-visible")) open(index);
    });
    seed.addEventListener("focusout", () => !isHeld && closeSoon());
    seed.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse") watchFinger(event, index);
    });
    seed.addEventListener("contextmenu", (event) => isHeld && event.preventDefault());
    // The click that ends a long press picks nothing; any other one shows the child itself.
    seed.addEventListener(
      "click",
      (event) => {
        if (isHeld && now === index) return event.stopPropagation();
        if (!event.target.closest(".bench-seed-keep")) close();
      },
      { capture: true },
    );
  });
  keepButton.addEventListener("click", () => {
    keep(now);
    isHeld = false;
    close();
  });
  document.addEventListener(
    "pointerdown",
    ({ target }) => {
      if (!isHeld || box.contains(target)) return;
      isHeld = false;
      close();
    },
    { capture: true },
  );

  return {
    close,
    owns: (id) => id > 0 && id === sharpId,
    draw: drawPicture,
  };
}

function mixture(weights) {
  if (weights.length < 2) return "";
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights
    .map((weight, at) => `${Math.round((100 * weight) / sum)} % ${LETTERS[at]}`)
    .join(" · ");
}

function describe(index, { operator, weights, mutation_rate: rate }) {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const most = weights.indexOf(Math.max(...weights));
  const isNear = weights.length > 1 && weights[most] / sum > 1 / weights.length + 0.06;
  const values = { n: index + 1, parent: LETTERS[most], rate: Math.round(100 * rate) };
  if (weights.length < 2) return fill(gettext("Seedling {n}: {rate} % new"), values);
  if (operator === "crossover")
    return fill(
      isNear
        ? gettext("Seedling {n}: whole parts of each, most from {parent}")
        : gettext("Seedling {n}: whole parts of each"),
      values,
    );
  return fill(
    isNear
      ? gettext("Seedling {n}: melted, nearer to {parent}")
      : gettext("Seedling {n}: melted, in the middle"),
    values,
  );
}
