// What somebody wrote in the publish form, kept for the session until it is published: whoever
// closes the dialog, or loads the page again, finds it there. It belongs to children of the same
// founders; what nobody changed is suggested anew for each child.

const KEY = "arboretum.bench.publish";

function read(roots) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return kept?.roots === String(roots) ? kept.fields : {};
  } catch {
    return {};
  }
}

const fieldsOf = (form) =>
  [...form.elements].filter(({ name, type }) => name && !["hidden", "submit"].includes(type));

function isChanged(field) {
  if (["radio", "checkbox"].includes(field.type)) return field.checked !== field.defaultChecked;
  if (field.options)
    return [...field.options].some(({ selected, defaultSelected }) => selected !== defaultSelected);
  return field.value !== field.defaultValue;
}

// A form that came back with errors counts what was sent as its defaults, so what is kept already
// is kept on.
export function keepDraft(form, roots) {
  const fields = read(roots);
  for (const field of fieldsOf(form)) {
    if (!(field.name in fields) && !isChanged(field)) continue;
    if (field.type === "checkbox") fields[field.name] = field.checked;
    else if (field.type !== "radio" || field.checked) fields[field.name] = field.value;
  }
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ roots: String(roots), fields }));
  } catch {
    // Without storage it is kept as long as the dialog is open.
  }
}

export function fillDraft(form, roots) {
  const fields = read(roots);
  for (const field of fieldsOf(form)) {
    const value = fields[field.name];
    if (value === undefined) continue;
    if (field.type === "checkbox") field.checked = value;
    else if (field.type === "radio") field.checked = field.value === value;
    else if (!field.options || [...field.options].some((option) => option.value === value))
      field.value = value;
  }
}

export function dropDraft() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There is none.
  }
}
