// Ordering the works of a collection: drag a row by its grip, or focus the grip and press the arrow
// keys, Home or End. The whole order is sent to the server; when it refuses, its message appears
// and the page is loaded again.

const list = document.querySelector("[data-arrange]");
const status = document.getElementById("arrange-status");
const rows = () => [...list.querySelectorAll(".arrange-row")];
const EDGE = 72; // Within so many pixels of the window's edge, dragging scrolls.
const PAUSE_MS = 700; // From the last key press until the order is sent.

let waiting = 0;

function renumber() {
  const all = rows();
  for (const [index, row] of all.entries()) {
    const [up, down] = row.querySelectorAll("button[name=to]");
    up.value = index;
    up.disabled = index === 0;
    down.value = index + 2;
    down.disabled = index === all.length - 1;
    row.querySelector("input[name=place]").value = index + 1;
  }
}

function announce(row) {
  const all = rows();
  status.textContent = list.dataset.position
    .replace("{place}", all.indexOf(row) + 1)
    .replace("{all}", all.length);
}

async function save() {
  clearTimeout(waiting);
  waiting = 0;
  const order = rows().map((row) => row.dataset.item);
  let isSaved = false;
  const onRequest = (event) => {
    isSaved = event.detail.successful;
  };
  list.addEventListener("htmx:afterRequest", onRequest, { once: true });
  await window.htmx.ajax("POST", list.dataset.arrange, {
    source: list,
    values: { order },
    swap: "none",
  });
  list.removeEventListener("htmx:afterRequest", onRequest);
  if (isSaved) status.textContent = list.dataset.saved;
  else setTimeout(() => location.reload(), 2500);
}

// The other rows move around this one, which stays where it is in the document and so keeps the
// focus and the captured pointer.
function place(row, index) {
  const all = rows();
  const target = Math.max(0, Math.min(index, all.length - 1));
  for (let at = all.indexOf(row); at < target; at += 1) row.before(row.nextElementSibling);
  for (let at = all.indexOf(row); at > target; at -= 1) row.after(row.previousElementSibling);
  renumber();
}

list.addEventListener("keydown", (event) => {
  const grip = event.target.closest(".arrange-grip");
  if (!grip) return;
  const row = grip.closest(".arrange-row");
  const index = rows().indexOf(row);
  const target = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: rows().length }[
    event.key
  ];
  if (target === undefined) return;
  event.preventDefault();
  place(row, target);
  grip.focus();
  row.scrollIntoView({ block: "nearest" });
  announce(row);
  clearTimeout(waiting);
  waiting = setTimeout(save, PAUSE_MS);
});

// An order that is still waiting is sent before another form on the page is, or the page is left.
list.addEventListener("focusout", () => {
  if (waiting && !list.contains(document.activeElement)) save();
});

function drag(event) {
  const grip = event.target.closest(".arrange-grip");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  const row = grip.closest(".arrange-row");
  const before = rows().indexOf(row);
  grip.setPointerCapture(event.pointerId);
  row.classList.add("is-dragged");

  const move = ({ clientY }) => {
    if (clientY < EDGE) window.scrollBy(0, -16);
    else if (clientY > window.innerHeight - EDGE) window.scrollBy(0, 16);
    const others = rows().filter((other) => other !== row);
    const next = others.findIndex((other) => {
      const box = other.getBoundingClientRect();
      return clientY < box.top + box.height / 2;
    });
    place(row, next < 0 ? others.length : next);
  };
  const end = () => {
    grip.removeEventListener("pointermove", move);
    row.classList.remove("is-dragged");
    grip.focus();
    if (rows().indexOf(row) === before) return;
    announce(row);
    save();
  };
  grip.addEventListener("pointermove", move);
  grip.addEventListener("lostpointercapture", end, { once: true });
}

list.addEventListener("pointerdown", drag);
