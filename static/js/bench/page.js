// The large roll of the tune on the bench: three lines like a page of music, whose notes glide to
// their new places when the
// tune changes, with a playhead.

import { pitched, reach } from "./music/roll.js";
import { beatAt, paintPage } from "./music/staves.js";

const GLIDE_MS = 70; // Within so long, a note covers two thirds of its way.
// Notes that begin in the same quarter of a beat are taken for the same note of the old tune and
// the new.
const SLOT = 4;

export function makePage(canvas) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");
  // What is drawn: key -> { role, now: [start, end, pitch, opacity], goal: the same }.
  const marks = new Map();
  let tune = null;
  let span = null; // The pitches in sight, gliding too.
  let drawnAt = 0;

  function show(next) {
    tune = next;
    for (const mark of marks.values()) mark.goal = [...mark.goal.slice(0, 3), 0];
    const seen = new Map();
    for (const [role, notes] of pitched(next)) {
      for (const [start, end, pitch] of notes) {
        const slot = `${role} ${Math.round(start * SLOT)}`;
        const turn = seen.get(slot) ?? 0;
        seen.set(slot, turn + 1);
        const goal = [start, end, pitch, 1];
        const mark = marks.get(`${slot} ${turn}`);
        if (mark) mark.goal = goal;
        else marks.set(`${slot} ${turn}`, { role, now: [start, end, pitch, 0], goal });
      }
    }
    span ??= reach(pitched(next));
    if (isStill.matches) glide(Infinity);
  }

  // Move everything for `ms`; true while something is still on its way.
  function glide(ms) {
    const share = 1 - Math.exp(-ms / GLIDE_MS);
    const goal = reach(pitched(tune));
    let isMoving = false;
    const near = (from, to) => {
      if (Math.abs(to - from) < 0.01) return to;
      isMoving = true;
      return from + (to - from) * share;
    };
    span = { high: near(span.high, goal.high), low: near(span.low, goal.low) };
    for (const [key, mark] of marks) {
      mark.now = mark.now.map((value, at) => near(value, mark.goal[at]));
      if (!mark.goal[3] && mark.now[3] < 0.02) marks.delete(key);
    }
    return isMoving;
  }

  // Draw once; true while another picture is worth drawing. at: the beat of the playhead, or null.
  function draw(now, at) {
    if (!tune) return false;
    const isMoving = glide(Math.min(now - drawnAt, 50));
    drawnAt = now;
    const edge = Math.round(canvas.clientWidth * (devicePixelRatio || 1)) || 512;
    if (canvas.width !== edge) canvas.width = canvas.height = edge;
    paintPage(canvas, { tune, marks: marks.values(), span, head: at });
    return isMoving;
  }

  return {
    show,
    draw,
    // The beat under a place of the canvas, both shares of its edge.
    beatAt: (shareX, shareY) =>
      tune ? beatAt({ tune, span, edge: canvas.width }, shareX, shareY) : 0,
    painted: () => tune,
  };
}
