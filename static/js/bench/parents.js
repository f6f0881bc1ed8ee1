// The parents: the ends of the slider, and the list of names and shares below it. An end is a
// button whose menu changes the parent or takes it off.

import { fill, gettext } from "../core/words.js";
import { makeMenu } from "./menus.js";
import { removeParent, round } from "./pedigree.js";
import { drawRange } from "./range.js";

const LETTERS = "ABCD";

// A button with the picture of a parent; `show` sets what it shows.
export function makeEnd(index) {
  const template = document.getElementById("bench-end-template");
  const end = template.content.cloneNode(true).firstElementChild;
  end.dataset.parent = String(index);
  end.setAttribute("aria-describedby", "help-parents");
  end.querySelector(".bench-letter").textContent = LETTERS[index];
  return end;
}

function showEnd(end, parent, face) {
  const image = end.querySelector("img") ?? new Image(44, 44);
  image.alt = "";
  if (!image.parentElement) end.prepend(image);
  end.disabled = false;
  image.hidden = !face;
  if (face && image.getAttribute("src") !== face) image.src = face;
  const values = { letter: LETTERS[end.dataset.parent], title: parent?.title ?? "" };
  end.setAttribute(
    "aria-label",
    fill(gettext("Parent {letter}, {title}: change or remove"), values),
  );
  end.title = parent ? [parent.title, parent.maker].filter(Boolean).join(" · ") : "";
}

export function makeParents(root, { store, picker, announce }) {
  const list = root.querySelector("#bench-parents");
  const pair = root.querySelector("#bench-pair");
  const shares = root.querySelector("#bench-shares");
  const template = document.getElementById("bench-parent-template");
  let known = [];
  let rows = [];
  let built = "";
  const { open, menu } = makeMenu("bench-parent-menu", {
    change: (index) => picker.open({ replaces: index }),
    found: (index) => picker.found({ replaces: index }),
    remove,
  });

  root.querySelector("#bench-blend").addEventListener("click", (event) => {
    const end = event.target.closest(".bench-end");
    if (!end) return;
    const index = Number(end.dataset.parent);
    const parent = known[index];
    const page = menu.querySelector("[data-does=open]");
    menu.querySelector(".menu-title").textContent = end.title;
    page.hidden = !parent?.url;
    if (parent?.url) page.href = parent.url;
    menu.querySelector("[data-does=remove]").disabled = store.get().chosen.length < 2;
    open(end, index);
  });

  function remove(index) {
    const title = known[index]?.title ?? "";
    store.step(removeParent(store.get(), index));
    announce(fill(gettext("{title} taken off the bench."), { title }));
  }

  // With three or more parents each share has a slider of its own, for exact shares and for people
  // who cannot drag the point of the pad. The others keep their proportions in what is left.
  function setShare(index, share) {
    const { weights } = store.get().recipe;
    const rest = weights.reduce((total, weight, at) => total + (at === index ? 0 : weight), 0);
    const left = (weight) => (rest > 0 ? weight / rest : 1 / (weights.length - 1)) * (1 - share);
    const next = weights.map((weight, at) => round(at === index ? share : left(weight)));
    store.touch({ weights: next }, { hold: true });
  }

  // Where there is no room for pad and sliders, one takes the place of the other.
  shares.addEventListener("click", () => {
    const isOn = root.classList.toggle("has-share-sliders");
    shares.setAttribute("aria-pressed", String(isOn));
    if (isOn) list.querySelector("input")?.focus({ preventScroll: true });
  });

  function build(index, parent, count) {
    const row = template.content.cloneNode(true).firstElementChild;
    const values = { letter: LETTERS[index], title: parent.title };
    const link = row.querySelector("a");
    row.dataset.parent = String(index);
    row.querySelector(".bench-letter").textContent = LETTERS[index];
    link.textContent = parent.title;
    if (parent.url) link.href = parent.url;
    row.querySelector(".bench-parent-maker").textContent = parent.maker;
    const button = row.querySelector(".bench-parent-remove");
    button.hidden = count < 3;
    button.setAttribute(
      "aria-label",
      fill(gettext("Take parent {letter}, {title}, off the bench"), values),
    );
    button.addEventListener("click", () => remove(index));
    const range = row.querySelector("input");
    range.hidden = count < 3;
    range.setAttribute(
      "aria-label",
      fill(gettext("Closeness to parent {letter}, {title}"), values),
    );
    range.addEventListener("input", () => setShare(index, Number(range.value)));
    range.addEventListener("change", () => store.release());
    return { row, range, number: row.querySelector(".bench-parent-share") };
  }

  function showPair(count) {
    const ends = pair.querySelectorAll(".bench-end");
    if (count > 2 || ends.length === count) return;
    for (const end of ends) end.remove();
    pair.append(...Array.from({ length: count }, (_, index) => makeEnd(index)));
  }

  return function show(state, species, info) {
    const count = state.chosen.length;
    root.dataset.parents = String(count);
    shares.hidden = count < 3;
    showPair(count);
    if (info.length === count) {
      known = info;
      const wanted = JSON.stringify(info.map(({ title, url, maker }) => [title, url, maker]));
      if (built !== wanted) {
        built = wanted;
        const hadFocus = list.contains(document.activeElement);
        rows = info.map((parent, index) => build(index, parent, count));
        list.replaceChildren(...rows.map(({ row }) => row));
        if (hadFocus) list.querySelector("button:not([hidden])")?.focus();
      }
    }
    for (const end of root.querySelectorAll(".bench-end"))
      showEnd(end, known[end.dataset.parent], state.faces[end.dataset.parent]);
    const sum = state.recipe.weights.reduce((total, weight) => total + weight, 0);
    rows.forEach(({ range, number }, index) => {
      const weight = state.recipe.weights[index] ?? 0;
      number.textContent = count > 1 ? `${Math.round((100 * weight) / sum)} %` : "";
      range.value = String(sum > 0 ? weight / sum : 0);
      range.setAttribute("aria-valuetext", number.textContent);
      drawRange(range);
    });
  };
}
