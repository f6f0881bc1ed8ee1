// Zooming and moving the picture of the lightbox: buttons, wheel, two fingers, double click and
// dragging. One finger that moves sideways over the whole picture turns to the next work.

const MOST = 8;
const STEP = 1.5;
const DOUBLE = 2.5;
const SWIPE_PX = 56;

// onSwipe(-1 | 1): somebody swiped. onZoom(scale): 1 is the whole picture.
export function makeZoom(view, { onSwipe, onZoom }) {
  const held = new Map(); // Pointer id -> its place.
  let [scale, left, top] = [1, 0, 0];
  let start = null; // Where one pointer went down, while nothing else happened.

  const picture = () => view.querySelector("[data-picture]");

  function place(nextScale, nextLeft, nextTop) {
    const box = view.getBoundingClientRect();
    scale = Math.min(MOST, Math.max(1, nextScale));
    left = Math.min(0, Math.max(box.width * (1 - scale), nextLeft));
    top = Math.min(0, Math.max(box.height * (1 - scale), nextTop));
    picture().style.transform = scale === 1 ? "" : `translate(${left}px, ${top}px) scale(${scale})`;
    onZoom(scale);
  }

  // Zooms so that the point under (x, y), in pixels of the window, stays where it is.
  function zoomAt(factor, x, y) {
    const box = view.getBoundingClientRect();
    const next = Math.min(MOST, Math.max(1, scale * factor));
    const [fromLeft, fromTop] = [x - box.left, y - box.top];
    const grown = next / scale;
    place(next, fromLeft - (fromLeft - left) * grown, fromTop - (fromTop - top) * grown);
  }

  function zoomBy(factor) {
    const box = view.getBoundingClientRect();
    zoomAt(factor, box.left + box.width / 2, box.top + box.height / 2);
  }

  function middle() {
    const points = [...held.values()];
    const [x, y] = ["x", "y"].map((axis) => points.reduce((sum, p) => sum + p[axis], 0));
    const [first, second] = points;
    const spread = second ? Math.hypot(first.x - second.x, first.y - second.y) : 0;
    return { x: x / points.length, y: y / points.length, spread };
  }

  view.addEventListener("pointerdown", (event) => {
    if (event.target.closest("a, button") || event.button > 0) return;
    view.setPointerCapture(event.pointerId);
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    start = held.size === 1 ? { x: event.clientX, y: event.clientY } : null;
  });
  view.addEventListener("pointermove", (event) => {
    if (!held.has(event.pointerId)) return;
    const before = middle();
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = middle();
    if (held.size > 1 && before.spread) zoomAt(after.spread / before.spread, after.x, after.y);
    if (scale > 1) place(scale, left + after.x - before.x, top + after.y - before.y);
  });
  function letGo(event) {
    if (!held.delete(event.pointerId)) return;
    const [across, down] = start ? [event.clientX - start.x, event.clientY - start.y] : [0, 0];
    start = null;
    const isSwipe = Math.abs(across) > SWIPE_PX && Math.abs(across) > 2 * Math.abs(down);
    if (event.type === "pointerup" && scale === 1 && isSwipe) onSwipe(across < 0 ? 1 : -1);
  }
  view.addEventListener("pointerup", letGo);
  view.addEventListener("pointercancel", letGo);
  view.addEventListener("dblclick", (event) => {
    if (event.target.closest("a, button")) return;
    if (scale > 1) place(1, 0, 0);
    else zoomAt(DOUBLE, event.clientX, event.clientY);
  });
  view.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoomAt(
        Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0022)),
        event.clientX,
        event.clientY,
      );
    },
    { passive: false },
  );

  return {
    in: () => zoomBy(STEP),
    out: () => zoomBy(1 / STEP),
    fit: () => place(1, 0, 0),
    move: (across, down) => place(scale, left + across, top + down),
    isZoomed: () => scale > 1,
  };
}
