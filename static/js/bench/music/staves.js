// Paints a tune as a page of three lines: section and chord names, bars, the notes of every part,
// drums as ticks, and a playhead.

import { COLOURS, DRUM_COLOUR, background, PAD_OPACITY } from "./roll.js";

const LINES = 3;
const BEATS_A_BAR = 4;
const WORDS = "#fffdf8";
const QUIET = "#b8c4bb";
const MIN_NOTE_HEIGHT = 3; // Pixels.
const BAR = "rgb(255 253 248 / 9%)";

// What stays the same while notes glide and the playhead moves, painted once for each tune.
const backdrop = { canvas: document.createElement("canvas"), tune: null, family: "" };

// tune: as the studio sends it; drawnNotes: [{ role, now: [start, end, pitch, opacity], goal }];
// span: the { high, low } pitches; head: the beat of the playhead, or null.
export function paintPage(canvas, { tune, drawnNotes, span, head }) {
  const context = canvas.getContext("2d", { alpha: false });
  const box = layout({ tune, span, canvas });
  const byRole = Object.fromEntries(Object.keys(COLOURS).map((role) => [role, []]));
  for (const note of drawnNotes) byRole[note.role].push(note);
  const { width, height } = backdrop.canvas;
  if (backdrop.tune !== tune || width !== canvas.width || height !== canvas.height)
    paintBackdrop(canvas, box, tune);
  context.drawImage(backdrop.canvas, 0, 0);
  for (const [role, own] of Object.entries(byRole)) paintPart(context, box, span, role, own, head);
  if (head !== null) paintHead(context, box, Math.min(head, tune.beats - 0.001));
}

function paintBackdrop(page, box, tune) {
  const { width, height } = page;
  backdrop.tune = tune;
  backdrop.family ||= getComputedStyle(page).fontFamily;
  Object.assign(backdrop.canvas, { width, height });
  const context = backdrop.canvas.getContext("2d", { alpha: false });
  context.fillStyle = background(tune);
  context.fillRect(0, 0, width, height);
  context.font = `${box.font}px ${backdrop.family}`;
  for (let line = 0; line < LINES; line += 1) paintLine(context, box, tune, line);
  paintDrums(context, box, tune);
}

// The beat at a point of the page, given as shares of its width and height.
export function beatAt({ tune, span, canvas }, shareX, shareY) {
  const box = layout({ tune, span, canvas });
  const line = Math.min(
    Math.floor(Math.max(shareY * canvas.height - box.margin / 2, 0) / box.height),
    LINES - 1,
  );
  const along = Math.min(
    Math.max((shareX * canvas.width - box.margin) / box.across, 0),
    box.beats - 0.01,
  );
  return Math.min(line * box.beats + along, tune.beats - 0.01);
}

function layout({ tune, span, canvas }) {
  const edge = Math.min(canvas.width, canvas.height * 1.25);
  const beats = Math.ceil(tune.beats / BEATS_A_BAR / LINES) * BEATS_A_BAR;
  const margin = edge / 28;
  const height = (canvas.height - margin) / LINES;
  const drums = tune.parts.some(({ role, notes }) => role === "drums" && notes.length)
    ? height * 0.13
    : 0;
  const font = Math.max(edge / 54, 10 * (devicePixelRatio || 1));
  const words = Math.max(height * 0.17, font * 2.6);
  const up = (height - words - drums - margin) / (span.high - span.low + 1);
  return {
    beats,
    margin,
    height,
    drums,
    words,
    font,
    up,
    across: (canvas.width - 2 * margin) / beats,
  };
}

// The position of a beat: its x, and the top of its line.
function place({ beats, across, margin, height }, beat) {
  const line = Math.min(Math.floor(beat / beats), LINES - 1);
  return { x: margin + (beat - line * beats) * across, top: margin / 2 + line * height };
}

function paintLine(context, box, tune, line) {
  const from = line * box.beats;
  const to = Math.min(from + box.beats, tune.beats);
  const inLine = ([start]) => start >= from && start < to;
  context.fillStyle = BAR;
  for (let beat = from; beat < to; beat += BEATS_A_BAR) {
    const { x, top } = place(box, beat);
    context.fillRect(x, top + box.words, 1, box.height - box.words - box.margin / 2);
  }
  context.fillStyle = QUIET;
  for (const [start, name] of tune.sections.filter(inLine)) {
    const { x, top } = place(box, start);
    context.fillText(name, x, top + box.words * 0.4);
  }
  context.fillStyle = WORDS;
  let before = "";
  let free = 0; // A name without room after the previous one is left out.
  for (const [start, , name] of tune.chords.filter(inLine)) {
    const { x, top } = place(box, start);
    if (name !== before && x >= free) {
      context.fillText(name, x, top + box.words * 0.85);
      free = x + context.measureText(`${name} `).width;
    }
    before = name;
  }
}

function paintPart(context, box, span, role, drawnNotes, head) {
  const thick = Math.max(box.up, MIN_NOTE_HEIGHT);
  for (const { now, goal } of drawnNotes) {
    const [start, end, pitch, opacity] = now;
    const sounds = head !== null && goal[3] && start <= head && head < end;
    context.globalAlpha = opacity * (role === "pad" && !sounds ? PAD_OPACITY : 1);
    context.fillStyle = sounds ? WORDS : COLOURS[role];
    // A note that reaches beyond the end of a line continues in the next.
    for (let from = start; from < end - 0.001;) {
      const stop = Math.min(end, (Math.floor(from / box.beats + 1e-6) + 1) * box.beats);
      const { x, top } = place(box, from + 1e-6);
      const y = top + box.words + (span.high - pitch + 0.5) * box.up;
      context.fillRect(x, y - thick / 2, Math.max((stop - from) * box.across - 1, 1), thick);
      from = stop;
    }
  }
  context.globalAlpha = 1;
}

function paintDrums(context, box, tune) {
  context.fillStyle = DRUM_COLOUR;
  context.globalAlpha = 0.8;
  for (const [start, , pitch] of tune.parts.find(({ role }) => role === "drums")?.notes ?? []) {
    const { x, top } = place(box, start);
    // Low drums are drawn low, cymbals high.
    const share = Math.min(Math.max(pitch - 35, 0), 24) / 24;
    const y = top + box.height - box.margin / 2 - box.drums * (0.15 + 0.7 * share);
    context.fillRect(x, y, Math.max(box.across / 8, 2), box.drums * 0.16);
  }
  context.globalAlpha = 1;
}

function paintHead(context, box, beat) {
  const { x, top } = place(box, beat);
  context.fillStyle = WORDS;
  context.fillRect(
    x - 1,
    top + box.words * 0.9,
    Math.max(box.margin / 12, 2),
    box.height - box.words - box.margin / 2,
  );
}
