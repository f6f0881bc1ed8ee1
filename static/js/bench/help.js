// The question marks beside genes and finishing steps, with the help that the server sends for a
// species.

import { fill, gettext } from "../core/words.js";

let count = 0;

// Puts a question mark and a popover with the help after `label`, and describes the control by it
// for screen readers.
export function addHelp(label, control, { name, help }) {
  if (!help) return;
  const piece = document.getElementById("bench-help-template").content.cloneNode(true);
  const mark = piece.querySelector("button");
  const words = piece.querySelector("div");
  words.id = `bench-help-${(count += 1)}`;
  words.querySelector("p").textContent = help;
  mark.setAttribute("popovertarget", words.id);
  mark.setAttribute("aria-label", fill(gettext("What “{name}” does"), { name }));
  control?.setAttribute("aria-describedby", words.id);
  label.after(piece);
}
