// The bench: sliders in, pictures out. This module joins the parts; each part reads the state and
// shows it.

import { gettext } from "../core/words.js";
import { makeBlend } from "./blend.js";
import { makeBrood } from "./brood.js";
import { drift } from "./drift.js";
import { makeChoices } from "./finish/choices.js";
import { makeFinish } from "./finish/finish.js";
import { makeGenes } from "./genes.js";
import { makeParents } from "./parents.js";
import { addressOf, begin, brief, MAX_PARENTS, toldSteps } from "./pedigree.js";
import { makePicker } from "./picker.js";
import { faceOf, makePreview, makeRest } from "./preview.js";
import { makePublisher } from "./publish.js";
import { openSocket } from "./socket.js";
import { keepAsLast, kept, makeStore } from "./state.js";
import { makeTrail } from "./trail.js";
import { makeTune } from "./music/tune.js";
import { makeWords } from "./words.js";

const STATUS_WORDS = {
  live: gettext("Live"),
  waiting: gettext("Waiting"),
  reconnecting: gettext("Reconnecting"),
};
const root = document.getElementById("bench");
const data = JSON.parse(document.getElementById("bench-data").textContent);
const store = makeStore(begin(data.roots));
const resumes = new URLSearchParams(location.search).get("resume");
const remembered = kept({ last: resumes === "last" });
const isResumed = remembered && (resumes || remembered.search === location.search);
if (isResumed) store.restore(remembered);
else if (remembered?.history.length && keepAsLast(remembered))
  document.getElementById("bench-return").hidden = false;

let info = isResumed ? [] : data.parents; // What the server told of the present parents.
let species = null;
let parentsId = -1; // The question whose answer is awaited; older answers are about older parents.
const portraits = new Map(); // Frame id -> place of the parent that it shows.

const words = makeWords(document.getElementById("bench-said"));
const say = (sentence) => words.say(sentence);
const canvas = document.getElementById("bench-canvas");
const tune = makeTune(root, { canvas, store, say });
const preview = makePreview(canvas, document.getElementById("bench-preview-waiting"), tune);
const ask = (size) => socket.ask(brief(store.get().recipe), size);
const moved = makeRest(canvas, ask, {
  isBroodGrowing: () => brood.isGrowing(),
  isTune: tune.isShown,
});
const status = document.getElementById("bench-status");
const problem = document.getElementById("bench-error");
const undo = document.getElementById("bench-undo");
const socket = openSocket(root.dataset.socket, { onFrame, onMessage, onStatus, onOpen: resume });
const brood = makeBrood(root, { store, socket, say, onPick: tune.pick });
const parts = [
  makeBlend(root, store),
  makePicker(root, { store, species: () => species, say }),
  makeTrail(root, store),
  brood.show,
];
const genes = makeGenes(root, store);
const ofSpecies = [makeChoices(root, store), makeFinish(root, { store, say })];
const parents = makeParents(root, { store, say });
makePublisher(root, { store, preview });

function tellParents() {
  const { roots, chosen } = store.get();
  socket.forget();
  portraits.clear();
  parentsId = socket.tell(
    { parents: { roots, steps: toldSteps(store.get()) }, chosen },
    1 + MAX_PARENTS,
  );
}

// At the first connection and after each lost one: the server knows nothing, the page everything.
function resume() {
  tellParents();
  moved();
  brood.resume();
  show();
}

function onMessage(message) {
  if (message.brood) return brood.hear(message);
  if (message.parents && message.id === parentsId) return meetParents(message);
  if (message.error) {
    problem.textContent = message.error;
    problem.hidden = false;
  }
}

function meetParents(message) {
  info = message.parents;
  species = message.species;
  problem.hidden = true;
  info.forEach(({ frame }, place) => frame && portraits.set(frame, place));
  store.note({
    faces: info.map(({ thumbnail }, place) => thumbnail || store.get().faces[place] || ""),
  });
  if (!store.get().brood) brood.grow();
}

async function onFrame(id, frame) {
  problem.hidden = true;
  if (portraits.has(id)) return drawPortrait(portraits.get(id), frame);
  if (brood.owns(id)) return (await brood.draw(id, frame)) && show();
  if (await preview.draw(id, frame)) document.getElementById("bench-publish").disabled = false;
}

async function drawPortrait(place, frame) {
  const face = await faceOf(frame);
  const faces = [...store.get().faces];
  if (place < faces.length) store.note({ faces: Object.assign(faces, { [place]: face }) });
}

function onStatus(state) {
  if (status.dataset.state === state) return;
  // Losing and finding the studio is worth a word; a frame that takes its time is not.
  if (state === "reconnecting")
    say(gettext("Lost the connection to the studio. Trying again; nothing on the bench is lost."));
  else if (status.dataset.state.endsWith("connecting")) say(gettext("Connected to the studio."));
  status.dataset.state = state;
  status.querySelector("span").textContent = STATUS_WORDS[state];
}

function show() {
  const state = store.get();
  parts.forEach((part) => part(state));
  genes(state, species);
  ofSpecies.forEach((part) => part(state, species, info));
  parents(state, info);
  undo.disabled = !store.canUndo();
}

let saving = 0;
store.subscribe((after, before) => {
  const isOtherBench = ["roots", "steps", "chosen"].some((key) => after[key] !== before[key]);
  if (isOtherBench) {
    info = [];
    history.replaceState(null, "", addressOf(after.roots));
    tellParents();
  } else {
    words.changed(after, before, info, species);
  }
  if (isOtherBench || after.recipe !== before.recipe) moved();
  show();
  clearTimeout(saving);
  saving = setTimeout(store.save, 300);
});

undo.addEventListener("click", store.undo);
addEventListener("pagehide", store.save);
addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.(
    "textarea, input:not([type=range], [type=radio]), dialog",
  );
  if (
    isTyping ||
    event.key.toLowerCase() !== "z" ||
    event.shiftKey ||
    !(event.ctrlKey || event.metaKey)
  )
    return;
  event.preventDefault();
  store.undo();
});
history.replaceState(null, "", addressOf(store.get().roots));
show();
if (data.isSurprise && !isResumed) drift(store, root, brood.isGrown);
