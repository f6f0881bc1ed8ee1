// Draws DiceBear portraits as raw RGB bytes: one picture after the other, rows from the top, no header.
// node render_dicebear.mjs STYLE COUNT FIRST SIZE OUTPUT
// It runs inside a folder where npm installed @dicebear/core, @dicebear/STYLE and @resvg/resvg-js; picture number i is drawn
// from the seed "arboretum-i", so any range of numbers can be drawn again alone and gives the same bytes.
import fs from "node:fs";
import { createAvatar } from "@dicebear/core";
import { Resvg } from "@resvg/resvg-js";

const PASTEL_BACKGROUNDS = ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf", "e8e4da", "cfe8cf"];
const PAPERS = ["ffffff", "f6eddc", "e9e4da", "dfe8e6", "ecdfe0"];

// How each style is drawn: what the portrait with a number is told beside its seed, and whether its lines are thickened.
const WAYS = {
  adventurer: { options: () => ({ backgroundColor: PASTEL_BACKGROUNDS }), isThick: false },
  lorelei: { options: inkOnPaper, isThick: true },
};

// Faces are as bright as the paper, so that only the ink is seen.
function inkOnPaper(number) {
  const paper = [PAPERS[number % PAPERS.length]];
  return { backgroundColor: paper, skinColor: paper };
}

function drawPortrait(style, way, number, size) {
  const edge = way.isThick ? 2 * size : size;
  const options = { seed: `arboretum-${number}`, ...way.options(number), size: edge };
  const svg = createAvatar(style, options).toString();
  const { pixels } = new Resvg(svg, { fitTo: { mode: "width", value: edge } }).render();
  return way.isThick ? halved(darkened(pixels, edge), edge) : pixels;
}

// Every pixel becomes as dark as the darkest of itself and its four neighbours, which widens a line by one pixel on either side.
function darkened(rgba, edge) {
  const wide = Uint8Array.from(rgba);
  for (let row = 0; row < edge; row += 1) {
    for (let column = 0; column < edge; column += 1) {
      const at = 4 * (row * edge + column);
      for (const [there, other] of [
        [row > 0, at - 4 * edge],
        [row < edge - 1, at + 4 * edge],
        [column > 0, at - 4],
        [column < edge - 1, at + 4],
      ]) {
        for (let channel = 0; there && channel < 3; channel += 1) {
          wide[at + channel] = Math.min(wide[at + channel], rgba[other + channel]);
        }
      }
    }
  }
  return wide;
}

// The mean of every two by two pixels.
function halved(rgba, edge) {
  const size = edge / 2;
  const small = new Uint8Array(4 * size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      for (let channel = 0; channel < 4; channel += 1) {
        const at = 4 * (2 * row * edge + 2 * column) + channel;
        const sum = rgba[at] + rgba[at + 4] + rgba[at + 4 * edge] + rgba[at + 4 * edge + 4];
        small[4 * (row * size + column) + channel] = Math.round(sum / 4);
      }
    }
  }
  return small;
}

function copyRgb(rgba, target, offset) {
  // The background is opaque, so dropping alpha loses nothing.
  for (let pixel = 0; pixel < rgba.length / 4; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      target[offset + pixel * 3 + channel] = rgba[pixel * 4 + channel];
    }
  }
}

const [styleName, count, first, size, output] = process.argv
  .slice(2)
  .map((text, i) => (i === 0 || i === 4 ? text : Number(text)));
const style = await import(`@dicebear/${styleName}`);
const bytes = Buffer.alloc(count * size * size * 3);
for (let i = 0; i < count; i += 1) {
  copyRgb(drawPortrait(style, WAYS[styleName], first + i, size), bytes, i * size * size * 3);
}
fs.writeFileSync(`${output}.partial`, bytes);
fs.renameSync(`${output}.partial`, output);
