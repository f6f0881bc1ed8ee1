// The large picture: draws the newest frame on a canvas, small and enlarged here while something moves,
// and finished at rest. A frame is a Blob with a picture, or the notes of a tune.

import { cardDataUrl } from "./music/roll.js";

export const MOVING_SIZE = 256;
const SMALLEST = 64; // The studio sends nothing smaller.
const PAUSE_AFTER_MS = 90; // Between two moves of a slow hand; then the picture is enlarged well.
const REST_AFTER_MS = 220;
const CRISP_AFTER_MS = 1100;

export function makePreview(canvas, waiting, tune) {
  const context = canvas.getContext("2d", { alpha: false });
  let lastDrawn = 0;

  function drawn(id) {
    lastDrawn = id;
    waiting.hidden = true;
    canvas.dataset.frame = String(id);
    return true;
  }

  async function draw(id, frame) {
    if (id <= lastDrawn) return false;
    if (!(frame instanceof Blob)) {
      tune.show(frame);
      return drawn(id);
    }
    const bitmap = await createImageBitmap(frame);
    // Another frame may have been decoded meanwhile.
    if (id <= lastDrawn) return false;
    tune.hide();
    const size = Math.max(bitmap.width, 512);
    if (canvas.width !== size || canvas.height !== size) canvas.width = canvas.height = size;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return drawn(id);
  }

  // In place of a picture that the studio does not show: why.
  function withhold(id, sentence) {
    if (id <= lastDrawn) return false;
    drawn(id);
    tune.hide();
    waiting.textContent = sentence;
    waiting.hidden = false;
    return true;
  }

  // Draws what nothing was asked for: a developed child.
  const put = (frame) => draw(lastDrawn + 1, frame);

  return { draw, put, withhold, canvas };
}

// The size of frames while something moves: what the species says, or the usual one. Where frames come
// late, a picture comes as small as the net painted it, unless later steps would look different on it,
// or enlarging costs next to nothing.
// finishing: the steps of the child, [[name, settings], ...]. isLate: whether frames come late.
export function movingSize(species, finishing, isLate) {
  const isOnlyEnlarged = finishing?.every(([name]) => name === "resolution");
  const isQuick = finishing?.some(([, { net }]) => net === "pixels");
  if (!isLate || !species?.edge || !isOnlyEnlarged || isQuick) {
    return species?.moving_size ?? MOVING_SIZE;
  }
  return Math.max(SMALLEST, Math.min(species.edge, MOVING_SIZE));
}

// Returns a function that calls `request(size)` at each move, and again with larger sizes once
// nothing moves. The largest size waits until the brood has grown. Notes have no size: a tune is
// requested once.
export function makeFrameRequests(canvas, request, { isBroodGrowing, isTune, smallSize }) {
  let pause = 0;
  let rest = 0;
  let crisp = 0;
  let width = 0; // Noted, because asking for it at each move would lay out the page once more.
  new ResizeObserver(() => (width = canvas.clientWidth)).observe(canvas);

  function requestCrisp() {
    if (isTune()) return;
    if (isBroodGrowing()) crisp = setTimeout(requestCrisp, REST_AFTER_MS);
    else request(768);
  }

  return function requestFrames() {
    clearTimeout(pause);
    clearTimeout(rest);
    clearTimeout(crisp);
    const small = smallSize();
    request(small);
    if (small < MOVING_SIZE) pause = setTimeout(() => request(MOVING_SIZE), PAUSE_AFTER_MS);
    rest = setTimeout(() => isTune() || request(512), REST_AFTER_MS);
    const wanted = width * (window.devicePixelRatio || 1);
    if (wanted > 560) crisp = setTimeout(requestCrisp, CRISP_AFTER_MS);
  };
}

// A small portrait of a frame as a data URL; see `portrait`.
export async function faceOf(frame) {
  if (!(frame instanceof Blob)) return cardDataUrl(frame);
  const bitmap = await createImageBitmap(frame);
  const face = await portrait(bitmap);
  bitmap.close();
  return face;
}

// A small JPEG of a canvas as a data URL, which survives a reload in the session's storage.
export function portrait(source, size = 128) {
  const small = new OffscreenCanvas(size, size);
  const context = small.getContext("2d", { alpha: false });
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, size, size);
  return toDataUrl(small);
}

async function toDataUrl(canvas) {
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.82 });
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.readAsDataURL(blob);
  });
}
