// Twelve children that appear one by one. A click enlarges a child and picks it as a parent of the
// next brood. When the sliders have moved on, a new brood grows as soon as they rest.

import { fill, gettext, ngettext } from "../core/words.js";
import { breedOn, compact, fullRecipe, isSameRecipe, MAX_PARENTS, randomSeed } from "./pedigree.js";
import { portrait } from "./preview.js";
import { makeSeedlings } from "./seedlings.js";

export const COUNT = 12;
const SIZE = 192;
const REST_MS = 600;
const SLOW_MS = 9000; // A species that takes longer for a brood grows one only on request.

// The number of the child that the preview shows, or -1.
export function shownChild({ brood, recipe }) {
  return (brood?.children ?? []).findIndex((child) =>
    isSameRecipe(fullRecipe(child, recipe.weights.length), recipe),
  );
}

// Whether the brood was grown from other sliders. Its seeds are its own, so a roll does not count.
function isStale(state) {
  const { brood, recipe } = state;
  if (!brood || shownChild(state) >= 0) return false;
  return !isSameRecipe({ ...brood.asked, seed: 0 }, { ...recipe, seed: 0 });
}

// onPick(frame): called with the picture or the notes of a child that was picked. develop: paints the
// broods of slow species.
export function makeBrood(root, { store, socket, develop, announce, onPick }) {
  const breedButton = root.querySelector("#bench-breed-on");
  const older = root.querySelector("#bench-older");
  let firstId = 0; // The frames of the present brood carry firstId to firstId + 11.
  let askedAt = 0;
  let isSlow = false;
  let drawn = ""; // The requested recipe whose frames the tiles show or wait for, as JSON.
  let seen = ""; // What the timer of the rest belongs to.
  let rest = 0;
  const seedlings = makeSeedlings(root.querySelector("#bench-seedlings"), {
    count: COUNT,
    size: SIZE,
    onPick: pick,
  });

  root.querySelector("#bench-grow").addEventListener("click", () => grow());
  root.querySelector("#bench-regrow").addEventListener("click", () => {
    grow();
    seedlings.tiles[0].focus();
  });
  breedButton.addEventListener("click", breedPicked);

  // Requests a brood around the present child. The answer with the recipes comes at once, the
  // frames one by one.
  function grow() {
    if (root.dataset.genes === "no") return;
    const { recipe } = store.get();
    const asked = compact({ ...recipe, seed: randomSeed() });
    if (develop.isSlow()) return develop.start(asked);
    store.update({ brood: { asked, children: [] }, picked: [] });
  }

  function request(asked) {
    seedlings.age();
    drawn = JSON.stringify(asked);
    firstId = 0;
    if (store.get().brood.job) return; // Its pictures come from there.
    firstId = socket.send({ brood: asked, count: COUNT, size: SIZE }, COUNT);
    askedAt = performance.now();
  }

  function clear() {
    drawn = "";
    firstId = 0;
    seedlings.age();
  }

  // Sliders that rest give a new brood, once, after the preview. Picked children are not thrown
  // away, and a slow studio is not asked: then the old brood says that it is old.
  function watchRest(state) {
    const { brood, picked, recipe } = state;
    const now = JSON.stringify([brood?.asked, picked, compact(recipe)]);
    if (now === seen) return;
    seen = now;
    clearTimeout(rest);
    showAge(false);
    if (isStale(state)) rest = setTimeout(atRest, REST_MS);
  }

  function atRest() {
    const mayGrow = !(store.get().picked.length || isSlow || develop.isSlow() || socket.isHeld());
    if (!mayGrow) return showAge(true);
    if (!socket.isSettled()) return (rest = setTimeout(atRest, REST_MS / 3));
    return grow();
  }

  function showAge(isOlder) {
    older.hidden = !isOlder;
    root.classList.toggle("is-older", isOlder);
  }

  function pick(index) {
    const { brood, picked, chosen } = store.get();
    const child = brood?.children[index];
    if (!child) return;
    if (seedlings.isWithheld(index)) return announce(seedlings.tiles[index].title);
    if (picked.includes(index)) return unpick(index);
    if (picked.length === MAX_PARENTS) {
      return announce(
        fill(gettext("You can pick at most {most} children as parents."), { most: MAX_PARENTS }),
      );
    }
    const next = [...picked, index];
    store.touch(fullRecipe(child, chosen.length), { also: { picked: next } });
    onPick(seedlings.frameOf(index));
    announce(
      fill(gettext("Child {n} picked and enlarged. {count} picked."), {
        n: index + 1,
        count: next.length,
      }),
    );
  }

  // The preview goes back to the child that was picked before.
  function unpick(index) {
    const state = store.get();
    const picked = state.picked.filter((other) => other !== index);
    const wasShown = shownChild(state) === index;
    const child = wasShown && picked.length ? state.brood.children[picked.at(-1)] : null;
    store.touch(child ? fullRecipe(child, state.chosen.length) : {}, { also: { picked } });
    if (child) onPick(seedlings.frameOf(picked.at(-1)));
  }

  async function breedPicked() {
    const { brood, picked } = store.get();
    if (!picked.length) return;
    const faces = await Promise.all(picked.map((index) => portrait(seedlings.canvasOf(index))));
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

  return {
    grow,
    pick,
    breedPicked,
    seedlings,
    // True when the frame belongs to this brood.
    async draw(id, frame) {
      if (!this.owns(id)) return false;
      await seedlings.draw(id - firstId, frame, () => this.owns(id));
      if (seedlings.isGrown()) isSlow = performance.now() - askedAt > SLOW_MS;
      return true;
    },
    withhold(id, sentence) {
      seedlings.withhold(id - firstId, sentence);
    },
    // The frame of the child that the preview is to show, if it is here.
    shownFrame: () => seedlings.frameOf(shownChild(store.get())),
    isGrowing: () => firstId > 0 && !seedlings.isGrown(),
    isGrown: seedlings.isGrown,
    owns: (id) => firstId > 0 && id >= firstId && id < firstId + COUNT,
    receive({ id, brood }) {
      const { brood: present } = store.get();
      if (id === firstId && present) store.update({ brood: { ...present, children: brood } });
    },
    // After a reconnect the missing frames are requested again; a job goes on without the line.
    resume() {
      if (firstId && !seedlings.isGrown()) drawn = "";
    },
    show(state) {
      const { brood, picked } = state;
      if (brood && JSON.stringify(brood.asked) !== drawn) request(brood.asked);
      if (!brood && drawn) clear();
      seedlings.show(picked, shownChild(state));
      watchRest(state);
      breedButton.disabled = !picked.length;
      breedButton.textContent =
        picked.length > 1
          ? fill(gettext("Breed on with {n}"), { n: picked.length })
          : gettext("Breed on");
    },
  };
}
