// Twelve children that appear one by one. A click enlarges a child and picks it as a parent of the
// next brood.

import { fill, gettext, ngettext } from "../core/words.js";
import { breedOn, compact, fullRecipe, MAX_PARENTS, randomSeed } from "./pedigree.js";
import { paintCard } from "./music/roll.js";
import { portrait } from "./preview.js";

const COUNT = 12;
const SIZE = 192;

// onPick(frame): called with the picture or the notes of a child that was picked.
export function makeBrood(root, { store, socket, announce, onPick }) {
  const strip = root.querySelector("#bench-seedlings");
  const breedButton = root.querySelector("#bench-breed-on");
  const template = document.getElementById("bench-seedling-template");
  let firstId = 0; // The frames of the present brood carry firstId to firstId + 11.
  const grown = new Map(); // Index in the brood -> the frame that its tile shows.
  let drawn = ""; // The requested recipe whose frames the tiles show or wait for, as JSON.

  const tiles = Array.from({ length: COUNT }, (_, index) => {
    const tile = template.content.cloneNode(true).firstElementChild;
    tile.tabIndex = index ? -1 : 0;
    tile.addEventListener("click", () => pick(index));
    tile.addEventListener("keydown", (event) => moveFocus(event, index));
    strip.append(tile);
    return tile;
  });
  root.querySelector("#bench-grow").addEventListener("click", () => grow());
  breedButton.addEventListener("click", breedPicked);

  // Requests a brood around the present child. The answer with the recipes comes at once, the
  // frames one by one.
  function grow() {
    const { recipe } = store.get();
    const asked = compact({ ...recipe, seed: randomSeed() });
    store.update({ brood: { asked, children: [] }, picked: [], shown: null });
  }

  function clear() {
    drawn = "";
    firstId = 0;
    grown.clear();
    for (const tile of tiles) tile.dataset.state = "empty";
  }

  function request(asked) {
    clear();
    drawn = JSON.stringify(asked);
    firstId = socket.send({ brood: asked, count: COUNT, size: SIZE }, COUNT);
  }

  function pick(index) {
    const { brood, picked, chosen } = store.get();
    const child = brood?.children[index];
    if (!child) return;
    const isPicked = picked.includes(index);
    if (!isPicked && picked.length === MAX_PARENTS) {
      return announce(
        fill(gettext("You can pick at most {most} children as parents."), { most: MAX_PARENTS }),
      );
    }
    const next = isPicked ? picked.filter((other) => other !== index) : [...picked, index];
    if (isPicked) return store.update({ picked: next });
    store.touch(fullRecipe(child, chosen.length), { also: { picked: next, shown: index } });
    onPick(grown.get(index));
    announce(
      fill(gettext("Child {n} picked and enlarged. {count} picked."), {
        n: index + 1,
        count: next.length,
      }),
    );
  }

  async function breedPicked() {
    const { brood, picked } = store.get();
    if (!picked.length) return;
    const faces = await Promise.all(
      picked.map((index) => portrait(tiles[index].querySelector("canvas"))),
    );
    store.step(
      breedOn(
        store.get(),
        picked.map((index) => brood.children[index]),
        faces,
      ),
    );
    const sentence = ngettext(
      "The child is now the parent. A new brood is growing.",
      "{n} children are now the parents. A new brood is growing.",
      picked.length,
    );
    announce(fill(sentence, { n: picked.length }));
  }

  function moveFocus(event, index) {
    const columns = getComputedStyle(strip).gridTemplateColumns.split(" ").length;
    const to = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      ArrowDown: index + columns,
      ArrowUp: index - columns,
      Home: 0,
      End: 11,
    };
    const next = tiles[to[event.key]];
    if (!next) return;
    event.preventDefault();
    tiles[index].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  return {
    grow,
    // True when the frame belongs to this brood.
    async draw(id, frame) {
      const tile = tiles[id - firstId];
      if (!firstId || !tile) return false;
      const canvas = tile.querySelector("canvas");
      grown.set(id - firstId, frame);
      if (frame instanceof Blob) {
        const bitmap = await createImageBitmap(frame);
        canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0, SIZE, SIZE);
        bitmap.close();
      } else paintCard(canvas, frame);
      tile.dataset.state = "grown";
      return true;
    },
    isGrowing: () => firstId > 0 && tiles.some((tile) => tile.dataset.state !== "grown"),
    isGrown: () => tiles.every((tile) => tile.dataset.state === "grown"),
    owns: (id) => firstId > 0 && id >= firstId && id < firstId + COUNT,
    receive({ id, brood }) {
      const { brood: present } = store.get();
      if (id === firstId && present) store.update({ brood: { ...present, children: brood } });
    },
    // After a reconnect the missing frames are requested again.
    resume() {
      if (tiles.some((tile) => tile.dataset.state === "empty")) drawn = "";
    },
    show({ brood, picked, shown }) {
      if (brood && JSON.stringify(brood.asked) !== drawn) request(brood.asked);
      if (!brood) clear();
      tiles.forEach((tile, index) => {
        tile.setAttribute("aria-pressed", String(picked.includes(index)));
        tile.classList.toggle("is-shown", index === shown);
        const isGrown = tile.dataset.state === "grown";
        const label = isGrown
          ? gettext("Child {n} of {all}")
          : gettext("Child {n} of {all}, still growing");
        tile.setAttribute("aria-label", fill(label, { n: index + 1, all: COUNT }));
      });
      breedButton.disabled = !picked.length;
      breedButton.textContent =
        picked.length > 1
          ? fill(gettext("Breed on with {n}"), { n: picked.length })
          : gettext("Breed on");
    },
  };
}
