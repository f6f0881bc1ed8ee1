// Translates the texts of the modules into the language of the page. base.html loads the
// translations (Django's catalogue) before any module. For English there are none: every text
// stands for itself.

export const gettext = (text) => window.django?.gettext?.(text) ?? text;

export const ngettext = (one, many, count) =>
  window.django?.ngettext?.(one, many, count) ?? (count === 1 ? one : many);

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

// A title or name from right to left is isolated, so that it turns nothing else round.
const isolate = (text) => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text);

// Fills the placeholders of a sentence: fill(gettext("{name} is ready."), { name }).
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (braces, name) =>
    name in values ? isolate(String(values[name])) : braces,
  );
}
