// One group of looks: radio buttons drawn as pictures of the child, each with its name.

import { fill } from "../../core/words.js";
import { makeMemory } from "./looks.js";

let count = 0;

function tile(group, { value, label, swatches }) {
  const piece = document
    .getElementById("bench-look-template")
    .content.cloneNode(true).firstElementChild;
  const input = piece.querySelector("input");
  Object.assign(input, { name: group, value });
  piece.title = label;
  piece.querySelector(".look-name").textContent = label;
  const square = piece.querySelector(".look-square");
  square.classList.toggle("is-none", value === "");
  for (const colour of swatches ?? []) {
    const drop = document.createElement("i");
    drop.style.background = colour;
    square.append(drop);
  }
  const image = Object.assign(new Image(112, 112), { alt: "", hidden: true });
  square.append(image);
  return { piece, input, image, value };
}

// options: [{ value, label, swatches }], the first one without the look. of: { step } or { choice },
// as the socket names it. first: the values that are shown before "All ..."; all of them if absent.
// onChange(value): a look was chosen.
export function makeLookGroup(
  looks,
  { label, options, of, first, all, columns = 4, onChange, withPicture = true },
) {
  const piece = document
    .getElementById("bench-looks-template")
    .content.cloneNode(true).firstElementChild;
  const grid = piece.querySelector(".looks");
  const more = piece.querySelector(".looks-more");
  const memory = makeMemory();
  const tiles = options.map((option) => tile(`bench-look-${count}`, option));
  count += 1;
  let child = { key: "", recipe: null };
  let chosen = "";
  let isWhole = !first;
  let deadline = 0;

  grid.setAttribute("aria-label", label);
  grid.classList.toggle("is-three", columns === 3);
  grid.append(...tiles.map((one) => one.piece));
  more.textContent = fill(all ?? "", { n: options.length - 1 });
  more.addEventListener("click", () => {
    isWhole = true;
    arrange();
    tiles.find(({ piece: one }) => one.dataset.added)?.input.focus();
    looks.rest();
  });
  for (const { input, value } of tiles)
    input.addEventListener("change", () => input.checked && onChange(value));
  grid.classList.toggle("is-named", !withPicture);
  const entry = {
    of,
    key: () => child.key,
    recipe: () => child.recipe,
    // Neither in a closed fold nor behind a tab.
    isSeen: () => piece.closest("details").open && piece.offsetParent !== null,
    missing: () => shown().filter((value) => !memory.of(child.key).has(value)),
    receive,
    wait,
    refuse: () => grid.classList.toggle("is-named", !hasPictures()),
  };
  if (withPicture) {
    looks.add(entry);
    // A fold or a tab was opened.
    new IntersectionObserver(looks.rest).observe(piece);
  }

  const hasPictures = () => tiles.some(({ image }) => !image.hidden);

  function shown() {
    return tiles.filter(({ piece: one }) => !one.hidden).map(({ value }) => value);
  }

  function arrange() {
    for (const { piece: one, value } of tiles) {
      const isFirst = isWhole || value === "" || value === chosen || first.includes(value);
      if (isFirst && one.hidden) one.dataset.added = "yes";
      one.hidden = !isFirst;
    }
    more.hidden = isWhole;
  }

  function draw() {
    const pictures = memory.of(child.key);
    for (const { image, value } of tiles) {
      const picture = pictures.get(value);
      if (picture && image.src !== picture) image.src = picture;
      image.hidden = !picture && !image.src;
      image.classList.toggle("is-stale", !picture);
    }
  }

  function receive(key, value, picture) {
    memory.keep(key, value, picture);
    clearTimeout(deadline);
    grid.classList.remove("is-named");
    if (key === child.key) draw();
    if (shown().some((one) => !memory.of(child.key).has(one))) wait(20_000);
  }

  function wait(time) {
    clearTimeout(deadline);
    deadline = setTimeout(() => grid.classList.toggle("is-named", !hasPictures()), time);
  }

  return {
    piece,
    remove: () => looks.remove(entry),
    rename(value, name) {
      const { piece: one } = tiles.find((each) => each.value === value);
      one.title = one.querySelector(".look-name").textContent = name;
    },
    // next: { key, recipe } of the child without this look; value: the look that it has.
    show(next, value) {
      [child, chosen] = [next, value];
      for (const { input, value: own } of tiles) input.checked = own === value;
      arrange();
      draw();
      if (withPicture && entry.missing().length) looks.rest();
    },
  };
}
