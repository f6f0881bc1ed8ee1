// Choosing several works: ticks all of a page, counts the chosen ones, and offers nothing for none.

import { fill, ngettext } from "../core/words.js";

const form = document.querySelector("[data-select]");

if (form) {
  const all = form.querySelector("[data-select-all]");
  const count = form.querySelector("[data-select-count]");
  const boxes = [...form.querySelectorAll("input[name=works]")];
  const buttons = form.querySelectorAll("button[name=do]");

  const update = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    count.textContent = fill(ngettext("{n} chosen", "{n} chosen", chosen), { n: chosen });
    for (const button of buttons) button.disabled = chosen === 0;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    update();
  });
  form.addEventListener("change", update);
  addEventListener("pageshow", update); // The browser restores ticks when one comes back.
  update();
}
