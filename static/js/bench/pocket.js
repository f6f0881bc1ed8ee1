// The pocket keeps seedlings for later, through reloads, other benches and a sign-up. One of them can
// be shown again with the parents that it had, or become a parent itself.

import { fill, gettext, ngettext } from "../core/words.js";
import { makeMenu } from "./menus.js";
import {
  addSeedling,
  freshRecipe,
  fullRecipe,
  isSameRecipe,
  MAX_PARENTS,
  stepsPayload,
} from "./pedigree.js";
import { portrait } from "./preview.js";

const KEY = "arboretum.pocket";
const MOST = 24;
const SLOTS = 5; // So many places are drawn, even if they are empty.

function load() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY));
    return Array.isArray(found) ? found.filter((kept) => kept?.roots?.length) : [];
  } catch {
    return [];
  }
}

export function makePocket(root, { store, brood, canvas, species, announce }) {
  const list = root.querySelector("#bench-pocket-list");
  const count = root.querySelector(".bench-pocket-count");
  const toPocket = root.querySelector("#bench-to-pocket");
  const template = document.getElementById("bench-kept-template");
  let kept = load();
  const { open, menu } = makeMenu("bench-pocket-menu", { show, add, drop });

  function save() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // Storage is full or unavailable: the pocket ends with the page.
    }
    draw();
  }

  // index: a seedling of the brood, or -1 for the child in the preview.
  async function keep(index) {
    const state = store.get();
    const child = state.brood?.children[index];
    const recipe = child ? fullRecipe(child, state.chosen.length) : state.recipe;
    const { roots, chosen, faces } = state;
    if (!species()) return;
    if (kept.some((one) => isSameRecipe(one.recipe, recipe) && `${one.roots}` === `${roots}`))
      return announce(gettext("It is in the pocket already."));
    if (kept.length === MOST)
      return announce(fill(gettext("The pocket holds {most} seedlings."), { most: MOST }));
    const face = await portrait(child ? brood.seedlings.canvasOf(index) : canvas);
    const steps = stepsPayload(state);
    kept = [{ species: species().key, roots, steps, chosen, faces, recipe, face }, ...kept];
    save();
    announce(
      fill(ngettext("Kept. {n} in the pocket.", "Kept. {n} in the pocket.", kept.length), {
        n: kept.length,
      }),
    );
  }

  function show(index) {
    const { roots, steps, chosen, faces, recipe } = kept[index];
    const state = store.get();
    const isHere = [state.roots, stepsPayload(state), state.chosen].every(
      (one, at) => JSON.stringify(one) === JSON.stringify([roots, steps, chosen][at]),
    );
    if (isHere) return store.touch(recipe);
    return store.step({
      roots,
      steps: steps.map((step) => ({
        ...step,
        recipe: { ...freshRecipe(step.parents.length), mutation_rate: 0, ...step.recipe },
      })),
      chosen,
      faces,
      recipe,
      brood: null,
      picked: [],
    });
  }

  function add(index) {
    if (!mayAdd(index)) return;
    store.step(addSeedling(store.get(), kept[index]));
    announce(gettext("The seedling is a parent now."));
  }

  function mayAdd(index) {
    return kept[index].species === species()?.key && store.get().chosen.length < MAX_PARENTS;
  }

  function drop(index) {
    kept = kept.filter((_, at) => at !== index);
    save();
    announce(gettext("Taken out of the pocket."));
    (list.querySelector("button") ?? root.querySelector("#bench-pocket-title")).focus();
  }

  function draw() {
    const pieces = kept.map(({ face }, index) => {
      const piece = template.content.cloneNode(true).firstElementChild;
      const button = piece.querySelector("button");
      button.append(Object.assign(new Image(56, 56), { alt: "", src: face }));
      piece.draggable = matchMedia("(hover: hover)").matches;
      piece.dataset.kept = String(index);
      button.setAttribute("aria-label", fill(gettext("Kept seedling {n}"), { n: index + 1 }));
      button.addEventListener("click", () => {
        menu.querySelector("[data-does=add]").disabled = !mayAdd(index);
        open(button, index);
      });
      return piece;
    });
    const slots = Array.from({ length: Math.max(0, SLOTS - kept.length) }, () =>
      Object.assign(document.createElement("li"), { className: "bench-kept is-slot" }),
    );
    for (const slot of slots) slot.setAttribute("aria-hidden", "true");
    list.replaceChildren(...pieces, ...slots);
    count.textContent = String(kept.length);
    count.hidden = !kept.length;
    toPocket.setAttribute(
      "aria-label",
      fill(ngettext("Pocket, {n} seedling", "Pocket, {n} seedlings", kept.length), {
        n: kept.length,
      }),
    );
  }

  toPocket.addEventListener("click", () => {
    const title = root.querySelector("#bench-pocket-title");
    title.scrollIntoView({ block: "center" });
    title.focus({ preventScroll: true });
  });
  draw();
  return { keep, get: (index) => kept[index] };
}
