// Draws the icons of an Iconify JSON file as raw opacity bytes: one square after the other, in the order of their names.
// node render_svg.mjs ICONS_JSON SIZE MARGIN OUTPUT
// It runs inside a folder where npm installed @resvg/resvg-js. MARGIN is the empty border in icon units of 512.
import fs from 'node:fs';
import { Resvg } from '@resvg/resvg-js';

const [file, sizeText, marginText, output] = process.argv.slice(2);
const [size, margin] = [Number(sizeText), Number(marginText)];
const { icons } = JSON.parse(fs.readFileSync(file, 'utf8'));
const names = Object.keys(icons).sort();
const bytes = Buffer.alloc(names.length * size * size);
const edge = 512 + 2 * margin;

names.forEach((name, number) => {
  const body = icons[name].body.replaceAll('currentColor', '#000');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-margin} ${-margin} ${edge} ${edge}">${body}</svg>`;
  const pixels = new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().pixels;
  for (let pixel = 0; pixel < size * size; pixel += 1) {
    bytes[number * size * size + pixel] = pixels[pixel * 4 + 3];
  }
});
fs.writeFileSync(`${output}.partial`, bytes);
fs.renameSync(`${output}.partial`, output);
