// A surprise pair blends back and forth by itself until somebody touches the bench, to show what
// the slider does.

const SECONDS = 14;
const STEP_MS = 110;

// isReady(): whether the first brood has grown, which would have to wait for a moving slider.
export function drift(store, root, isReady) {
  const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (prefersReducedMotion || store.get().chosen.length !== 2) return;
  let started = 0;
  const timer = setInterval(() => {
    if (!started && !isReady()) return;
    started ||= performance.now();
    const seconds = (performance.now() - started) / 1000;
    if (seconds > SECONDS) return stop();
    if (document.hidden) return;
    const toB =
      Math.round(1000 * (0.5 + 0.42 * Math.sin((2 * Math.PI * seconds) / SECONDS))) / 1000;
    const { recipe } = store.get();
    store.update({ recipe: { ...recipe, weights: [Math.round(1000 * (1 - toB)) / 1000, toB] } });
  }, STEP_MS);

  function stop() {
    clearInterval(timer);
    for (const kind of ["pointerdown", "keydown"]) root.removeEventListener(kind, stop, true);
  }
  for (const kind of ["pointerdown", "keydown"]) root.addEventListener(kind, stop, true);
}
