// The weight pad for three parents (triangle) or four (square): drag the point, or move it with the
// arrow keys. The corners are buttons with the pictures of the parents.

import { gettext } from "../core/words.js";
import { makeEnd } from "./parents.js";
import { round } from "./pedigree.js";

const SIZE = 176;
const [LOW, HIGH] = [18, 158];
const CORNERS = {
  3: [
    [88, LOW],
    [LOW, HIGH],
    [HIGH, HIGH],
  ],
  4: [
    [LOW, LOW],
    [HIGH, LOW],
    [LOW, HIGH],
    [HIGH, HIGH],
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
    const u = Math.min(1, Math.max(0, (x - LOW) / (HIGH - LOW)));
    const v = Math.min(1, Math.max(0, (y - LOW) / (HIGH - LOW)));
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
  let at = [88, 88];

  function build(parents) {
    count = parents;
    root.replaceChildren();
    svg = node("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "bench-pad-drawing" }, root);
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
    knob = node("circle", { r: 10, tabindex: 0, role: "slider", class: "bench-pad-knob" }, svg);
    knob.setAttribute(
      "aria-label",
      gettext("Closeness to the parents; arrow keys move the point, Home moves it to the middle"),
    );
    knob.setAttribute("aria-describedby", "help-pad");
    knob.setAttribute("aria-valuemin", "0");
    knob.setAttribute("aria-valuemax", "100");
    svg.addEventListener("pointerdown", grab);
    knob.addEventListener("keydown", press);
    CORNERS[count].forEach(([x, y], index) => {
      const end = makeEnd(index);
      end.style.left = `${(100 * x) / SIZE}%`;
      end.style.top = `${(100 * y) / SIZE}%`;
      end.classList.toggle("is-right", x === HIGH);
      root.append(end);
    });
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
    const step = (event.shiftKey ? 10 : 2) * 1.4;
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
    show(weights) {
      root.hidden = weights.length < 3;
      if (root.hidden) return;
      if (weights.length !== count) build(weights.length);
      place(weights);
    },
  };
}
