// The sentences of the modules in the page's language. base.html loads the translations (Django's
// catalogue) before any module;
// in English there are none, and every text stands for itself.

export const gettext = (text) => window.django?.gettext?.(text) ?? text;

export const ngettext = (one, many, count) =>
  window.django?.ngettext?.(one, many, count) ?? (count === 1 ? one : many);

// Puts values into the braces of a sentence: fill(gettext("{name} is ready."), { name }).
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (braces, name) =>
    name in values ? String(values[name]) : braces,
  );
}
