// Twelve children that fill one by one. A click shows one large and picks it as a parent of the
// next brood.

import { fill, gettext, ngettext } from "../core/words.js";
import { brief, breedOn, full, MAX_PARENTS, randomSeed } from "./pedigree.js";
import { portrait } from "./preview.js";
import { paintCard } from "./music/roll.js";

const COUNT = 12;
const SIZE = 192;

// onPick(frame): what a child that was picked looks or sounds like.
export function makeBrood(root, { store, socket, say, onPick }) {
  const strip = root.querySelector("#bench-seedlings");
  const onward = root.querySelector("#bench-breed-on");
  const template = document.getElementById("bench-seedling-template");
  let firstId = 0; // The frames of the present brood carry firstId to firstId + 11.
  const grown = new Map(); // Place in the brood -> the frame that its tile shows.
  let drawn = ""; // The asked recipe whose frames the tiles hold or wait for.

  const tiles = Array.from({ length: COUNT }, (_, index) => {
    const tile = template.content.cloneNode(true).firstElementChild;
    tile.tabIndex = index ? -1 : 0;
    tile.addEventListener("click", () => pick(index));
    tile.addEventListener("keydown", (event) => walk(event, index));
    strip.append(tile);
    return tile;
  });
  root.querySelector("#bench-grow").addEventListener("click", () => grow());
  onward.addEventListener("click", goOn);

  // Ask for a brood around the present child. The answer with its recipes comes at once, the frames
  // one by one.
  function grow() {
    const { recipe } = store.get();
    const asked = brief({ ...recipe, seed: randomSeed() });
    store.note({ brood: { asked, children: [] }, picked: [], shown: null });
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
    firstId = socket.tell({ brood: asked, count: COUNT, size: SIZE }, COUNT);
  }

  function pick(index) {
    const { brood, picked, chosen } = store.get();
    const child = brood?.children[index];
    if (!child) return;
    const isPicked = picked.includes(index);
    if (!isPicked && picked.length === MAX_PARENTS) {
      return say(
        fill(gettext("You can pick at most {most} children as parents."), { most: MAX_PARENTS }),
      );
    }
    const next = isPicked ? picked.filter((other) => other !== index) : [...picked, index];
    if (isPicked) return store.note({ picked: next });
    store.touch(full(child, chosen.length), { also: { picked: next, shown: index } });
    onPick(grown.get(index));
    say(
      fill(gettext("Child {n} picked and enlarged. {count} picked."), {
        n: index + 1,
        count: next.length,
      }),
    );
  }

  async function goOn() {
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
    say(fill(sentence, { n: picked.length }));
  }

  function walk(event, index) {
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
    hear({ id, brood }) {
      const { brood: present } = store.get();
      if (id === firstId && present) store.note({ brood: { ...present, children: brood } });
    },
    // After a reconnect the frames that never came are asked for again.
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
      onward.disabled = !picked.length;
      onward.textContent =
        picked.length > 1
          ? fill(gettext("Breed on with {n}"), { n: picked.length })
          : gettext("Breed on");
    },
  };
}
