// Completes tags: below a field with `data-completes`, the tags in use that begin with what is being
// typed, as a list for mouse, keyboard and screen readers (the ARIA pattern "combobox"). Fields may
// come with htmx later, so the whole page is listened to. Without this, tags are typed in full.

const SEPARATORS = /[,;，；、]/;
const WAIT_MS = 120;

let list = null; // What is shown: { field, box, active }.
let waiting = 0;
let asked = 0;

const isTagField = (element) => element.matches?.("input[data-completes]");

// The tag around the caret: where it begins and ends in the field, and its text.
function current(field) {
  const { value, selectionStart: caret } = field;
  let start = caret;
  while (start > 0 && !SEPARATORS.test(value[start - 1])) start -= 1;
  let end = caret;
  while (end < value.length && !SEPARATORS.test(value[end])) end += 1;
  return { start, end, text: value.slice(start, end).trim().replace(/^#+/, "") };
}

function close() {
  if (!list) return;
  list.box.remove();
  list.field.setAttribute("aria-expanded", "false");
  list.field.removeAttribute("aria-activedescendant");
  list = null;
}

function choose(name) {
  const { field } = list;
  const { start, end } = current(field);
  const rest = field.value.slice(end).replace(/^[,;，；、]\s*/, "");
  const before = field.value.slice(0, start).trimEnd();
  const head = `${before}${before ? " " : ""}${name}, `;
  field.value = head + rest;
  field.focus();
  field.setSelectionRange(head.length, head.length);
  close();
}

function activate(step) {
  const options = [...list.box.children];
  options[list.active]?.setAttribute("aria-selected", "false");
  // One place more than there are tags: the field itself.
  list.active = ((list.active + 1 + step + options.length + 1) % (options.length + 1)) - 1;
  const option = options[list.active];
  if (option) {
    option.setAttribute("aria-selected", "true");
    list.field.setAttribute("aria-activedescendant", option.id);
  } else list.field.removeAttribute("aria-activedescendant");
}

function show(field, names) {
  close();
  if (!names.length) return;
  const box = Object.assign(document.createElement("ul"), {
    id: `${field.id}_completion`,
    className: "completion",
    role: "listbox",
  });
  box.setAttribute("aria-label", field.dataset.completionLabel);
  for (const [place, name] of names.entries()) {
    const option = Object.assign(document.createElement("li"), {
      id: `${box.id}_${place}`,
      className: "chip",
      role: "option",
      textContent: name,
      dir: "auto",
    });
    option.setAttribute("aria-selected", "false");
    // On pointerdown, because a click would first take the focus from the field and close the list.
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(name);
    });
    box.append(option);
  }
  field.after(box);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", box.id);
  field.setAttribute("aria-expanded", "true");
  list = { field, box, active: -1 };
  box.scrollIntoView({ block: "nearest" });
}

async function ask(field) {
  const { text } = current(field);
  const number = (asked += 1);
  if (!text) return close();
  const answer = await fetch(`${field.dataset.completes}?${new URLSearchParams({ q: text })}`);
  if (!answer.ok || number !== asked || document.activeElement !== field) return;
  const { tags } = await answer.json();
  const typed = field.value.split(SEPARATORS).map((tag) => tag.trim().toLowerCase());
  if (number === asked)
    show(
      field,
      tags.filter((name) => !typed.includes(name.toLowerCase())),
    );
}

document.addEventListener("input", ({ target }) => {
  if (!isTagField(target)) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(target), WAIT_MS);
});

document.addEventListener("focusout", ({ target }) => list?.field === target && close());

document.addEventListener("keydown", (event) => {
  if (list?.field !== event.target || event.isComposing) return;
  if (event.key === "ArrowDown") activate(1);
  else if (event.key === "ArrowUp") activate(-1);
  else if (event.key === "Enter" && list.active >= 0)
    choose(list.box.children[list.active].textContent);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault(); // The caret, the form and a dialog around it stay as they are.
});
