// Draws DiceBear portraits as raw RGB bytes: one picture after the other, rows from the top, no header.
// node render_dicebear.mjs STYLE COUNT FIRST SIZE OUTPUT
// It runs inside a folder where npm installed @dicebear/core, @dicebear/STYLE and @resvg/resvg-js; picture number i is drawn
// from the seed "arboretum-i", so any range of numbers can be drawn again alone and gives the same bytes.
import fs from "node:fs";
import { createAvatar } from "@dicebear/core";
import { Resvg } from "@resvg/resvg-js";

// What is left to chance, and how often, by style. White faces with black lines bear stronger grounds than coloured ones.
const OPTIONS = {
  adventurer: {
    backgroundColor: ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf", "e8e4da", "cfe8cf"],
  },
  lorelei: {
    backgroundColor: [
      "f3ead7",
      "ffd166",
      "f79d65",
      "ef6f6c",
      "f7b2c4",
      "c8a9e8",
      "8e9bea",
      "7cc4f0",
      "63c7b2",
      "a6d48a",
      "d9d2c3",
      "b9c0c9",
    ],
    beardProbability: 10,
    earringsProbability: 15,
    glassesProbability: 20,
    frecklesProbability: 8,
    hairAccessoriesProbability: 6,
  },
};

function drawPortrait(style, chances, number, size) {
  const options = { ...chances, seed: `arboretum-${number}`, size };
  const svg = createAvatar(style, options).toString();
  return new Resvg(svg, { fitTo: { mode: "width", value: size } }).render().pixels;
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
  copyRgb(drawPortrait(style, OPTIONS[styleName], first + i, size), bytes, i * size * size * 3);
}
fs.writeFileSync(`${output}.partial`, bytes);
fs.renameSync(`${output}.partial`, output);
