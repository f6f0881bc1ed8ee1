// The weight pad for three parents (triangle) or four (square): drag the point, or move it with the
// arrow keys.

import { fill, gettext } from "../core/words.js";
import { round } from "./pedigree.js";

const CORNERS = {
  3: [
    [50, 11],
    [11, 78],
    [89, 78],
  ],
  4: [
    [12, 12],
    [88, 12],
    [12, 88],
    [88, 88],
  ],
};
const LETTERS = "ABCD";
const SVG = "http://www.w3.org/2000/svg";

function node(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

// The weights at a point; they sum to 1. Barycentric in the triangle, bilinear in the square.
export function weightsAt(count, [x, y]) {
  const corners = CORNERS[count];
  if (count === 4) {
    const u = Math.min(1, Math.max(0, (x - 12) / 76));
    const v = Math.min(1, Math.max(0, (y - 12) / 76));
    return [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v].map(round);
  }
  const [[ax, ay], [bx, by], [cx, cy]] = corners;
  const area = (by - cy) * (ax - cx) + (cx - bx) * (ay - cy);
  const a = ((by - cy) * (x - cx) + (cx - bx) * (y - cy)) / area;
  const b = ((cy - ay) * (x - cx) + (ax - cx) * (y - cy)) / area;
  const inside = [a, b, 1 - a - b].map((weight) => Math.max(0, weight));
  const sum = inside.reduce((total, weight) => total + weight, 0);
  return inside.map((weight) => round(weight / sum));
}

export function pointOf(count, weights) {
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  return [0, 1].map((axis) =>
    weights.reduce((at, weight, index) => at + (weight / sum) * CORNERS[count][index][axis], 0),
  );
}

export function percents(weights) {
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  return weights
    .map((weight, index) => `${LETTERS[index]} ${Math.round((100 * weight) / sum)} %`)
    .join(", ");
}

export function makePad(root, { onMove, onRelease }) {
  let count = 0;
  let svg = null;
  let knob = null;
  let rays = [];
  let faces = [];
  let at = [50, 50];

  function build(parents) {
    count = parents;
    root.replaceChildren();
    svg = node(
      "svg",
      { viewBox: count === 3 ? "0 0 100 90" : "0 0 100 100", class: "bench-pad-drawing" },
      root,
    );
    const order = count === 4 ? [0, 1, 3, 2] : [0, 1, 2];
    node(
      "polygon",
      {
        points: order.map((index) => CORNERS[count][index].join(",")).join(" "),
        class: "bench-pad-field",
      },
      svg,
    );
    rays = CORNERS[count].map(([x, y]) =>
      node("line", { x1: x, y1: y, class: "bench-pad-ray" }, svg),
    );
    faces = CORNERS[count].map(([x, y], index) => {
      const clip = node("clipPath", { id: `bench-corner-${index}` }, svg);
      node("circle", { cx: x, cy: y, r: 8 }, clip);
      node("circle", { cx: x, cy: y, r: 8, class: "bench-pad-corner" }, svg);
      const face = node(
        "image",
        { x: x - 8, y: y - 8, width: 16, height: 16, "clip-path": `url(#${clip.id})` },
        svg,
      );
      node("circle", { cx: x + 6.5, cy: y + 6.5, r: 4.2, class: "bench-pad-corner" }, svg);
      node("text", { x: x + 6.5, y: y + 8.3, class: "bench-pad-letter" }, svg).textContent =
        LETTERS[index];
      return face;
    });
    knob = node("circle", { r: 5, tabindex: 0, role: "slider", class: "bench-pad-knob" }, svg);
    knob.setAttribute(
      "aria-label",
      gettext("Closeness to the parents; arrow keys move the point, Home moves it to the middle"),
    );
    knob.setAttribute("aria-valuemin", "0");
    knob.setAttribute("aria-valuemax", "100");
    svg.addEventListener("pointerdown", grab);
    knob.addEventListener("keydown", press);
  }

  function place(weights) {
    at = pointOf(count, weights);
    knob.setAttribute("cx", at[0]);
    knob.setAttribute("cy", at[1]);
    rays.forEach((ray) => {
      ray.setAttribute("x2", at[0]);
      ray.setAttribute("y2", at[1]);
    });
    knob.setAttribute("aria-valuenow", String(Math.round(100 * weights[0])));
    knob.setAttribute("aria-valuetext", percents(weights));
  }

  function follow(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      svg.getScreenCTM().inverse(),
    );
    onMove(weightsAt(count, [point.x, point.y]));
  }

  function grab(event) {
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    knob.focus({ preventScroll: true });
    follow(event);
    const release = () => {
      svg.removeEventListener("pointermove", follow);
      onRelease();
    };
    svg.addEventListener("pointermove", follow);
    svg.addEventListener("pointerup", release, { once: true });
    svg.addEventListener("pointercancel", release, { once: true });
  }

  function press(event) {
    const step = event.shiftKey ? 10 : 3;
    const move = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    }[event.key];
    if (!move && event.key !== "Home") return;
    event.preventDefault();
    onMove(
      move
        ? weightsAt(count, [at[0] + move[0], at[1] + move[1]])
        : Array(count).fill(round(1 / count)),
    );
    onRelease();
  }

  return {
    show(weights, pictures) {
      root.hidden = weights.length < 3;
      if (root.hidden) return;
      if (weights.length !== count) build(weights.length);
      faces.forEach((face, index) => face.setAttribute("href", pictures[index] ?? ""));
      place(weights);
    },
  };
}
