// The family page: zooming and panning the drawing with the wheel, touch, buttons and the keyboard.
// Without script it scrolls.

const STEP = 1.25;
const MAX_SCALE = 4; // Times the drawn size.
const LAYERS = { width: 390, height: 524 }; // Four generations of a phone's drawing, in its units.
const LEGIBLE = 0.5; // The least scale of a whole family, as a part of that of four layers.
const KEY_PAN = 60; // Pixels for each press of an arrow key.

// A view of one drawing. It moves and scales the viewBox, so that text and lines stay sharp.
class View {
  constructor(tree) {
    this.tree = tree;
    this.svg = tree.querySelector("svg");
    [, , this.width, this.height] = this.svg.getAttribute("viewBox").split(" ").map(Number);
    this.pointers = new Map();
    this.x = this.y = 0;
    this.scale = 1;
  }

  get box() {
    return this.tree.getBoundingClientRect();
  }

  get minScale() {
    const { width, height } = this.box;
    return Math.min(1, width / this.width, height / this.height) * 0.9;
  }

  show() {
    const { width, height } = this.box;
    if (!width || !height) return;
    this.svg.setAttribute(
      "viewBox",
      `${this.x} ${this.y} ${width / this.scale} ${height / this.scale}`,
    );
  }

  pan(dx, dy) {
    const { width, height } = this.box;
    const slack = [width / this.scale, height / this.scale].map((seen) => seen / 2);
    this.x = Math.min(this.width - slack[0], Math.max(-slack[0], this.x - dx / this.scale));
    this.y = Math.min(this.height - slack[1], Math.max(-slack[1], this.y - dy / this.scale));
    this.show();
  }

  // Zooms around a point of the window. Returns false at the largest and the smallest scale.
  zoom(factor, clientX, clientY) {
    const { left, top, width, height } = this.box;
    const px = (clientX ?? left + width / 2) - left;
    const py = (clientY ?? top + height / 2) - top;
    const scale = Math.min(MAX_SCALE, Math.max(this.minScale, this.scale * factor));
    if (Math.abs(scale / this.scale - 1) < 1e-3) return false;
    this.x += px / this.scale - px / scale;
    this.y += py / this.scale - py / scale;
    this.scale = scale;
    this.show();
    return true;
  }

  whole() {
    this.scale = this.minScale;
    this.centre(this.width / 2, this.height / 2);
  }

  // Where the whole would be too small for a phone: four layers around this work.
  nearby() {
    const { width, height } = this.box;
    const scale = Math.min(width / LAYERS.width, height / LAYERS.height);
    if (this.scale >= LEGIBLE * scale) return;
    this.scale = scale;
    this.centreSelf();
  }

  self() {
    this.scale = Math.max(this.scale, 1);
    this.centreSelf();
  }

  centreSelf() {
    const mat = this.svg.querySelector(".is-self .spot-mat");
    if (mat) this.centre(Number(mat.getAttribute("x")) + 32, Number(mat.getAttribute("y")) + 32);
  }

  centre(x, y) {
    const { width, height } = this.box;
    this.x = x - width / this.scale / 2;
    this.y = y - height / this.scale / 2;
    this.show();
  }
}

function listen(view) {
  const { tree } = view;
  tree.addEventListener(
    "wheel",
    (event) => {
      // At the limits the wheel scrolls the page again, so that nobody is trapped in the drawing.
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
      if (view.zoom(factor, event.clientX, event.clientY)) event.preventDefault();
    },
    { passive: false },
  );
  tree.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key]) view.pan(...moves[event.key].map((way) => way * KEY_PAN));
    else if (event.key === "+" || event.key === "=") view.zoom(STEP);
    else if (event.key === "-") view.zoom(1 / STEP);
    else if (event.key === "0") view.whole();
    else return;
    event.preventDefault();
  });
  // What gets the focus is moved into view.
  tree.addEventListener("focusin", (event) => {
    const mat = event.target.querySelector?.("rect");
    if (!mat || !event.target.matches(":focus-visible")) return;
    const seen = view.box;
    const spot = mat.getBoundingClientRect();
    const isInside =
      spot.left >= seen.left &&
      spot.right <= seen.right &&
      spot.top >= seen.top &&
      spot.bottom <= seen.bottom;
    if (!isInside)
      view.centre(Number(mat.getAttribute("x")) + 32, Number(mat.getAttribute("y")) + 32);
  });
  listenToPointers(view);
}

function listenToPointers(view) {
  const { tree, pointers } = view;
  let moved = 0;
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return { distance: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  tree.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!pointers.size) moved = 0;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const old = pointers.size === 2 ? spread() : null;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved += Math.abs(event.clientX - before.x) + Math.abs(event.clientY - before.y);
    if (moved > 4) tree.classList.add("is-held");
    if (old) {
      const now = spread();
      view.zoom(now.distance / Math.max(1, old.distance), now.x, now.y);
      view.pan(now.x - old.x, now.y - old.y);
    } else if (pointers.size === 1) view.pan(event.clientX - before.x, event.clientY - before.y);
  });
  for (const end of ["pointerup", "pointercancel"])
    addEventListener(end, (event) => {
      if (pointers.delete(event.pointerId) && !pointers.size) tree.classList.remove("is-held");
    });
  // A drag that ends on a work is not a click on it, and pictures cannot be dragged out of the
  // page.
  tree.addEventListener(
    "click",
    (event) => {
      if (moved > 4) event.preventDefault();
    },
    true,
  );
  tree.addEventListener("dragstart", (event) => event.preventDefault());
}

for (const drawing of document.querySelectorAll("[data-family]")) {
  const views = [...drawing.querySelectorAll(".tree")].map((tree) => new View(tree));
  const shown = () => views.find((view) => view.tree.offsetParent) ?? views[0];
  const fit = () => {
    const view = shown();
    view.whole();
    if (view.tree.classList.contains("is-tall")) view.nearby();
    else if (view.scale < 0.7) view.self();
  };
  views.forEach(listen);
  fit();
  addEventListener("resize", fit);
  const actions = {
    in: (view) => view.zoom(STEP),
    out: (view) => view.zoom(1 / STEP),
    whole: (view) => view.whole(),
    self: (view) => view.self(),
  };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => actions[button.dataset.zoom](shown()));
  }
}
