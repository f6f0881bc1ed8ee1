// The pedigree of the child on the bench, as the server reads it: published works (roots), then
// breeding steps. Positions count the roots first, then the steps. All functions are pure: they
// take a state and return a new one.

export const MAX_PARENTS = 4;
const MAX_SEED = Number.MAX_SAFE_INTEGER;
// Of breeding (generation/genome.py). A recipe keeps the version it was made with, so that its child
// stays the same; the server leaves out version 1.
const NEWEST = 4;

// The query that opens the bench with these works: `?parents=a,seed:tunes:2`.
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
    version: NEWEST,
  };
}

export function round(value) {
  return Math.round(value * 10000) / 10000;
}

// The state of a bench whose parents are all these roots. hasGenes: an uploaded picture has none, so
// nothing of it is varied.
export function initialState(roots, { hasGenes = true } = {}) {
  const recipe = freshRecipe(roots.length);
  return {
    roots,
    steps: [],
    chosen: roots.map((_, index) => index),
    recipe: hasGenes ? recipe : { ...recipe, mutation_rate: 0 },
    faces: roots.map(() => ""),
    brood: null,
    picked: [],
  };
}

// The bench from which a brood was developed. bed: what the job was given, and its number.
export function developedState({ parents: { roots, steps }, chosen, recipe, job }) {
  return {
    ...initialState(roots),
    steps: steps.map((step) => ({
      ...step,
      recipe: fullRecipe(step.recipe, step.parents.length),
    })),
    chosen,
    recipe: fullRecipe(recipe, chosen.length),
    faces: chosen.map(() => ""),
    brood: { asked: recipe, children: [], job },
  };
}

// The picked children become the parents.
export function breedOn(state, children, faces) {
  const first = state.roots.length + state.steps.length;
  const steps = children.map((recipe) => ({ parents: state.chosen, recipe }));
  return prune({
    ...state,
    steps: [...state.steps, ...steps],
    chosen: children.map((_, index) => first + index),
    faces,
    recipe: freshRecipe(children.length),
    brood: null,
    picked: [],
  });
}

// Adds a work to the present parents. The positions of the steps move up by one, because roots are
// counted first.
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

// Adds a kept seedling to the present parents, with all that it descends from.
export function addSeedling(state, kept) {
  const roots = [...state.roots, ...kept.roots.filter((root) => !state.roots.includes(root))];
  const shift = roots.length - state.roots.length;
  const ofBench = (position) => (position < state.roots.length ? position : position + shift);
  const first = roots.length + state.steps.length - kept.roots.length;
  const ofKept = (position) =>
    position < kept.roots.length ? roots.indexOf(kept.roots[position]) : first + position;
  const moved = (steps, move) =>
    steps.map((step) => ({ ...step, parents: step.parents.map(move) }));
  const child = { parents: kept.chosen, recipe: kept.recipe };
  const steps = [...moved(state.steps, ofBench), ...moved([...kept.steps, child], ofKept)];
  const chosen = [...state.chosen.map(ofBench), roots.length + steps.length - 1];
  return regroup(
    { ...state, roots, steps },
    chosen,
    [...state.faces, kept.face],
    [...state.recipe.weights, 1 / chosen.length],
  );
}

// Puts what `add(state)` would add in the place of a parent, with its share.
export function replaceParent(state, index, add) {
  const added = add(state);
  const swap = (list) => list.slice(0, -1).map((one, at) => (at === index ? list.at(-1) : one));
  return regroup(added, swap(added.chosen), swap(added.faces), state.recipe.weights);
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
  return prune({ ...state, chosen, faces, recipe, brood: null, picked: [] });
}

// Drops the roots and steps that no present parent descends from, and renumbers the others.
export function prune(state) {
  const { roots, steps } = state;
  const needed = new Set(state.chosen);
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    if (needed.has(roots.length + at))
      steps[at].parents.forEach((position) => needed.add(position));
  }
  const positions = [...needed].sort((one, other) => one - other);
  const moved = new Map(positions.map((position, index) => [position, index]));
  return {
    ...state,
    roots: roots.filter((_, position) => needed.has(position)),
    steps: steps
      .filter((_, at) => needed.has(roots.length + at))
      .map((step) => ({ ...step, parents: step.parents.map((position) => moved.get(position)) })),
    chosen: state.chosen.map((position) => moved.get(position)),
  };
}

// A recipe without its defaults, so that a live message stays near 150 bytes.
export function compact(recipe) {
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
    version = 1,
  } = recipe;
  const result = { operator, weights, seed };
  if (Object.keys(mask).length) result.mask = mask;
  if (mutation_rate) result.mutation_rate = mutation_rate;
  const moved = Object.entries(edits).filter(([, amount]) => amount);
  if (moved.length) result.edits = Object.fromEntries(moved);
  if (Object.keys(choices).length) result.choices = choices;
  if (psi !== null) result.psi = psi;
  if (finishing) result.finishing = finishing;
  if (version > 1) result.version = version;
  return result;
}

// A recipe with all its fields: the server leaves out defaults, but the controls need them.
export function fullRecipe(recipe, parents) {
  return { ...freshRecipe(parents), mutation_rate: 0, version: 1, ...recipe };
}

// Whether two recipes give the same child.
export function isSameRecipe(one, other) {
  return JSON.stringify(sorted(compact(one))) === JSON.stringify(sorted(compact(other)));
}

function sorted(value) {
  if (!value || typeof value !== "object" || Array.isArray(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

// The finishing steps of a child: its recipe's, or else the heaviest parent's. parents: what the
// server sent about them; undefined as long as it has not.
export function finishingOf({ finishing, weights }, parents) {
  return finishing ?? parents[weights.indexOf(Math.max(...weights))]?.finishing;
}

// The steps as they are sent to the server. Only the finishing of the heaviest parent is inherited;
// one that nobody inherits is left out, so that a long trail of borrowed styles fits into a
// message.
export function stepsPayload({ roots, steps, chosen }) {
  const needed = new Set(chosen);
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const { parents, recipe } = steps[at];
    if (!needed.has(roots.length + at) || recipe.finishing) continue;
    const { weights } = recipe;
    needed.add(parents[weights ? weights.indexOf(Math.max(...weights)) : 0]);
  }
  return steps.map(({ parents, recipe }, at) => ({
    parents,
    recipe: compact(needed.has(roots.length + at) ? recipe : { ...recipe, finishing: null }),
  }));
}

// The pedigree whose last step is the child in the preview.
export function childPedigree(state) {
  return {
    roots: state.roots,
    steps: [...stepsPayload(state), { parents: state.chosen, recipe: compact(state.recipe) }],
  };
}
