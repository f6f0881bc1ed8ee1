// Translates the texts of the modules into the language of the page. base.html loads the
// translations (Django's catalogue) before any module. For English there are none: every text
// stands for itself.

export const gettext = (text) => window.django?.gettext?.(text) ?? text;

export const ngettext = (one, many, count) =>
  window.django?.ngettext?.(one, many, count) ?? (count === 1 ? one : many);

// Fills the placeholders of a sentence: fill(gettext("{name} is ready."), { name }).
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (braces, name) =>
    name in values ? String(values[name]) : braces,
  );
}
