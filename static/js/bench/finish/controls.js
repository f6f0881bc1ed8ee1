// The controls of the finishing panel: a slider, a list of choices, a colour, a palette. Each shows
// a value and reports a new one.

import { fill, gettext } from "../../core/words.js";
import { addHelp } from "../help.js";
import { drawRange } from "../range.js";

let count = 0;

function copy(template) {
  return document.getElementById(template).content.cloneNode(true).firstElementChild;
}

function labelled(piece, { label, help }) {
  const control = piece.querySelector("input, select");
  control.id = `bench-finish-${(count += 1)}`;
  const name = piece.querySelector("label");
  name.htmlFor = control.id;
  name.textContent = label;
  addHelp(name, control, { name: label, help });
  return control;
}

function amount(setting, { onChange, onRelease }) {
  const { low, high, default: usual } = setting;
  const piece = copy("bench-amount-template");
  const range = labelled(piece, setting);
  const number = piece.querySelector("output");
  const isWhole = high - low > 2;
  Object.assign(range, { min: low, max: high, step: isWhole ? 1 : 0.01 });
  range.classList.toggle("bench-range-centre", low < 0);
  range.addEventListener("input", () => onChange(Number(range.value), { hold: true }));
  range.addEventListener("change", onRelease);
  range.addEventListener("dblclick", () => onChange(usual));
  range.addEventListener("keydown", (event) => {
    if (!["Delete", "Backspace", "0"].includes(event.key)) return;
    event.preventDefault();
    onChange(usual);
  });
  return {
    piece,
    show(value) {
      range.value = String(value);
      number.value = isWhole ? String(value) : `${Math.round(100 * value)} %`;
      range.setAttribute("aria-valuetext", number.value);
      drawRange(range);
    },
  };
}

function choice(setting, { onChange }) {
  const piece = copy("bench-select-template");
  const select = labelled(piece, setting);
  select.append(...setting.choices.map(([value, words]) => new Option(words, value)));
  select.addEventListener("change", () => onChange(select.value));
  return { piece, show: (value) => (select.value = value) };
}

function colour(setting, { onChange, onRelease }) {
  const piece = copy("bench-colour-template");
  const input = labelled(piece, setting);
  input.addEventListener("input", () => onChange(input.value, { hold: true }));
  input.addEventListener("change", onRelease);
  input.addEventListener("dblclick", () => onChange(setting.default));
  return { piece, show: (value) => (input.value = value) };
}

function swatches(colours) {
  return colours.map((one) => {
    const drop = document.createElement("i");
    drop.style.background = one;
    return drop;
  });
}

// The colours of the present palette, each of which can be changed.
function swatchInputs({ onChange, onRelease }) {
  const row = Object.assign(document.createElement("span"), { className: "bench-swatch-inputs" });
  let inputs = [];
  function build(count) {
    inputs = Array.from({ length: count }, (_, at) => {
      const input = Object.assign(document.createElement("input"), {
        type: "color",
        className: "bench-colour",
      });
      input.setAttribute(
        "aria-label",
        fill(gettext("Colour {n} of {count}"), { n: at + 1, count }),
      );
      input.addEventListener("input", () =>
        onChange(
          inputs.map(({ value }) => value),
          { hold: true },
        ),
      );
      input.addEventListener("change", onRelease);
      return input;
    });
    row.replaceChildren(...inputs);
  }
  function show(colours) {
    if (inputs.length !== colours.length) build(colours.length);
    inputs.forEach((input, at) => (input.value = colours[at]));
  }
  return { row, show };
}

function palette({ label, palettes }, { onChange, onRelease }) {
  const piece = copy("bench-palette-template");
  piece.setAttribute("aria-label", label);
  const group = `bench-finish-${(count += 1)}`;
  const inputs = [...palettes, { name: gettext("Custom"), colours: [] }].map(
    ({ name, colours }) => {
      const option = copy("bench-swatches-template");
      const input = option.querySelector("input");
      Object.assign(input, { name: group, title: name });
      input.setAttribute("aria-label", name);
      option.title = name;
      option.querySelector("span").replaceChildren(...swatches(colours));
      if (colours.length) input.addEventListener("change", () => onChange(colours));
      piece.append(option);
      return { input, option, key: String(colours) };
    },
  );
  const borrowed = inputs.at(-1);
  const own = swatchInputs({ onChange, onRelease });
  piece.append(own.row);
  return {
    piece,
    show(value) {
      own.show(value);
      for (const { input, key } of inputs) input.checked = key === String(value);
      const isBorrowed = !inputs.some(({ input }) => input.checked);
      borrowed.option.hidden = !isBorrowed;
      borrowed.input.checked = isBorrowed;
      if (isBorrowed) borrowed.option.querySelector("span").replaceChildren(...swatches(value));
    },
  };
}

const KINDS = { amount, choice, colour, colours: palette };

// onChange(value, { hold }): called with a new value; onRelease(): called at the end of a drag.
// Returns null for a borrowed style, which has no control.
export function makeControl(setting, { onChange, onRelease }) {
  return KINDS[setting.kind]?.(setting, { onChange, onRelease }) ?? null;
}
