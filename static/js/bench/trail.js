// The trail: the parents of each earlier brood, in order. A click steps back to them.

import { fill, gettext } from "../core/words.js";

export function makeTrail(root, store) {
  const box = root.querySelector("#bench-trail");
  const list = root.querySelector("#bench-trail-steps");
  const template = document.getElementById("bench-trail-template");
  let built = "";

  function build(state, number, isPresent) {
    const piece = template.content.cloneNode(true).firstElementChild;
    const button = piece.querySelector("button");
    const step = number ? fill(gettext("Brood {n}"), { n: number }) : gettext("The start");
    for (const face of state.faces) {
      const image = document.createElement("img");
      image.alt = "";
      image.width = image.height = 26;
      if (face) image.src = face;
      button.append(image);
    }
    if (isPresent) button.setAttribute("aria-current", "step");
    const words = isPresent ? gettext("{step} (current)") : gettext("Go back to {step}");
    button.title = fill(words, { step });
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => !isPresent && store.backTo(number));
    return piece;
  }

  return function show(present) {
    const steps = [...store.steps(), present];
    const wanted = JSON.stringify(
      steps.map(({ chosen, faces }) => [chosen, faces.map((face) => face.slice(-24))]),
    );
    if (built === wanted) return;
    built = wanted;
    box.hidden = steps.length < 2;
    list.replaceChildren(
      ...steps.map((state, number) => build(state, number, number === steps.length - 1)),
    );
    list.scrollLeft = list.scrollWidth;
  };
}
