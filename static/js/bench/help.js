// The help that the server sends with a species, for genes and finishing steps.

let count = 0;

// Describes a control by its help: for screen readers, and for the line that explains (explains.js)
// while the row of `label` has the hover or the focus. low, high: the ends of a slider, if any.
export function addHelp(label, control, { name, help, low = "", high = "" }) {
  if (!help) return;
  const words = document.createElement("span");
  words.id = `bench-help-${(count += 1)}`;
  words.hidden = true;
  words.textContent = help;
  words.dataset.name = name;
  if (low && high) words.dataset.ends = `${low} ↔ ${high}`;
  control?.setAttribute("aria-describedby", words.id);
  label.after(words);
  (label.closest("fieldset, .bench-gene") ?? label.parentElement).dataset.help = words.id;
}
