// Genes that are words (the kind of a garment), and how close the child stays to what is typical of
// its species.

import { gettext } from "../../core/words.js";
import { makeControl } from "./controls.js";
import { drawRange } from "../range.js";

const AS_BRED = "";

export function makeChoices(root, store) {
  const holder = root.querySelector("#bench-gene-choices");
  let built = "";
  let lists = [];
  let boldness = null;
  let inherited = 1; // The psi of the parents, blended by their weights.

  function choose(key, value) {
    const { [key]: _, ...choices } = store.get().recipe.choices ?? {};
    store.touch({ choices: value === AS_BRED ? choices : { ...choices, [key]: value } });
  }

  function buildBoldness(highest) {
    const element = document
      .getElementById("bench-slider-template")
      .content.cloneNode(true).firstElementChild;
    const range = element.querySelector("input");
    const reset = element.querySelector(".bench-gene-reset");
    const name = element.querySelector("label");
    Object.assign(range, { id: "bench-psi", min: 0, max: highest, step: 0.01 });
    range.classList.remove("bench-range-centre");
    name.textContent = gettext("Character");
    name.htmlFor = range.id;
    name.after(document.getElementById("bench-psi-help-template").content.cloneNode(true));
    range.setAttribute("aria-describedby", "help-psi");
    reset.setAttribute("aria-label", gettext("Reset Character"));
    const back = () => store.touch({ psi: null });
    range.addEventListener("input", () =>
      store.touch({ psi: Number(range.value) }, { hold: true }),
    );
    range.addEventListener("change", () => store.release());
    for (const target of [range, reset])
      target.addEventListener(target === range ? "dblclick" : "click", back);
    range.addEventListener("keydown", (event) => {
      if (!["Delete", "Backspace"].includes(event.key)) return;
      event.preventDefault();
      back();
    });
    return { element, range, reset, number: element.querySelector("output") };
  }

  function build(species) {
    // A tune's style and lead are its band (band.js).
    const choices = species.medium === "music" ? [] : species.choices;
    lists = choices.map((choice) => {
      const setting = {
        ...choice,
        kind: "choice",
        choices: [[AS_BRED, gettext("As bred")], ...choice.options],
      };
      return {
        key: choice.key,
        ...makeControl(setting, { onChange: (value) => choose(choice.key, value) }),
      };
    });
    boldness = species.psi ? buildBoldness(species.psi) : null;
    holder.replaceChildren(
      ...lists.map(({ piece }) => piece),
      ...(boldness ? [boldness.element] : []),
    );
    holder.hidden = !holder.children.length;
  }

  return function show({ recipe, chosen }, species, info) {
    if (!species) return;
    if (built !== species.key) build(species);
    built = species.key;
    for (const { key, show: draw } of lists) draw(recipe.choices?.[key] ?? AS_BRED);
    if (!boldness) return;
    if (info.length === chosen.length && info.every(({ psi }) => psi !== undefined)) {
      const sum = recipe.weights.reduce((total, weight) => total + weight, 0);
      inherited =
        recipe.weights.reduce((total, weight, at) => total + weight * info[at].psi, 0) / sum;
    }
    const psi = recipe.psi ?? inherited;
    const isMoved = (recipe.psi ?? null) !== null;
    boldness.range.value = String(psi);
    boldness.number.value = isMoved ? `${Math.round(100 * psi)} %` : "";
    boldness.element.classList.toggle("is-moved", isMoved);
    boldness.reset.hidden = !isMoved;
    boldness.range.setAttribute(
      "aria-valuetext",
      isMoved ? `${Math.round(100 * psi)} %` : gettext("as bred"),
    );
    drawRange(boldness.range);
  };
}
