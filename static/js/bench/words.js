// What changed, in a sentence for people who listen instead of looking; never more than one a rest.

import { percents } from "./pad.js";

const REST_MS = 700;
const LETTERS = "ABCD";

export function makeWords(region) {
  let timer = 0;
  let from = null;

  function say(sentence) {
    // The same words twice would not be read again.
    region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
  }

  function changed(after, before, info, species) {
    from ??= before;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const sentence = describe(from.recipe, after.recipe, info, species);
      from = null;
      if (sentence) say(sentence);
    }, REST_MS);
  }

  return { say, changed };
}

export function describe(before, after, info, species) {
  const said = [];
  if (before.weights.length === after.weights.length && String(before.weights) !== String(after.weights)) {
    const more = after.weights.map((weight, index) => weight - before.weights[index]);
    const most = more.indexOf(Math.max(...more));
    said.push(`More of ${LETTERS[most]}${info[most] ? `, ${info[most].title}` : ""}: ${percents(after.weights)}`);
  }
  if (before.mutation_rate !== after.mutation_rate) said.push(`Surprise ${Math.round(100 * after.mutation_rate)} %`);
  if (before.operator !== after.operator) said.push(after.operator === "blend" ? "Melted together" : "Put together like patchwork");
  if (before.seed !== after.seed && before.operator === after.operator) said.push("Rolled anew");
  for (const { key, label, low, high } of species?.sliders ?? []) {
    const [was, is] = [before.edits[key] ?? 0, after.edits[key] ?? 0];
    if (was !== is) said.push(is ? `${label} ${Math.round(100 * Math.abs(is))} % towards ${is > 0 ? high : low}` : `${label} as bred`);
  }
  for (const { key, label } of species?.groups ?? []) {
    if (before.mask[key] === after.mask[key]) continue;
    said.push(after.mask[key] === undefined ? `${label} from all parents` : `${label} from ${LETTERS[after.mask[key]]}`);
  }
  for (const { key, label, options } of species?.choices ?? []) {
    const is = after.choices?.[key];
    if (before.choices?.[key] !== is) said.push(`${label}: ${options.find(([value]) => value === is)?.[1] ?? "as bred"}`);
  }
  if ((before.psi ?? null) !== (after.psi ?? null)) said.push((after.psi ?? null) === null ? "Character as bred" : `Character ${Math.round(100 * after.psi)} %`);
  said.push(...describeFinish(before.finishing, after.finishing, species?.steps ?? []));
  return said.length ? `${said.slice(0, 3).join(". ")}.` : "";
}

function describeFinish(before, after, steps) {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!after) return ["Finished as the parent"];
  const on = (list, name) => list?.some(([other]) => other === name) ?? false;
  const switched = before ? steps.filter(({ name }) => on(before, name) !== on(after, name)) : [];
  return switched.length ? switched.map(({ name, label }) => `${label} ${on(after, name) ? "on" : "off"}`) : ["Finish changed"];
}
