// The tiles of the brood: their pictures, ticks, and the way through them by arrow keys.

import { fill, gettext } from "../core/words.js";
import { paintCard } from "./music/roll.js";

const LABELS = {
  grown: gettext("Child {n} of {all}"),
  withheld: gettext("Child {n} of {all}, not shown"),
  empty: gettext("Child {n} of {all}, still growing"),
};

export function makeSeedlings(strip, { count, size, onPick }) {
  const template = document.getElementById("bench-seedling-template");
  const frames = new Map(); // Index in the brood -> the frame that its tile shows.
  const seeds = Array.from({ length: count }, (_, index) => {
    const seed = template.content.cloneNode(true).firstElementChild;
    const tile = seed.querySelector(".bench-seedling");
    seed.dataset.seedling = String(index);
    seed.draggable = matchMedia("(hover: hover)").matches; // A finger that rests compares.
    seed
      .querySelector(".bench-seed-keep")
      .setAttribute("aria-label", fill(gettext("Keep child {n} in the pocket"), { n: index + 1 }));
    tile.tabIndex = index ? -1 : 0;
    tile.addEventListener("click", () => onPick(index));
    tile.addEventListener("keydown", (event) => moveFocus(event, index));
    return seed;
  });
  const tiles = seeds.map((seed) => seed.querySelector(".bench-seedling"));
  strip.replaceChildren(...seeds);

  function moveFocus(event, index) {
    const columns = getComputedStyle(strip).gridTemplateColumns.split(" ").length;
    const to = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      ArrowDown: index + columns,
      ArrowUp: index - columns,
      Home: 0,
      End: count - 1,
    };
    const next = tiles[to[event.key]];
    if (!next) return;
    event.preventDefault();
    tiles[index].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  return {
    tiles,
    seeds,
    frameOf: (index) => frames.get(index),
    canvasOf: (index) => tiles[index].querySelector("canvas"),
    isGrown: () => tiles.every(({ dataset }) => ["grown", "withheld"].includes(dataset.state)),
    isWithheld: (index) => tiles[index].dataset.state === "withheld",
    // The studio does not show this child. sentence: why.
    withhold(index, sentence) {
      frames.delete(index);
      tiles[index].dataset.state = "withheld";
      tiles[index].title = sentence;
    },
    // The pictures stay, pale, until others replace them.
    age() {
      frames.clear();
      for (const tile of tiles) {
        tile.dataset.state = ["empty", "withheld"].includes(tile.dataset.state) ? "empty" : "old";
        tile.removeAttribute("title");
      }
    },
    // isOwn(): whether the frame still belongs to the brood, once it is decoded.
    async draw(index, frame, isOwn) {
      const canvas = tiles[index].querySelector("canvas");
      if (frame instanceof Blob) {
        const bitmap = await createImageBitmap(frame);
        if (!isOwn()) return;
        canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0, size, size);
        bitmap.close();
      } else paintCard(canvas, frame);
      frames.set(index, frame);
      tiles[index].dataset.state = "grown";
    },
    show(picked, shown) {
      tiles.forEach((tile, index) => {
        tile.setAttribute("aria-pressed", String(picked.includes(index)));
        tile.classList.toggle("is-shown", index === shown);
        const label = LABELS[tile.dataset.state] ?? LABELS.empty;
        tile.setAttribute("aria-label", fill(label, { n: index + 1, all: count }));
      });
    },
  };
}
