// The controls for how close the child is to each parent, how much surprise is in it, and how the
// parents are combined.

import { fill, gettext } from "../core/words.js";
import { makePad } from "./pad.js";
import { randomSeed, round } from "./pedigree.js";
import { drawRange, setBack } from "./range.js";

export function makeBlend(root, store) {
  const pair = root.querySelector("#bench-pair");
  const pairRange = root.querySelector("#bench-pair-range");
  const surprise = root.querySelector("#bench-surprise");
  const surpriseNumber = root.querySelector("#bench-surprise-number");
  const operator = root.querySelector("#bench-operator");
  const release = () => store.release();
  const pad = makePad(root.querySelector("#bench-pad"), {
    onMove: (weights) => store.touch({ weights }, { hold: true }),
    onRelease: release,
  });

  pairRange.addEventListener("input", () => {
    const toB = Number(pairRange.value);
    store.touch({ weights: [round(1 - toB), round(toB)] }, { hold: true });
  });
  setBack(pairRange, () => store.touch({ weights: [0.5, 0.5] }));
  surprise.addEventListener("input", () =>
    store.touch({ mutation_rate: Number(surprise.value) }, { hold: true }),
  );
  setBack(surprise, () => store.touch({ mutation_rate: 0 }));
  for (const range of [pairRange, surprise]) range.addEventListener("change", release);
  operator.addEventListener("change", (event) => store.touch({ operator: event.target.value }));

  // With nothing left to chance the dice would change nothing visible, so they add a little
  // surprise.
  root.querySelector("#bench-dice").addEventListener("click", () => {
    if (root.dataset.genes === "no") return;
    const { recipe } = store.get();
    const isCertain = recipe.operator === "blend" && recipe.mutation_rate < 0.05;
    store.touch({ seed: randomSeed(), mutation_rate: isCertain ? 0.25 : recipe.mutation_rate });
  });

  return function show({ recipe }) {
    const { weights } = recipe;
    pair.hidden = weights.length > 2;
    pairRange.hidden = weights.length !== 2;
    if (!pairRange.hidden) {
      const toB = weights[1] / (weights[0] + weights[1]);
      pairRange.value = String(toB);
      const percent = Math.round(100 * toB);
      pairRange.setAttribute(
        "aria-valuetext",
        fill(gettext("{a} % parent A, {b} % parent B"), { a: 100 - percent, b: percent }),
      );
      drawRange(pairRange);
    }
    pad.show(weights);
    surprise.value = String(recipe.mutation_rate);
    const number = `${Math.round(100 * recipe.mutation_rate)} %`;
    if (surpriseNumber.value !== number) surpriseNumber.value = number; // Or it is laid out again.
    drawRange(surprise);
    operator.hidden = weights.length < 2;
    for (const choice of operator.querySelectorAll("input"))
      choice.checked = choice.value === recipe.operator;
  };
}
