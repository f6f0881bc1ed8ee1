// Pictures that the studio paints when they are asked for (`data-painted`). A busy studio refuses,
// and the place would stay empty for good, so the picture is asked for again.

const FIRST_PAUSE_MS = 2000; // Twice as long after each refusal.
const TRIES = 6;

function askAgain(picture) {
  const tries = Number(picture.dataset.tries ?? 0);
  if (tries === TRIES) return;
  picture.dataset.tries = tries + 1;
  setTimeout(() => picture.setAttribute("src", picture.src), FIRST_PAUSE_MS * 2 ** tries);
}

document.addEventListener(
  "error",
  ({ target }) => target.matches?.("img[data-painted]") && askAgain(target),
  true,
);

// Those that were refused before this script came.
for (const picture of document.querySelectorAll("img[data-painted]")) {
  if (picture.complete && !picture.naturalWidth) askAgain(picture);
}
