// The finishing panel: a fold for each finishing step that the species supports. Styles, palettes
// and mock-ups are chosen from pictures of this child; the other steps have a switch and their
// settings.

import { fill, gettext } from "../../core/words.js";
import { compact, finishingOf } from "../pedigree.js";
import { makeStep } from "./step.js";

const MAX_STEPS = 8;
// The order of the folds; the steps themselves are carried out in the order of the species.
const PLACES = [
  ...["style", "borrowed-style", "palette", "duotone", "colour", "detail"],
  ...["background", "pattern", "mock-up", "resolution"],
];

export function makeFinish(root, { store, looks, announce }) {
  const list = root.querySelector("#bench-finish-steps");
  const section = root.querySelector("#bench-finish");
  const title = root.querySelector("#bench-finish-title");
  const reset = root.querySelector("#bench-finish-reset");
  let built = "";
  let steps = [];
  let order = [];
  let now = { state: null, info: [] };

  const present = () => finishingOf(now.state.recipe, now.info) ?? [];
  const settingsOf = (name) => present().find(([other]) => other === name)?.[1];

  function write(name, settings, options) {
    const others = present().filter(([other]) => other !== name);
    const next = settings ? [...others, [name, settings]] : others;
    if (next.length > MAX_STEPS) {
      show(now.state, now.species, now.info);
      return announce(
        fill(gettext("A picture can have at most {most} finishing steps. Switch one off first."), {
          most: MAX_STEPS,
        }),
      );
    }
    next.sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
    store.touch({ finishing: next }, options);
  }

  const panel = {
    root,
    looks,
    announce,
    settingsOf,
    write,
    release: store.release,
    redraw: () => show(now.state, now.species, now.info),
    // The recipe of the child, and a key that tells it from other children, whatever one setting of
    // one step is. as: what its looks take other settings of the step to be.
    childWithout(name, setting, as = {}) {
      const { roots, steps: bred, chosen, recipe } = now.state;
      const rest = present().map(([other, settings]) => {
        if (other !== name) return [other, settings];
        const { [setting]: _, ...kept } = settings;
        return [other, { ...kept, ...as }];
      });
      const isPlain = ([other, settings]) => other === name && !Object.keys(settings).length;
      const finishing = rest.filter((step) => !isPlain(step));
      const key = JSON.stringify([roots, bred, chosen, { ...recipe, finishing }]);
      return { key, recipe: compact(recipe) };
    },
  };

  function build(species) {
    order = species.steps.map(({ name }) => name);
    steps.forEach((step) => step.remove());
    steps = [...species.steps]
      .sort((one, other) => PLACES.indexOf(one.name) - PLACES.indexOf(other.name))
      .map((step) => makeStep(step, species, panel));
    list.replaceChildren(...steps.map(({ piece }) => piece));
    title.textContent = gettext("Finish");
  }

  function show(state, species, info) {
    if (!species || info.length !== state.chosen.length) return;
    now = { state, species, info };
    if (built !== species.key) build(species);
    built = species.key;
    section.hidden = !steps.length;
    steps.forEach((step) => step.show(state, info));
    reset.disabled = !state.recipe.finishing;
  }

  reset.addEventListener("click", () => {
    if (!steps.length) return;
    steps.forEach((step) => step.close());
    store.touch({ finishing: null });
  });
  return show;
}
