// Turns a sculpture on its page. The picture stays where it is, and a canvas lies over it until
// somebody goes back; without WebGL 2, or when the graphics card fails, there is just the picture.

import { showNotice } from "../core/notice.js";
import { gettext } from "../core/words.js";
import { makePainter } from "./solid-painter.js";

// Places in the numbers (generation/genespaces/sculptures/uniforms.py).
const PLACES = { yaw: 0, pitch: 1, zoom: 2, light: 3, height: 4 };
const DEGREES = 180 / Math.PI;
const TURN_S = 14; // Once around by itself.
const STEP = 5; // Degrees a key.
const ZOOM_STEP = 1.1;
const DRAG = 0.35; // Degrees a pixel.

const between = (low, value, high) => Math.min(high, Math.max(low, value));
const wrap = (degrees) => ((((degrees + 180) % 360) + 360) % 360) - 180;
const stands = matchMedia("(prefers-reduced-motion: reduce)");

let viewer = null;

async function load(address, kind) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer[kind]();
}

async function open(button) {
  if (viewer || button.ariaBusy) return;
  const figure = button.closest("figure");
  button.ariaBusy = "true";
  try {
    const canvas = document.createElement("canvas");
    const [{ numbers }, shader] = await Promise.all([
      load(button.dataset.numbers, "json"),
      load(button.dataset.shader, "text"),
    ]);
    const painter = await makePainter(canvas, shader, () => {
      close();
      showNotice(gettext("The graphics card stopped, so here is the picture again."));
    });
    viewer = new Viewer(figure, button, canvas, painter, numbers);
  } catch (error) {
    console.warn(error);
    showNotice(gettext("This device can't turn the sculpture. The picture stays."));
  } finally {
    button.ariaBusy = null;
  }
}

function close() {
  viewer?.end();
  viewer = null;
}

class Viewer {
  constructor(figure, button, canvas, painter, numbers) {
    Object.assign(this, { figure, button, canvas, painter, numbers: [...numbers] });
    this.controls = figure.querySelector("[data-solid-controls]");
    this.spinner = this.controls.querySelector("[data-spin]");
    this.fingers = new Map();
    this.ending = new AbortController();
    canvas.className = "solid-canvas";
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", button.dataset.label);
    this.link = figure.querySelector("a");
    this.link.inert = true;
    this.link.after(canvas);
    figure.classList.add("is-turning");
    this.controls.hidden = false;
    this.start = this.pose();
    this.listen();
    this.fit();
    this.changed();
    canvas.focus({ preventScroll: true });
    if (!stands.matches) this.spin();
  }

  // Degrees, and times for the zoom.
  pose() {
    const { yaw, pitch, zoom, light, height } = PLACES;
    const [n, d] = [this.numbers, DEGREES];
    return {
      yaw: n[yaw] * d,
      pitch: n[pitch] * d,
      zoom: n[zoom],
      light: n[light] * d,
      height: n[height] * d,
    };
  }

  turn(change) {
    const pose = this.pose();
    for (const [name, value] of Object.entries(change)) {
      const field = this.controls.elements[name];
      const isAround = name === "yaw" || name === "light";
      pose[name] = isAround ? wrap(value) : between(Number(field.min), value, Number(field.max));
    }
    for (const [name, place] of Object.entries(PLACES))
      this.numbers[place] = name === "zoom" ? pose[name] : pose[name] / DEGREES;
    this.changed();
  }

  changed() {
    const pose = this.pose();
    for (const [name, value] of Object.entries(pose)) {
      const field = this.controls.elements[name];
      field.value = value;
      field.ariaValueText =
        name === "zoom" ? `${Math.round(value * 100)} %` : `${Math.round(value)}°`;
    }
    this.painter.paint(this.numbers);
  }

  spin() {
    const turns = { from: this.pose().yaw, began: performance.now() };
    this.turns = turns;
    this.spinner.ariaPressed = "true";
    const step = (now) => {
      if (this.turns !== turns) return;
      const part = (now - turns.began) / TURN_S / 1000;
      if (part >= 1) this.stand();
      this.turn({ yaw: turns.from + 360 * Math.min(1, Math.max(0, part)) });
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  stand() {
    this.turns = null;
    this.spinner.ariaPressed = "false";
  }

  fit() {
    this.painter.resize(this.canvas.clientWidth * devicePixelRatio);
  }

  listen() {
    const { signal } = this.ending;
    const on = (target, kind, act) => target.addEventListener(kind, act, { signal });
    on(this.canvas, "pointerdown", (event) => this.hold(event));
    on(this.canvas, "pointermove", (event) => this.drag(event));
    for (const kind of ["pointerup", "pointercancel"])
      on(this.canvas, kind, (event) => this.fingers.delete(event.pointerId));
    on(this.canvas, "keydown", (event) => this.press(event));
    // A wheel scrolls the page; two fingers on a pad come as a wheel with ctrl.
    on(this.canvas, "wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.stand();
      this.turn({ zoom: this.pose().zoom * Math.exp(-event.deltaY / 200) });
    });
    on(this.controls, "input", ({ target }) => {
      this.stand();
      this.turn({ [target.name]: Number(target.value) });
    });
    on(this.controls, "submit", (event) => event.preventDefault());
    on(this.controls, "keydown", (event) => event.key === "Escape" && close());
    on(this.controls, "click", ({ target }) => {
      if (target.closest("[data-spin]")) this.turns ? this.stand() : this.spin();
      if (target.closest("[data-reset]")) {
        this.stand();
        this.turn(this.start);
      }
      if (target.closest("[data-solid-close]")) close();
    });
    on(window, "resize", () => this.fit());
    on(window, "pagehide", close);
  }

  hold(event) {
    this.stand();
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
  }

  drag(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    const { yaw, pitch, zoom } = this.pose();
    if (other) {
      const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) + 1;
      this.turn({ zoom: (zoom * apart(now)) / apart(before) });
    } else {
      this.turn({
        yaw: yaw + DRAG * (now[0] - before[0]),
        pitch: pitch + DRAG * (now[1] - before[1]),
      });
    }
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { yaw, pitch, zoom } = this.pose();
    const change = {
      ArrowLeft: { yaw: yaw - STEP },
      ArrowRight: { yaw: yaw + STEP },
      ArrowUp: { pitch: pitch + STEP },
      ArrowDown: { pitch: pitch - STEP },
      "+": { zoom: zoom * ZOOM_STEP },
      "=": { zoom: zoom * ZOOM_STEP },
      "-": { zoom: zoom / ZOOM_STEP },
      0: this.start,
    }[event.key];
    if (event.key === "Escape") close();
    if (!change) return;
    event.preventDefault();
    this.stand();
    this.turn(change);
  }

  end() {
    this.turns = null;
    this.ending.abort();
    this.painter.release();
    this.canvas.remove();
    this.link.inert = false;
    this.controls.hidden = true;
    this.figure.classList.remove("is-turning");
    this.button.focus({ preventScroll: true });
  }
}

// The figure is exchanged when a print is done, so its button is not kept.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-solid-open]");
  if (button) open(button);
});
if (!("WebGL2RenderingContext" in window)) document.querySelector("[data-solid-open]")?.remove();
