// The controls of the finishing panel: a slider, a list of choices, a colour, the colours of a
// palette. Each shows a value and reports a new one.

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

// The colours of the present palette, each of which can be changed. The named palettes are looks
// (look-group.js).
function colours({ label }, { onChange, onRelease }) {
  const piece = copy("bench-colours-template");
  piece.setAttribute("aria-label", label);
  let inputs = [];

  function build(size) {
    inputs = Array.from({ length: size }, (_, at) => {
      const input = Object.assign(document.createElement("input"), {
        type: "color",
        className: "bench-colour",
      });
      input.setAttribute(
        "aria-label",
        fill(gettext("Colour {n} of {count}"), { n: at + 1, count: size }),
      );
      const present = () => inputs.map(({ value }) => value);
      input.addEventListener("input", () => onChange(present(), { hold: true }));
      input.addEventListener("change", onRelease);
      return input;
    });
    piece.replaceChildren(...inputs);
  }

  return {
    piece,
    show(value) {
      if (inputs.length !== value.length) build(value.length);
      inputs.forEach((input, at) => (input.value = value[at]));
    },
  };
}

const KINDS = { amount, choice, colour, colours };

// onChange(value, { hold }): called with a new value; onRelease(): called at the end of a drag.
// Returns null for a borrowed style, which has no control.
export function makeControl(setting, { onChange, onRelease }) {
  return KINDS[setting.kind]?.(setting, { onChange, onRelease }) ?? null;
}
