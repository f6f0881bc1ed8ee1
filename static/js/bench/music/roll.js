// Piano rolls on a canvas, with the colours and the geometry of the cards
// (generation/codecs/score_svg.py). A tune is what the studio sends: notes with times in beats.
// `paintCard` draws the small square; the large moving page is in page.js.

// From the back to the front.
export const COLOURS = {
  pad: "#4f7568",
  chords: "#5fae9c",
  bass: "#8a9be8",
  harmony: "#ee9480",
  melody: "#ffd489",
};
export const DRUM_COLOUR = "#b9b3a4";
export const PAD_OPACITY = 0.55;
const BACKGROUND = "#12201a";
const BACKGROUNDS = {
  folk: "#1c2b1a",
  lofi: "#261c33",
  chamber: "#301a1c",
  synth: "#101f38",
  bossa: "#33260f",
  lullaby: "#11302f",
};
// The notes of a whole tune would be too small to read; those of eight bars are not.
const CARD_BEATS = 32;
const MARGIN = 2; // Pitches above the highest and below the lowest note.

export function background({ style }) {
  return BACKGROUNDS[style] ?? BACKGROUND;
}

// The pitched notes of each part, from the back to the front: [[role, [[start, end, pitch,
// velocity], ...]], ...].
export function pitched({ parts }) {
  const byRole = Object.fromEntries(parts.map(({ role, notes }) => [role, notes]));
  return Object.keys(COLOURS)
    .filter((role) => byRole[role]?.length)
    .map((role) => [role, byRole[role]]);
}

// The highest and the lowest pitch to show, with a margin around them.
export function pitchRange(parts) {
  let high = -Infinity;
  let low = Infinity;
  for (const [, notes] of parts) {
    for (const [, , pitch] of notes) {
      high = Math.max(high, pitch);
      low = Math.min(low, pitch);
    }
  }
  return high < low
    ? { high: 60 + MARGIN, low: 60 - MARGIN }
    : { high: high + MARGIN, low: low - MARGIN };
}

// A square picture of the first eight bars after the intro, as on the wall.
export function paintCard(canvas, tune) {
  const edge = canvas.width;
  const context = canvas.getContext("2d", { alpha: false });
  const margin = edge / 12;
  const begin = tune.sections[0]?.[0] ?? 0;
  const end = Math.min(begin + CARD_BEATS, tune.beats);
  const parts = pitched(tune).map(([role, notes]) => [
    role,
    notes.filter(([start]) => start >= begin && start < end),
  ]);
  const { high, low } = pitchRange(parts);
  const across = (edge - 2 * margin) / (end - begin);
  const up = (edge - 3 * margin) / (high - low + 1);
  const thickness = Math.max(up * 1.15, 2);
  context.fillStyle = background(tune);
  context.fillRect(0, 0, edge, edge);
  context.lineCap = "round";
  context.lineWidth = thickness;
  for (const [role, notes] of parts) {
    context.globalAlpha = role === "pad" ? PAD_OPACITY : 1;
    context.strokeStyle = COLOURS[role];
    context.beginPath();
    for (const [start, stop, pitch] of notes) {
      const x = margin + (start - begin) * across + thickness / 2;
      const y = 1.5 * margin + (high - pitch + 0.5) * up;
      context.moveTo(x, y);
      context.lineTo(x + Math.max((Math.min(stop, end) - start) * across - thickness, 0.5), y);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

// The card as a data URL, which survives a reload in the session's storage.
export function cardDataUrl(tune, size = 128) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  paintCard(canvas, tune);
  return canvas.toDataURL("image/png");
}
