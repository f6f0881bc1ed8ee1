// The band of a tune: its style from pictures of this very tune, and its lead instrument by name.
// One number of a lead is another instrument in each style, so the names follow the style that the
// child is seen to have.

import { fill, gettext } from "../../core/words.js";
import { compact } from "../pedigree.js";
import { makeFold } from "./fold.js";
import { makeLookGroup } from "./look-group.js";

const AS_BRED = "";

const melodyOf = ({ parts }) => parts.find(({ role }) => role === "melody");

// What the section tells about a tune: as long as it stays the same, nothing is drawn anew.
const bandOf = (tune) => `${tune.style} ${melodyOf(tune)?.program}`;

export function makeBand(root, { store, looks }) {
  const list = root.querySelector("#bench-finish-steps");
  const section = root.querySelector("#bench-finish");
  const title = root.querySelector("#bench-finish-title");
  const reset = root.querySelector("#bench-band-reset");
  let built = "";
  let folds = [];
  let now = null; // { state, species } of a tune.
  let tune = null; // The notes that are shown.

  function choose(key, value) {
    const { [key]: _, ...choices } = store.get().recipe.choices ?? {};
    store.touch({ choices: value === AS_BRED ? choices : { ...choices, [key]: value } });
  }

  // The style of the child: the one that was chosen, or the one that its notes have.
  const styleOf = ({ recipe }) => recipe.choices?.style ?? tune?.style ?? "";

  function buildChoice({ key, label, options, names }) {
    const fold = makeFold({ label, name: key });
    const group = makeLookGroup(looks, {
      label,
      of: { choice: key },
      options: [
        { value: AS_BRED, label: gettext("As bred") },
        ...options.map(([value, name]) => ({ value, label: name })),
      ],
      columns: 3,
      withPicture: !names,
      onChange: (value) => choose(key, value),
    });
    fold.body.replaceChildren(group.piece);

    // The label of a value; of a lead, the instrument that plays it in this style.
    function nameOf(value) {
      const usual = options.find(([other]) => other === value)?.[1] ?? "";
      return names?.[styleOf(now.state)]?.[Number(value) - 1]?.[1] ?? usual;
    }

    // What the child has without a choice, as far as its notes tell.
    function bredName() {
      if (!tune || now.state.recipe.choices?.[key]) return "";
      if (!names) return nameOf(tune.style);
      const program = melodyOf(tune)?.program;
      return names[tune.style]?.find(([other]) => other === program)?.[1] ?? "";
    }

    return {
      piece: fold.piece,
      remove: group.remove,
      show(state) {
        const { [key]: value = AS_BRED, ...choices } = state.recipe.choices ?? {};
        const { roots, steps, chosen, recipe } = state;
        const id = JSON.stringify([roots, steps, chosen, { ...recipe, choices }]);
        group.show({ key: id, recipe: compact(recipe) }, value);
        if (names) {
          for (const option of options) {
            option[1] = nameOf(option[0]); // The announcer reads the names from here, too.
            group.rename(...option);
          }
        }
        const bred = bredName();
        fold.setSum(
          value
            ? nameOf(value)
            : bred
              ? fill(gettext("As bred: {name}"), { name: bred })
              : gettext("As bred"),
        );
      },
    };
  }

  function build(species) {
    folds.forEach((fold) => fold.remove());
    folds = species.choices.map(buildChoice);
    list.replaceChildren(...folds.map(({ piece }) => piece));
  }

  function draw() {
    folds.forEach((fold) => fold.show(now.state));
    reset.disabled = !Object.keys(now.state.recipe.choices ?? {}).length;
  }

  root.addEventListener("bench:tune", ({ detail }) => {
    const before = tune && bandOf(tune);
    tune = detail;
    if (now && bandOf(tune) !== before) draw();
  });
  reset.addEventListener("click", () => now && store.touch({ choices: {} }));

  return function show(state, species, info) {
    if (!species || info.length !== state.chosen.length) return;
    now = species.medium === "music" ? { state, species } : null;
    if (!now) return (built = "");
    if (built !== species.key) build(species);
    built = species.key;
    section.hidden = false;
    title.textContent = gettext("Band");
    draw();
  };
}
