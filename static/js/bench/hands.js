// What can be done beside the sliders: comparing and keeping seedlings, dragging, keys, the buttons
// for undo and redo, and those of the phone's bar that press another one.

import { shownChild } from "./brood.js";
import { makeCompare } from "./compare.js";
import { makeDrop } from "./drop.js";
import { makeKeys } from "./keys.js";
import { addSeedling, fullRecipe, MAX_PARENTS, replaceParent } from "./pedigree.js";
import { makePocket } from "./pocket.js";

export function makeHands(root, parts) {
  const { store, socket, brood, canvas, tune, picker, side, species, announce } = parts;
  const [undo, redo, dice] = ["undo", "redo", "dice"].map((name) =>
    root.querySelector(`#bench-${name}`),
  );
  const pocket = makePocket(root, { store, brood, canvas, species, announce });
  const { keep } = pocket;
  let asked = null; // What the compared seedlings were grown from.
  const compare = makeCompare(root, { store, socket, brood, tune, keep });

  // replaces: the number of the parent whose place the seedling takes, or null.
  function addKept(one, replaces) {
    const state = store.get();
    if (one.species !== species()?.key) return;
    if (replaces === null && state.chosen.length === MAX_PARENTS) return;
    const join = (before) => addSeedling(before, one);
    store.step(replaces === null ? join(state) : replaceParent(state, replaces, join));
  }

  // A seedling of the brood as the pocket would keep it.
  function keptOf(index) {
    const { brood: present, roots, steps, chosen, faces } = store.get();
    const child = present?.children[index];
    if (!child) return null;
    const recipe = fullRecipe(child, chosen.length);
    const face = brood.seedlings.canvasOf(index).toDataURL("image/jpeg", 0.82);
    return { species: species().key, roots, steps, chosen, faces, recipe, face };
  }

  // The seedling that a key is about: under the pointer, with the focus, or in the preview.
  function meant() {
    const seed = [":hover", ":focus-within"]
      .map((state) => root.querySelector(`.bench-seed${state}`))
      .find(Boolean);
    return seed ? Number(seed.dataset.seedling) : shownChild(store.get());
  }

  makeDrop(root, { picker, pocket, addKept, keep, keptOf });
  makeKeys({
    undo: store.undo,
    redo: store.redo,
    roll: () => dice.click(),
    grow: brood.grow,
    breedOn: brood.breedPicked,
    keep: () => keep(meant()),
    genes: side.openGenes,
    other: side.openOther,
    pick: brood.pick,
  });
  undo.addEventListener("click", store.undo);
  redo.addEventListener("click", store.redo);
  for (const button of root.querySelectorAll("[data-presses]"))
    button.addEventListener("click", () => document.getElementById(button.dataset.presses).click());
  root.querySelector("#bench-seedlings").addEventListener("click", ({ target }) => {
    const seed = target.closest(".bench-seed-keep")?.parentElement;
    if (seed) keep(Number(seed.dataset.seedling));
  });

  return {
    compare,
    show({ brood: present }) {
      if (asked !== present?.asked) compare.close(); // Others grow there now.
      asked = present?.asked;
      undo.disabled = !store.canUndo();
      redo.disabled = !store.canRedo();
    },
  };
}
