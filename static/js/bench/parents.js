// The cards of the parents: picture, letter, share, and a button to remove it. The server renders
// the first ones.

import { fill, gettext } from "../core/words.js";
import { removeParent, round } from "./pedigree.js";
import { drawRange } from "./range.js";

const LETTERS = "ABCD";

export function makeParents(root, { store, announce }) {
  const list = root.querySelector("#bench-cards");
  const template = document.getElementById("bench-card-template");
  let cards = [];
  let built = "";

  // With three or more parents each weight has a slider of its own, for people who cannot drag the
  // point of the pad.
  function setShare(index, value) {
    const { weights } = store.get().recipe;
    const next = weights.map((weight, at) => (at === index ? round(value) : weight));
    if (next.some((weight) => weight > 0)) store.touch({ weights: next }, { hold: true });
  }

  function build(index, parent, face, count) {
    const card = template.content.cloneNode(true).firstElementChild;
    const link = card.querySelector("a");
    const source = parent.thumbnail || face;
    card.dataset.parent = String(index);
    card.querySelector(".bench-letter").textContent = LETTERS[index];
    const image = Object.assign(new Image(512, 512), { alt: parent.alt, hidden: !source });
    if (source) image.src = source;
    card.querySelector(".bench-card-picture").prepend(image);
    link.textContent = parent.title;
    if (parent.url) link.href = parent.url;
    card.querySelector(".bench-card-maker").textContent = parent.maker;
    const remove = card.querySelector(".bench-card-remove");
    remove.hidden = count < 2;
    remove.setAttribute(
      "aria-label",
      fill(gettext("Take parent {letter}, {title}, off the bench"), {
        letter: LETTERS[index],
        title: parent.title,
      }),
    );
    remove.addEventListener("click", () => {
      store.step(removeParent(store.get(), index));
      announce(fill(gettext("{title} taken off the bench."), parent));
    });
    const range = card.querySelector("input");
    range.hidden = count < 3;
    range.setAttribute(
      "aria-label",
      fill(gettext("Closeness to parent {letter}, {title}"), {
        letter: LETTERS[index],
        title: parent.title,
      }),
    );
    range.addEventListener("input", () => setShare(index, Number(range.value)));
    range.addEventListener("change", () => store.release());
    return { card, range, number: card.querySelector(".bench-number") };
  }

  return function show(state, info) {
    const count = state.chosen.length;
    if (info.length === count) {
      const wanted = JSON.stringify([
        info.map(({ position, title, thumbnail }) => [position, title, thumbnail]),
        state.faces,
      ]);
      if (built !== wanted) {
        built = wanted;
        const focused = document.activeElement?.closest?.(".bench-card")?.dataset.parent;
        cards = info.map((parent, index) => build(index, parent, state.faces[index], count));
        list.replaceChildren(...cards.map(({ card }) => card));
        list.dataset.count = String(count);
        if (focused !== undefined) list.querySelector("button:not([hidden])")?.focus();
      }
    }
    const sum = state.recipe.weights.reduce((total, weight) => total + weight, 0);
    cards.forEach(({ card, range, number }, index) => {
      const weight = state.recipe.weights[index] ?? 0;
      number.textContent = count > 1 ? `${Math.round((100 * weight) / sum)} %` : "";
      range.value = String(weight);
      drawRange(range);
      card.style.setProperty("--share", String(weight / sum));
    });
  };
}
