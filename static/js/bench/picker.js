// Adding parents: the picker (shelves and search, a fragment of the server loaded by htmx), and new
// founders.

import { fill, gettext } from "../core/words.js";
import { addParent, MAX_PARENTS } from "./pedigree.js";

export function makePicker(root, { store, species, announce }) {
  const dialog = document.getElementById("bench-picker");
  const open = root.querySelector("#bench-add");
  const seed = root.querySelector("#bench-seed");

  function add(reference, title) {
    const state = store.get();
    const at = state.roots.indexOf(reference);
    if (at >= 0 && state.chosen.includes(at))
      return announce(fill(gettext("{title} is already on the bench."), { title }));
    if (state.chosen.length === MAX_PARENTS) {
      return announce(
        fill(gettext("The bench holds at most {most} parents. Take one off first."), {
          most: MAX_PARENTS,
        }),
      );
    }
    store.step(addParent(state, reference));
    announce(fill(gettext("{title} added to the parents."), { title }));
  }

  open.addEventListener("click", (event) => {
    event.preventDefault();
    const query = new URLSearchParams({ species: species()?.key ?? "" });
    window.htmx.ajax("GET", `${root.dataset.choose}?${query}`, {
      target: "#bench-picker",
      swap: "innerHTML",
    });
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    const pick = event.target.closest(".bench-pick");
    if (!pick || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.close();
    add(pick.dataset.reference, pick.dataset.title);
  });
  seed.addEventListener("click", () => {
    if (!species()) return;
    const number = crypto.getRandomValues(new Uint32Array(1))[0];
    add(`seed:${species().key}:${number}`, gettext("A new founder"));
  });

  return function show({ chosen }) {
    const isFull = chosen.length >= MAX_PARENTS;
    seed.disabled = isFull;
    open.setAttribute("aria-disabled", String(isFull));
  };
}
