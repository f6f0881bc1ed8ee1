// The page of a work that is being printed: when its print is done, it takes the preview's place,
// in the same size, and what follows from it (downloads, facts) appears. Nothing else is reloaded,
// so that a comment being written stays.

const PARTS = [".work-picture", ".work-actions", ".facts", "#print-dialog"];

async function putPrint() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const picture = page.querySelector(".work-picture img");
  // A tune brings its player along, whose scripts run when a page begins.
  if (!answer.ok || !picture || picture.matches(".is-preview")) return location.reload();
  const print = new Image();
  print.src = picture.src;
  await print.decode();
  picture.decoding = "sync";
  for (const part of PARTS) replace(part, page);
}

function replace(part, page) {
  const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
  if (!fresh && !old) return;
  if (!fresh) return old.remove();
  const adopted = document.adoptNode(fresh);
  if (old) old.replaceWith(adopted);
  else document.querySelector("main").append(adopted);
  window.htmx.process(adopted);
}

function whenDone() {
  const strip = document.querySelector(".print-strip");
  if (strip?.dataset.state !== "done") return;
  document.removeEventListener("htmx:afterSettle", whenDone);
  putPrint().catch(() => location.reload());
}

if (document.querySelector(".print-strip")) {
  document.addEventListener("htmx:afterSettle", whenDone);
  whenDone();
}
