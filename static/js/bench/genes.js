// The genes of the species in groups: which parent a group comes from, and a slider for each named
// direction.

import { fill, gettext } from "../core/words.js";
import { addHelp } from "./help.js";
import { drawRange, setBack } from "./range.js";

const LETTERS = "ABCD";

export function makeGenes(root, store) {
  const groups = root.querySelector("#bench-gene-groups");
  const resetAll = root.querySelector("#bench-genes-reset");
  const groupTemplate = document.getElementById("bench-group-template");
  const sliderTemplate = document.getElementById("bench-slider-template");
  let built = "";
  let isPicture = true; // The choices of a tune are in the tab "Band".
  let sliders = new Map();

  function edit(key, amount, options) {
    store.touch({ edits: { ...store.get().recipe.edits, [key]: amount } }, options);
  }

  resetAll.addEventListener("click", () =>
    store.touch({ edits: {}, mask: {}, psi: null, ...(isPicture ? { choices: {} } : {}) }),
  );

  function buildSlider({ key, label, low, high, help }, isGroup) {
    const piece = sliderTemplate.content.cloneNode(true).firstElementChild;
    const range = piece.querySelector("input");
    const reset = piece.querySelector(".bench-gene-reset");
    range.id = `bench-gene-${key}`;
    const name = piece.querySelector("label");
    // No word twice: a slider that is the whole group, in name as well, shows its ends instead.
    name.textContent = isGroup ? `${low} – ${high}` : label;
    name.htmlFor = range.id;
    if (isGroup) range.setAttribute("aria-label", label);
    addHelp(name, range, { name: label, help, low, high });
    reset.setAttribute("aria-label", fill(gettext("Reset {label}"), { label }));
    reset.addEventListener("click", () => edit(key, 0));
    range.addEventListener("input", () => edit(key, Number(range.value), { hold: true }));
    range.addEventListener("change", () => store.release());
    setBack(range, () => edit(key, 0));
    sliders.set(key, { range, reset, number: piece.querySelector("output"), low, high });
    return piece;
  }

  function buildFrom(group, parents) {
    const choices = [gettext("Blend"), ...LETTERS.slice(0, parents)];
    return choices.map((word, index) => {
      const choice = document.createElement("label");
      const input = Object.assign(document.createElement("input"), {
        type: "radio",
        name: `from-${group.key}`,
        value: index - 1,
      });
      input.setAttribute(
        "aria-label",
        fill(
          index ? gettext("{label} from parent {parent}") : gettext("{label} from all parents"),
          { label: group.label, parent: word },
        ),
      );
      input.addEventListener("change", () => {
        const { [group.key]: _, ...mask } = store.get().recipe.mask;
        store.touch({ mask: index ? { ...mask, [group.key]: index - 1 } : mask });
      });
      const shown = document.createElement("span");
      shown.textContent = word;
      choice.append(input, shown);
      return choice;
    });
  }

  function build(species, parents) {
    sliders = new Map();
    const slidersOf = ({ key }) => species.sliders.filter((slider) => slider.group === key);
    // With one parent, a group without sliders would have nothing to choose.
    const shown = species.groups.filter((group) => parents > 1 || slidersOf(group).length);
    groups.replaceChildren(
      ...shown.map((group) => {
        const piece = groupTemplate.content.cloneNode(true).firstElementChild;
        piece.dataset.group = group.key;
        const legend = piece.querySelector("legend");
        legend.textContent = group.label;
        addHelp(legend, piece, { name: group.label, help: group.help });
        const from = piece.querySelector(".bench-from");
        from.setAttribute(
          "aria-label",
          fill(gettext("Which parent {label} comes from"), { label: group.label }),
        );
        if (parents > 1) from.append(...buildFrom(group, parents));
        else from.remove();
        const own = slidersOf(group);
        const isGroup = own.length === 1 && own[0].label === group.label;
        const rows = own.map((slider) => buildSlider(slider, isGroup));
        piece.querySelector(".bench-group-sliders").append(...rows);
        return piece;
      }),
    );
  }

  return function show({ recipe, chosen }, species) {
    if (!species) return;
    // A slider may be there only for some parents.
    const keys = species.sliders.map(({ key }) => key);
    const wanted = [species.key, chosen.length, ...keys].join(" ");
    if (built !== wanted) build(species, chosen.length);
    built = wanted;
    isPicture = species.medium === "picture";
    for (const [key, { range, reset, number, low, high }] of sliders) {
      const amount = recipe.edits[key] ?? 0;
      const percent = Math.round(100 * Math.abs(amount));
      range.value = String(amount);
      number.value = amount ? `${amount > 0 ? "+" : "−"}${percent}` : "0";
      range.closest(".bench-gene").classList.toggle("is-moved", Boolean(amount));
      range.setAttribute(
        "aria-valuetext",
        amount
          ? fill(gettext("{n} % towards {end}"), { n: percent, end: amount > 0 ? high : low })
          : gettext("as bred"),
      );
      reset.hidden = !amount;
      drawRange(range);
    }
    for (const input of groups.querySelectorAll(".bench-from input")) {
      const group = input.closest("fieldset").dataset.group;
      input.checked = Number(input.value) === (recipe.mask[group] ?? -1);
    }
    const isOtherwiseChanged =
      Object.keys(recipe.mask).length ||
      (isPicture && Object.keys(recipe.choices ?? {}).length) ||
      (recipe.psi ?? null) !== null;
    resetAll.disabled = !isOtherwiseChanged && !Object.values(recipe.edits).some(Boolean);
  };
}
