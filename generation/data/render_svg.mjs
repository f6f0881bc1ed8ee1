// Draws icons of an Iconify JSON file as raw RGBA bytes (colours multiplied by opacity): one square after the other, no header.
// node render_svg.mjs ICONS_JSON NAMES_JSON SIZE MARGIN OUTPUT
// It runs inside a folder where npm installed @resvg/resvg-js. NAMES_JSON lists the icons in the order in which they are drawn.
// What an icon shows is set into the middle; MARGIN is the empty border around it, as a share of the square's edge.
import fs from "node:fs";
import { Resvg } from "@resvg/resvg-js";

const PROBE = 96; // Edge in pixels of the drawing by which the visible part is found.
const VISIBLE = 16; // Opacity from which a pixel counts, of 255.

function draw(icon, { left, top, edge }, size) {
  const body = icon.body.replaceAll("currentColor", "#000");
  const names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  const svg = `<svg ${names} viewBox="${left} ${top} ${edge} ${edge}">${body}</svg>`;
  // Icons hold no text, and looking for fonts takes longer than drawing.
  const font = { loadSystemFonts: false };
  return new Resvg(svg, { fitTo: { mode: "width", value: size }, font }).render().pixels;
}

function squareAround({ left, top, right, bottom }, margin) {
  const edge = Math.max(right - left, bottom - top) / (1 - 2 * margin);
  return { left: (left + right - edge) / 2, top: (top + bottom - edge) / 2, edge };
}

function visiblePart(icon, frame) {
  const pixels = draw(icon, frame, PROBE);
  const [columns, rows] = [[], []];
  for (let place = 0; place < PROBE * PROBE; place += 1) {
    if (pixels[4 * place + 3] >= VISIBLE) {
      columns.push(place % PROBE);
      rows.push(Math.floor(place / PROBE));
    }
  }
  if (columns.length === 0) {
    return { ...frame, right: frame.left + frame.edge, bottom: frame.top + frame.edge };
  }
  const unit = frame.edge / PROBE;
  return {
    left: frame.left + unit * Math.min(...columns),
    top: frame.top + unit * Math.min(...rows),
    right: frame.left + unit * (Math.max(...columns) + 1),
    bottom: frame.top + unit * (Math.max(...rows) + 1),
  };
}

const [file, list, sizeText, marginText, output] = process.argv.slice(2);
const [size, margin] = [Number(sizeText), Number(marginText)];
const { icons, ...set } = JSON.parse(fs.readFileSync(file, "utf8"));
const names = JSON.parse(fs.readFileSync(list, "utf8"));
const bytes = Buffer.alloc(names.length * size * size * 4);
names.forEach((name, number) => {
  const icon = { left: 0, top: 0, width: 16, height: 16, ...set, ...icons[name] };
  const { left, top, width, height } = icon;
  const whole = squareAround({ left, top, right: left + width, bottom: top + height }, 0);
  const frame = squareAround(visiblePart(icon, whole), margin);
  draw(icon, frame, size).copy(bytes, number * size * size * 4);
});
fs.writeFileSync(`${output}.partial`, bytes);
fs.renameSync(`${output}.partial`, output);
