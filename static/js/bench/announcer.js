// Announces to screen readers what has changed, in one sentence once the controls have been at
// rest.

import { fill, gettext } from "../core/words.js";
import { percents } from "./pad.js";

const REST_MS = 700;
const LETTERS = "ABCD";

export function makeAnnouncer(region) {
  let timer = 0;
  let from = null;

  function announce(sentence) {
    // Screen readers skip a text that has not changed.
    region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
  }

  function describeChange(after, before, info, species) {
    from ??= before;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const sentence = describe(from.recipe, after.recipe, info, species);
      from = null;
      if (sentence) announce(sentence);
    }, REST_MS);
  }

  return { announce, describeChange };
}

export function describe(before, after, info, species) {
  const parts = [];
  if (
    before.weights.length === after.weights.length &&
    String(before.weights) !== String(after.weights)
  ) {
    const more = after.weights.map((weight, index) => weight - before.weights[index]);
    const most = more.indexOf(Math.max(...more));
    const values = {
      parent: LETTERS[most],
      title: info[most]?.title,
      shares: percents(after.weights),
    };
    parts.push(
      fill(
        info[most]
          ? gettext("More of {parent}, {title}: {shares}")
          : gettext("More of {parent}: {shares}"),
        values,
      ),
    );
  }
  if (before.mutation_rate !== after.mutation_rate) {
    parts.push(fill(gettext("Surprise {n} %"), { n: Math.round(100 * after.mutation_rate) }));
  }
  if (before.operator !== after.operator) {
    parts.push(
      after.operator === "blend"
        ? gettext("Melted together")
        : gettext("Put together like patchwork"),
    );
  }
  if (before.seed !== after.seed && before.operator === after.operator)
    parts.push(gettext("Rolled again"));
  for (const { key, label, low, high } of species?.sliders ?? []) {
    const [was, is] = [before.edits[key] ?? 0, after.edits[key] ?? 0];
    if (was === is) continue;
    const values = { label, n: Math.round(100 * Math.abs(is)), end: is > 0 ? high : low };
    parts.push(
      fill(is ? gettext("{label} {n} % towards {end}") : gettext("{label} as bred"), values),
    );
  }
  for (const { key, label } of species?.groups ?? []) {
    if (before.mask[key] === after.mask[key]) continue;
    const values = { label, parent: LETTERS[after.mask[key]] };
    parts.push(
      fill(
        values.parent ? gettext("{label} from {parent}") : gettext("{label} from all parents"),
        values,
      ),
    );
  }
  for (const { key, label, options } of species?.choices ?? []) {
    const is = after.choices?.[key];
    const chosen = options.find(([value]) => value === is)?.[1] ?? gettext("as bred");
    if (before.choices?.[key] !== is)
      parts.push(fill(gettext("{label}: {chosen}"), { label, chosen }));
  }
  const psi = after.psi ?? null;
  if ((before.psi ?? null) !== psi) {
    parts.push(
      psi === null
        ? gettext("Character as bred")
        : fill(gettext("Character {n} %"), { n: Math.round(100 * psi) }),
    );
  }
  parts.push(...describeFinish(before.finishing, after.finishing, species?.steps ?? []));
  return parts
    .slice(0, 3)
    .map((part) => fill(gettext("{part}."), { part }))
    .join(" ");
}

function describeFinish(before, after, steps) {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!after) return [gettext("Finished like the parent")];
  const on = (list, name) => list?.some(([other]) => other === name) ?? false;
  const switched = before ? steps.filter(({ name }) => on(before, name) !== on(after, name)) : [];
  if (!switched.length) return [gettext("Finishing changed")];
  return switched.map(({ name, label }) =>
    fill(on(after, name) ? gettext("{label} on") : gettext("{label} off"), { label }),
  );
}
