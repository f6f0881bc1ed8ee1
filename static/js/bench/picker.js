// Adding parents: the picker (shelves and search, a fragment of the server loaded by htmx), new
// founders, and a new pair. In a wide window the picker leaves the child in sight, so that a work can
// be dragged onto a parent.

import { closeByPressBeside } from "../core/dialogs.js";
import { fill, gettext } from "../core/words.js";
import { addParent, initialState, MAX_PARENTS, replaceParent } from "./pedigree.js";

const isWide = () => matchMedia("(min-width: 1140px)").matches;

export function makePicker(root, { store, species, announce }) {
  const dialog = document.getElementById("bench-picker");
  const opener = root.querySelector("#bench-add");
  const newPair = root.querySelector("#bench-new-pair");
  let replaced = null; // The number of the parent that the next choice replaces.

  // replaces: the number of the parent whose place it takes, or null.
  function add(reference, title, { replaces = null } = {}) {
    const state = store.get();
    const at = state.roots.indexOf(reference);
    if (at >= 0 && state.chosen.includes(at))
      return announce(fill(gettext("{title} is already on the bench."), { title }));
    if (replaces === null && state.chosen.length === MAX_PARENTS) {
      return announce(
        fill(gettext("The bench holds at most {most} parents. Take one off first."), {
          most: MAX_PARENTS,
        }),
      );
    }
    const join = (before) => addParent(before, reference);
    store.step(replaces === null ? join(state) : replaceParent(state, replaces, join));
    announce(fill(gettext("{title} added to the parents."), { title }));
  }

  function open({ replaces = null } = {}) {
    replaced = replaces;
    const query = new URLSearchParams({ species: species()?.key ?? "" });
    dialog.replaceChildren(); // What it showed last would be replaced under the pointer.
    window.htmx.ajax("GET", `${root.dataset.choose}?${query}`, {
      target: "#bench-picker",
      swap: "innerHTML",
    });
    if (isWide()) dialog.show();
    else dialog.showModal();
  }

  // words, avoided: what it is painted from and keeps away from, if its species paints from words
  // (gallery/lineage/references.py). graft: the work that it is painted over, and its title.
  async function found({ replaces = null, words = "", avoided = "", graft = "", title = "" } = {}) {
    if (!species()) return;
    const name = words || title || gettext("A new founder");
    // The server draws one that looks like none of the last; words make a picture new by themselves.
    const asked = words || graft ? null : await sown(species().key);
    if (asked) return add(asked, name, { replaces });
    const number = crypto.getRandomValues(new Uint32Array(1))[0];
    // Commas part the parents in addresses.
    const quote = (text) => text.replaceAll("%", "%25").replaceAll(",", "%2C");
    const quoted = quote(words) + (avoided && `%0A${quote(avoided)}`);
    const parts = [graft ? "graft" : "seed", species().key, number, graft, quoted];
    const reference = parts.filter((part) => part !== "").join(":");
    add(reference, name, { replaces });
  }

  // The reference of a founder by chance; null where the server cannot be reached.
  async function sown(key) {
    try {
      const response = await fetch(
        `${root.dataset.founder}?${new URLSearchParams({ species: key })}`,
      );
      return response.ok ? (await response.json()).reference : null;
    } catch {
      return null;
    }
  }

  async function pair() {
    const response = await fetch(root.dataset.pair);
    if (!response.ok) return location.assign(newPair.href);
    store.step(initialState((await response.json()).roots));
    return announce(gettext("Two other works are on the bench. Undo brings the last ones back."));
  }

  opener.addEventListener("click", (event) => {
    event.preventDefault();
    if (opener.getAttribute("aria-disabled") !== "true") open();
  });
  newPair.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    pair();
  });
  closeByPressBeside(dialog);
  dialog.addEventListener("click", (event) => {
    const founder = event.target.closest("[data-founder]");
    const pick = event.target.closest(".bench-pick[data-reference]");
    if ((!pick && !founder) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    dialog.close();
    if (founder) found({ replaces: replaced });
    else add(pick.dataset.reference, pick.dataset.title, { replaces: replaced });
  });
  dialog.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-words]")) return;
    event.preventDefault();
    dialog.close();
    const { words, avoided, graft, title } = Object.fromEntries(new FormData(event.target));
    found({ replaces: replaced, words: words.trim(), avoided: avoided?.trim(), graft, title });
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !dialog.open || dialog.matches(":modal")) return;
    dialog.close();
    opener.focus();
  });

  function show({ chosen }) {
    opener.setAttribute("aria-disabled", String(chosen.length >= MAX_PARENTS));
  }

  return { add, open, found, show };
}
