// What is on the bench, its history, and its copy in the session's storage. Everything on screen
// follows from the state.

const KEY = "arboretum.bench";
const LAST_KEY = "arboretum.bench.last";
const MAX_TOUCHES = 80;

export function makeStore(first) {
  let state = first;
  let history = []; // [{ state, kind }]: kind "touch" is a slider, "step" other parents.
  let isHeld = false; // Between the first move of a slider and its release.
  const listeners = new Set();

  function publish(before) {
    listeners.forEach((listener) => listener(state, before));
  }

  function remember(kind) {
    history.push({ state, kind });
    const touches = history.filter((entry) => entry.kind === "touch");
    if (touches.length > MAX_TOUCHES) history.splice(history.indexOf(touches[0]), 1);
  }

  return {
    get: () => state,
    steps: () => history.filter((entry) => entry.kind === "step").map((entry) => entry.state),
    canUndo: () => history.length > 0,
    subscribe: (listener) => listeners.add(listener),

    // A change of the recipe. While a slider is held, its whole drag is one entry of the history.
    touch(recipe, { hold = false, also = {} } = {}) {
      const before = state;
      if (!isHeld) remember("touch");
      isHeld = hold;
      state = { ...state, recipe: { ...state.recipe, ...recipe }, shown: null, ...also };
      publish(before);
    },
    release() {
      isHeld = false;
    },
    // Other parents: a step of the trail.
    step(next) {
      const before = state;
      isHeld = false;
      remember("step");
      state = next;
      publish(before);
    },
    // Something that is not worth an entry of its own: the brood that came, a face that was drawn.
    note(patch) {
      const before = state;
      state = { ...state, ...patch };
      publish(before);
    },
    undo() {
      if (!history.length) return;
      const before = state;
      state = history.pop().state;
      isHeld = false;
      publish(before);
    },
    // Back to the parents of an earlier step of the trail; it leaves the history with everything
    // after it.
    backTo(number) {
      const before = state;
      let seen = -1;
      const at = history.findIndex((entry) => entry.kind === "step" && (seen += 1) === number);
      if (at < 0) return;
      state = history[at].state;
      history = history.slice(0, at);
      publish(before);
    },
    save() {
      try {
        sessionStorage.setItem(
          KEY,
          JSON.stringify({ state, history: history.slice(-40), search: location.search }),
        );
      } catch {
        // Storage is full or closed: the bench works, it is only forgotten with the page.
      }
    },
    restore(kept) {
      ({ state, history } = kept);
    },
  };
}

// What the session remembers, or null. A bench that another one replaced is kept as the last one.
export function kept({ last = false } = {}) {
  try {
    const found = JSON.parse(sessionStorage.getItem(last ? LAST_KEY : KEY));
    return found?.state?.roots?.length && Array.isArray(found.history) ? found : null;
  } catch {
    return null;
  }
}

export function keepAsLast(remembered) {
  try {
    sessionStorage.setItem(LAST_KEY, JSON.stringify(remembered));
    return true;
  } catch {
    return false;
  }
}
