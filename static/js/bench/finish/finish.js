// The finishing panel: a switch for each finishing step that the species supports, with the
// settings of the step below it while it is on.

import { fill, gettext } from "../../core/words.js";
import { makeBorrow } from "./borrow.js";
import { makeControl } from "./controls.js";
import { addHelp } from "../help.js";

const MAX_STEPS = 8;
// Settings that apply only with certain values of another setting.
const ONLY_WITH = {
  "resolution.colours": ["net", ["pixels"]],
  "resolution.rounded": ["net", ["pixels"]],
  "background.colour": ["kind", ["plain", "gradient", "glow"]],
  "background.second": ["kind", ["gradient", "glow"]],
  "detail.relief": ["surface", ["paper", "canvas"]],
};
const BORROWING = { "borrowed-style": "style", palette: "palette" };

// The parent whose finishing is inherited: the heaviest, and the first of equals.
export function heaviest({ recipe }, info) {
  return info[recipe.weights.indexOf(Math.max(...recipe.weights))];
}

// The finishing of the child: the recipe's steps, or else those of its heaviest parent.
export function finishingOf(state, info) {
  return state.recipe.finishing ?? heaviest(state, info)?.finishing ?? [];
}

export function makeFinish(root, { store, announce }) {
  const list = root.querySelector("#bench-finish-steps");
  const section = root.querySelector("#bench-finish");
  const reset = root.querySelector("#bench-finish-reset");
  const template = document.getElementById("bench-step-template");
  const isOpen = new Set(); // Steps that are on but wait for something to be borrowed.
  let built = "";
  let steps = [];
  let order = [];
  let now = { state: null, info: [] };

  const present = () => finishingOf(now.state, now.info);
  const settingsOf = (name) => present().find(([other]) => other === name)?.[1];

  function write(name, settings, options) {
    const others = present().filter(([other]) => other !== name);
    const next = settings ? [...others, [name, settings]] : others;
    if (next.length > MAX_STEPS) {
      return announce(
        fill(gettext("A picture can have at most {most} finishing steps. Switch one off first."), {
          most: MAX_STEPS,
        }),
      );
    }
    next.sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
    store.touch({ finishing: next }, options);
  }

  function change(name, patch, options) {
    write(name, { ...settingsOf(name), ...patch }, options);
  }

  function toggle({ name, settings }, isOn) {
    isOpen.delete(name);
    const isWaiting = isOn && settings.some(({ kind }) => kind === "manner");
    if (isWaiting) isOpen.add(name);
    if (!isWaiting) write(name, isOn ? {} : null);
    if (isWaiting || (!isOn && !settingsOf(name))) show(now.state, now.species, now.info);
  }

  function buildStep(step, palettes) {
    const { name, label, help, settings } = step;
    const piece = template.content.cloneNode(true).firstElementChild;
    const box = piece.querySelector("input");
    const body = piece.querySelector(".bench-step-settings");
    piece.dataset.step = name;
    piece.setAttribute("aria-label", label);
    piece.querySelector(".bench-step-name").textContent = label;
    addHelp(piece.querySelector(".bench-switch"), box, { name: label, help });
    box.addEventListener("change", () => toggle(step, box.checked));
    const controls = settings.flatMap((setting) => {
      const onChange = (value, options) => change(name, { [setting.key]: value }, options);
      const control = makeControl({ ...setting, palettes }, { onChange, onRelease: store.release });
      return control ? [{ ...control, setting }] : [];
    });
    const borrow =
      BORROWING[name] &&
      makeBorrow(root, {
        kind: BORROWING[name],
        setting: settings.find(({ kind }) => ["manner", "colours"].includes(kind)),
        onBorrowed: ({ vector, colours }) => change(name, vector ? { vector } : { colours }),
        announce,
      });
    const borrowed = borrow ? [borrow.piece] : [];
    const isFirst = name === "borrowed-style";
    body.append(
      ...(isFirst ? borrowed : []),
      ...controls.map((control) => control.piece),
      ...(isFirst ? [] : borrowed),
    );
    return { name, piece, box, body, controls, borrow };
  }

  function build(species) {
    order = species.steps.map(({ name }) => name);
    steps = species.steps.map((step) => buildStep(step, species.palettes));
    list.replaceChildren(...steps.map(({ piece }) => piece));
  }

  function show(state, species, info) {
    if (!species || info.length !== state.chosen.length) return;
    now = { state, species, info };
    if (built !== species.key) build(species);
    built = species.key;
    section.hidden = !steps.length;
    for (const { name, box, body, controls, borrow } of steps) {
      const settings = settingsOf(name);
      box.checked = Boolean(settings) || isOpen.has(name);
      body.hidden = !box.checked;
      if (body.hidden) continue;
      borrow?.show(state, info);
      for (const { piece, setting, show: showValue } of controls) {
        const [other, words] = ONLY_WITH[`${name}.${setting.key}`] ?? [];
        const usual = () =>
          controls.find((control) => control.setting.key === other).setting.default;
        piece.hidden = !settings || (words && !words.includes(settings[other] ?? usual()));
        showValue(settings?.[setting.key] ?? setting.default);
      }
    }
    reset.disabled = !state.recipe.finishing;
  }

  reset.addEventListener("click", () => {
    isOpen.clear();
    store.touch({ finishing: null });
  });
  return show;
}
