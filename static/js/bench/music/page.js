// The large piano roll of the tune on the bench, with a playhead: three lines, like a page of
// music. When the tune changes, its notes glide to their new places.

import { pitched, pitchRange } from "./roll.js";
import { beatAt, paintPage } from "./staves.js";

const GLIDE_MS = 70; // In this time a note covers two thirds of its way.
// Notes of the old and the new tune that begin in the same quarter of a beat count as the same
// note.
const SLOT = 4;
// A glide that is drawn more rarely than this cannot be seen, and drawing it would only keep the
// studio from writing the next tune.
const SLOWEST_GLIDE_MS = 60;
// Thirty steps a second look smooth; painting the page at each screen refresh would cost as much as
// writing the tune.
const GLIDE_STEP_MS = 30;

export function makePage(canvas) {
  const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  // The drawn notes: key -> { role, now: [start, end, pitch, opacity], goal: the same }.
  const drawnNotes = new Map();
  let tune = null;
  let span = null; // The pitches in view; they glide too.
  let drawnAt = 0;
  let isGliding = false;
  let size = null; // [width, height] of the canvas in pixels; null when it may have changed.
  const measureAgain = () => (size = null);
  addEventListener("resize", measureAgain);
  new ResizeObserver(measureAgain).observe(canvas);

  function show(next) {
    tune = next;
    for (const drawnNote of drawnNotes.values())
      drawnNote.goal = [...drawnNote.goal.slice(0, 3), 0];
    const seen = new Map();
    for (const [role, notes] of pitched(next)) {
      for (const [start, end, pitch] of notes) {
        const slot = `${role} ${Math.round(start * SLOT)}`;
        const turn = seen.get(slot) ?? 0;
        seen.set(slot, turn + 1);
        const goal = [start, end, pitch, 1];
        const drawnNote = drawnNotes.get(`${slot} ${turn}`);
        if (drawnNote) drawnNote.goal = goal;
        else drawnNotes.set(`${slot} ${turn}`, { role, now: [start, end, pitch, 0], goal });
      }
    }
    span ??= pitchRange(pitched(next));
    if (prefersReducedMotion.matches) glide(Infinity);
  }

  // Moves everything for `ms`. Returns true while something is still moving.
  function glide(ms) {
    const share = 1 - Math.exp(-ms / GLIDE_MS);
    const goal = pitchRange(pitched(tune));
    let isMoving = false;
    const near = (from, to) => {
      if (Math.abs(to - from) < 0.01) return to;
      isMoving = true;
      return from + (to - from) * share;
    };
    span = { high: near(span.high, goal.high), low: near(span.low, goal.low) };
    for (const [key, drawnNote] of drawnNotes) {
      drawnNote.now = drawnNote.now.map((value, at) => near(value, drawnNote.goal[at]));
      if (!drawnNote.goal[3] && drawnNote.now[3] < 0.02) drawnNotes.delete(key);
    }
    return isMoving;
  }

  // Draws once. at: the beat of the playhead, or null. Returns true while something is still
  // moving.
  function draw(now, at) {
    if (!tune) return false;
    const passed = now - drawnAt;
    if (isGliding && passed < GLIDE_STEP_MS) return true;
    const isSlow = isGliding && passed > SLOWEST_GLIDE_MS;
    isGliding = glide(isSlow ? Infinity : Math.min(passed, 50));
    drawnAt = now;
    size ??= [canvas.clientWidth, canvas.clientHeight].map(
      (edge) => Math.round(edge * (devicePixelRatio || 1)) || 512,
    );
    const [width, height] = size;
    if (canvas.width !== width || canvas.height !== height)
      Object.assign(canvas, { width, height });
    paintPage(canvas, { tune, drawnNotes: drawnNotes.values(), span, head: at });
    return isGliding;
  }

  return {
    show,
    draw,
    // The beat at a point of the canvas, given as shares of its width and height.
    beatAt: (shareX, shareY) => (tune ? beatAt({ tune, span, canvas }, shareX, shareY) : 0),
    painted: () => tune,
  };
}
