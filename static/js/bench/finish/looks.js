// Looks: small pictures of this very child with each style, palette or mock-up (of a tune, with
// each band). The studio renders them at rest, only for folds that are open, and behind every live
// frame; the pictures of the last few children are kept.

import { cardDataUrl } from "../music/roll.js";

const SIZE = 112;
const REST_MS = 700; // The large picture asks for its own sizes first (preview.js).
const ANSWER_MS = 20_000; // Without a picture for so long, the names stand alone.
const HELD = "input[type=range]:active, .bench-pad :active"; // Something is being dragged.
const KEPT_CHILDREN = 8;

// socket: where they are asked for.
export function makeLooks(socket) {
  const asked = new Map(); // Id of a frame -> { group, key, value, child } that it shows.
  const ids = new Set(); // All of them: one that comes too late is nobody else's.
  const groups = new Set();
  let timer = 0;

  const outstanding = (group) => [...asked.values()].filter((entry) => entry.group === group);

  function forget(group) {
    for (const [id, entry] of asked) if (entry.group === group) asked.delete(id);
  }

  function request(group) {
    const values = group.missing();
    if (!values.length || !group.isSeen()) return;
    const recipe = group.recipe();
    const child = JSON.stringify(recipe);
    const coming = outstanding(group).filter((entry) => entry.child === child);
    if (values.every((value) => coming.some((entry) => entry.value === value))) return;
    forget(group);
    const first = socket.send({ looks: recipe, ...group.of, values, size: SIZE }, values.length);
    const key = group.key();
    values.forEach((value, at) => {
      asked.set(first + at, { group, key, value, child });
      ids.add(first + at);
    });
    group.wait(ANSWER_MS);
  }

  function rest() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.querySelector(HELD)) rest();
      else groups.forEach(request);
    }, REST_MS);
  }

  return {
    add: (group) => groups.add(group),
    remove(group) {
      groups.delete(group);
      forget(group);
    },
    // Something moved, or a fold was opened: whatever is missing is asked for at the next rest.
    rest,
    // After a lost connection nothing that was asked for comes any more.
    resume() {
      asked.clear();
      rest();
    },
    owns: (id) => ids.has(id),
    async draw(id, frame) {
      const entry = asked.get(id);
      if (!entry) return;
      asked.delete(id);
      entry.group.receive(entry.key, entry.value, await pictureOf(frame));
    },
    // The studio could not draw one: its name stands alone.
    refuse({ id, retry_after: isLater }) {
      const entry = asked.get(id);
      if (isLater || !entry) return;
      asked.delete(id);
      entry.group.refuse();
    },
  };
}

// The address of a small picture: of a Blob, or of a tune's notes.
async function pictureOf(frame) {
  if (!(frame instanceof Blob)) return cardDataUrl(frame, SIZE);
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.readAsDataURL(frame);
  });
}

// The pictures of the last few children: key of the child -> value -> address of its picture.
export function makeMemory() {
  const kept = new Map();
  return {
    of: (key) => kept.get(key) ?? new Map(),
    keep(key, value, picture) {
      const pictures = kept.get(key) ?? new Map();
      kept.delete(key); // So that the oldest child is the first to go.
      kept.set(key, pictures.set(value, picture));
      if (kept.size > KEPT_CHILDREN) kept.delete(kept.keys().next().value);
    },
  };
}
