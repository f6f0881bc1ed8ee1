// What the folds of the publish form hold, in a few words beside their names.

import { fill, gettext, ngettext } from "../core/words.js";

function wordsSum(form) {
  const tags = new Set(
    form
      .querySelector("[name=tags]")
      .value.split(",")
      .map((tag) => tag.trim().toLowerCase())
      .filter(Boolean),
  ).size;
  const isDescribed = form.querySelector("[name=alt_text]").value.trim();
  return [
    tags ? fill(ngettext("{n} tag", "{n} tags", tags), { n: tags }) : gettext("no tags"),
    isDescribed ? gettext("described") : gettext("not described"),
  ];
}

function printSum(form) {
  const size = form.querySelector("[name=size]");
  const mayBeBred = form.querySelector("[name=may_be_bred]").checked;
  return [
    ...(size ? [fill(gettext("{n} px"), { n: size.value })] : []),
    mayBeBred ? gettext("may be bred") : gettext("may not be bred"),
  ];
}

const SUMS = { words: wordsSum, print: printSum };

export function showSums(form) {
  for (const fold of form.querySelectorAll("[data-sum]"))
    fold.querySelector("[data-sum-words]").textContent = SUMS[fold.dataset.sum](form).join(" · ");
}
