// The way from published works to the child on the bench, as the server reads it: roots, then
// steps. Positions count roots
// first. Everything here is pure: state in, new state out.

export const MAX_PARENTS = 4;
const MAX_SEED = Number.MAX_SAFE_INTEGER;

// The query under which these works lie on the bench, as people write it:
// `?parents=a,seed:tunes:2`.
export function addressOf(roots) {
  const names = roots
    .slice(0, MAX_PARENTS)
    .map((root) => encodeURIComponent(root).replaceAll("%3A", ":"));
  return `?parents=${names.join(",")}`;
}

export function randomSeed() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high * 2 ** 21 + (low >>> 11)) % MAX_SEED;
}

export function freshRecipe(parents) {
  return {
    operator: "blend",
    weights: Array(parents).fill(round(1 / parents)),
    mask: {},
    mutation_rate: parents === 1 ? 0.15 : 0,
    edits: {},
    seed: randomSeed(),
    psi: null,
    choices: {},
    finishing: null,
  };
}

export function round(value) {
  return Math.round(value * 10000) / 10000;
}

// The bench with other roots, all of them parents.
export function begin(roots) {
  return {
    roots,
    steps: [],
    chosen: roots.map((_, index) => index),
    recipe: freshRecipe(roots.length),
    faces: roots.map(() => ""),
    brood: null,
    picked: [],
    shown: null,
  };
}

// The picked children become the parents.
export function breedOn(state, children, faces) {
  const first = state.roots.length + state.steps.length;
  const steps = children.map((recipe) => ({ parents: state.chosen, recipe }));
  return tidy({
    ...state,
    steps: [...state.steps, ...steps],
    chosen: children.map((_, index) => first + index),
    faces,
    recipe: freshRecipe(children.length),
    brood: null,
    picked: [],
    shown: null,
  });
}

// A further work beside the present parents. The steps move up by one, because roots are counted
// first.
export function addParent(state, reference) {
  const known = state.roots.indexOf(reference);
  const at = known >= 0 ? known : state.roots.length;
  const shift = (position) => (known < 0 && position >= at ? position + 1 : position);
  const roots = known >= 0 ? state.roots : [...state.roots, reference];
  const steps = state.steps.map((step) => ({ ...step, parents: step.parents.map(shift) }));
  const chosen = [...state.chosen.map(shift), at];
  return regroup(
    { ...state, roots, steps },
    chosen,
    [...state.faces, ""],
    [...state.recipe.weights, 1 / chosen.length],
  );
}

export function removeParent(state, index) {
  const without = (list) => list.filter((_, at) => at !== index);
  return regroup(state, without(state.chosen), without(state.faces), without(state.recipe.weights));
}

function regroup(state, chosen, faces, weights) {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const even = sum < 0.001;
  const recipe = {
    ...state.recipe,
    mask: {},
    weights: weights.map((weight) => round(even ? 1 / weights.length : weight / sum)),
  };
  return tidy({ ...state, chosen, faces, recipe, brood: null, picked: [], shown: null });
}

// Leave out the roots and steps that no present parent descends from, and count anew.
export function tidy(state) {
  const { roots, steps } = state;
  const needed = new Set(state.chosen);
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    if (needed.has(roots.length + at))
      steps[at].parents.forEach((position) => needed.add(position));
  }
  const kept = [...Array(roots.length + steps.length).keys()].filter((position) =>
    needed.has(position),
  );
  const moved = new Map(kept.map((position, index) => [position, index]));
  return {
    ...state,
    roots: roots.filter((_, position) => needed.has(position)),
    steps: steps
      .filter((_, at) => needed.has(roots.length + at))
      .map((step) => ({ ...step, parents: step.parents.map((position) => moved.get(position)) })),
    chosen: state.chosen.map((position) => moved.get(position)),
  };
}

// What a recipe says, without what stands at its default: a live message stays near 150 bytes.
export function brief(recipe) {
  const {
    operator,
    weights,
    mask = {},
    mutation_rate,
    edits = {},
    seed,
    psi = null,
    choices = {},
    finishing = null,
  } = recipe;
  const said = { operator, weights, seed };
  if (Object.keys(mask).length) said.mask = mask;
  if (mutation_rate) said.mutation_rate = mutation_rate;
  const moved = Object.entries(edits).filter(([, amount]) => amount);
  if (moved.length) said.edits = Object.fromEntries(moved);
  if (Object.keys(choices).length) said.choices = choices;
  if (psi !== null) said.psi = psi;
  if (finishing) said.finishing = finishing;
  return said;
}

// The server leaves out defaults too; the controls need every field.
export function full(recipe, parents) {
  return { ...freshRecipe(parents), mutation_rate: 0, ...recipe };
}

// The steps as the server is told them. A finishing that nobody inherits any more is left out: only
// the heaviest parent's is
// handed down, so a long trail of borrowed styles stays within the length of a message.
export function toldSteps({ roots, steps, chosen }) {
  const needed = new Set(chosen);
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const { parents, recipe } = steps[at];
    if (!needed.has(roots.length + at) || recipe.finishing) continue;
    const { weights } = recipe;
    needed.add(parents[weights ? weights.indexOf(Math.max(...weights)) : 0]);
  }
  return steps.map(({ parents, recipe }, at) => ({
    parents,
    recipe: brief(needed.has(roots.length + at) ? recipe : { ...recipe, finishing: null }),
  }));
}

// The pedigree whose last step is the child in the preview.
export function ofChild(state) {
  return {
    roots: state.roots,
    steps: [...toldSteps(state), { parents: state.chosen, recipe: brief(state.recipe) }],
  };
}
