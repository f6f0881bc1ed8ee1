// The state of the bench, its history, and the copy in the session's storage. Everything on screen
// is drawn from the state.

const KEY = "arboretum.bench";
const LAST_KEY = "arboretum.bench.last";
const MAX_TOUCHES = 80;

export function makeStore(first) {
  let state = first;
  let history = []; // [{ state, kind }]: kind "touch" is a slider, "step" other parents.
  let future = []; // What was undone, in the same form; the last is the next to be done again.
  let isHeld = false; // Between the first move of a slider and its release.
  const listeners = new Set();

  function publish(before) {
    listeners.forEach((listener) => listener(state, before));
  }

  function remember(kind) {
    future = [];
    history.push({ state, kind });
    const touches = history.filter((entry) => entry.kind === "touch");
    if (touches.length > MAX_TOUCHES) history.splice(history.indexOf(touches[0]), 1);
  }

  // Moves along the history; each entry holds the state on the other side of its change.
  function go(from, to, count = 1) {
    if (!from.length) return;
    const before = state;
    for (let left = count; left; left -= 1) {
      const { state: other, kind } = from.pop();
      to.push({ state, kind });
      state = other;
    }
    isHeld = false;
    publish(before);
  }

  return {
    get: () => state,
    steps: () => history.filter((entry) => entry.kind === "step").map((entry) => entry.state),
    canUndo: () => history.length > 0,
    canRedo: () => future.length > 0,
    subscribe: (listener) => listeners.add(listener),

    // Changes the recipe. While a slider is held, its whole drag is one entry in the history.
    touch(recipe, { hold = false, also = {} } = {}) {
      const before = state;
      if (!isHeld) remember("touch");
      isHeld = hold;
      state = { ...state, recipe: { ...state.recipe, ...recipe }, ...also };
      publish(before);
    },
    release() {
      isHeld = false;
    },
    isHeld: () => isHeld,
    // Changes the parents: a step of the trail.
    step(next) {
      const before = state;
      isHeld = false;
      remember("step");
      state = next;
      publish(before);
    },
    // Changes what needs no entry in the history: a brood that arrived, a face that was drawn.
    update(patch) {
      const before = state;
      state = { ...state, ...patch };
      publish(before);
    },
    undo: () => go(history, future),
    redo: () => go(future, history),
    // Returns to the parents of an earlier step of the trail; everything after it can be redone.
    backTo(number) {
      let seen = -1;
      const at = history.findIndex((entry) => entry.kind === "step" && (seen += 1) === number);
      if (at >= 0) go(history, future, history.length - at);
    },
    save() {
      try {
        sessionStorage.setItem(
          KEY,
          JSON.stringify({
            state,
            history: history.slice(-40),
            future: future.slice(-40),
            search: location.search,
          }),
        );
      } catch {
        // Storage is full or unavailable: the bench works, but ends with the page.
      }
    },
    restore(saved) {
      ({ state, history, future = [] } = saved);
    },
  };
}

// What the session has saved, or null. `last`: the bench that another one replaced.
export function loadSaved({ last = false } = {}) {
  try {
    const found = JSON.parse(sessionStorage.getItem(last ? LAST_KEY : KEY));
    return found?.state?.roots?.length && Array.isArray(found.history) ? found : null;
  } catch {
    return null;
  }
}

export function saveAsLast(saved) {
  try {
    sessionStorage.setItem(LAST_KEY, JSON.stringify(saved));
    return true;
  } catch {
    return false;
  }
}
