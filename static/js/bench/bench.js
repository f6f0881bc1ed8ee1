// The bench: sliders in, pictures out. This module connects the parts; each part reads the state
// and shows it.

import { gettext } from "../core/words.js";
import { makeAnnouncer } from "./announcer.js";
import { makeBlend } from "./blend.js";
import { makeBrood } from "./brood.js";
import { makeDevelop } from "./develop.js";
import { drift } from "./drift.js";
import { makeExplains } from "./explains.js";
import { makeBand } from "./finish/band.js";
import { makeChoices } from "./finish/choices.js";
import { makeFinish } from "./finish/finish.js";
import { makeLooks } from "./finish/looks.js";
import { makeGenes } from "./genes.js";
import { makeHands } from "./hands.js";
import { makeTune } from "./music/tune.js";
import { makeParents } from "./parents.js";
import {
  addressOf,
  compact,
  developedState,
  finishingOf,
  initialState,
  MAX_PARENTS,
  stepsPayload,
} from "./pedigree.js";
import { makePicker } from "./picker.js";
import { faceOf, makeFrameRequests, makePreview, movingSize } from "./preview.js";
import { makePublisher } from "./publish.js";
import { drawRange } from "./range.js";
import { makeSide } from "./side.js";
import { openSocket } from "./socket.js";
import { loadSaved, makeStore, saveAsLast } from "./state.js";
import { makeStatus } from "./status.js";
import { makeTrail } from "./trail.js";

const SLOW = gettext(
  "This species paints slowly, so nothing moves under your hand. Set the sliders, develop a brood, and pick from it.",
);

const root = document.getElementById("bench");
const data = JSON.parse(document.getElementById("bench-data").textContent);
const hasGenes = root.dataset.genes !== "no";
const store = makeStore(initialState(data.roots, { hasGenes }));
const resumes = new URLSearchParams(location.search).get("resume");
const saved = loadSaved({ last: resumes === "last" });
const isResumed = saved && (resumes || saved.search === location.search);
if (isResumed) store.restore(saved);
else if (data.bed) store.update(developedState(data.bed));
else if (saved?.history.length && saveAsLast(saved))
  document.getElementById("bench-return").hidden = false;

let info = isResumed ? [] : data.parents; // What the server sent about the present parents.
let species = null;
let parentsId = -1; // The id of the last request for parents; older answers are out of date.
const portraits = new Map(); // Frame id -> index of the parent that it shows.

const announcer = makeAnnouncer(document.getElementById("bench-announcer"));
const { announce } = announcer;
const canvas = document.getElementById("bench-canvas");
const tune = makeTune(root, { canvas, store, announce });
const waiting = document.getElementById("bench-preview-waiting");
const preview = makePreview(canvas, waiting, tune);
const isSlow = () => species?.is_slow ?? data.isSlow;
const requestFrame = (size) => socket.requestFrame(compact(store.get().recipe), size);
const requestLive = makeFrameRequests(canvas, requestFrame, {
  isBroodGrowing: () => brood.isGrowing(),
  isTune: tune.isShown,
  smallSize: () => movingSize(species, finishingOf(store.get().recipe, info), socket.isSlow()),
});
const requestFrames = () => isSlow() || requestLive();
const publishButton = document.getElementById("bench-publish");
const problem = document.getElementById("bench-error");
const onStatus = makeStatus(document.getElementById("bench-status"), announce);
const socket = openSocket(root.dataset.socket, { onFrame, onMessage, onStatus, onOpen: resume });
const develop = makeDevelop(root, {
  store,
  isSlow,
  onPicture: receiveDeveloped,
  onWithheld: (index, why) => brood.seedlings.withhold(index, why),
  onRefusal: complain,
});
const brood = makeBrood(root, {
  store,
  socket,
  develop,
  announce,
  onPick: (frame) => (isSlow() ? frame && preview.put(frame) : tune.pick(frame)),
});
const present = { store, species: () => species, announce };
const picker = makePicker(root, present);
const looks = makeLooks(socket);
const side = makeSide(root);
const hands = makeHands(root, { ...present, socket, brood, canvas, tune, picker, side });
const showBlend = makeBlend(root, store);
const parts = [
  makeParents(root, { store, picker, announce }),
  makeGenes(root, store),
  makeChoices(root, store),
  makeFinish(root, { store, looks, announce }),
  makeBand(root, { store, looks }),
  side.show,
  picker.show,
  makeTrail(root, store),
  brood.show,
  develop.show,
  hands.show,
];
makeExplains(root);
makePublisher(root, { store, preview });

function sendParents() {
  const { roots, chosen } = store.get();
  socket.forget();
  portraits.clear();
  parentsId = socket.send(
    { parents: { roots, steps: stepsPayload(store.get()) }, chosen },
    1 + MAX_PARENTS,
  );
}

// At the first connection and after each lost one the server knows nothing of this bench.
function resume() {
  sendParents();
  requestFrames();
  brood.resume();
  looks.resume();
  show();
}

function onMessage(message) {
  if (message.brood) return brood.receive(message);
  if (message.parents && message.id === parentsId) return receiveParents(message);
  if (message.error && looks.owns(message.id)) return looks.refuse(message);
  if (message.withheld) return withhold(message);
  if (message.error) complain(message.error);
}

function complain(sentence) {
  problem.textContent = sentence;
  problem.hidden = false;
}

async function receiveDeveloped(index, picture, isWanted) {
  await brood.seedlings.draw(index, picture, isWanted);
  if (picture === brood.shownFrame()) await preview.put(picture);
  show();
}

// A picture that the studio does not show leaves a quiet place; the hand moves on.
function withhold({ id, error }) {
  if (portraits.has(id)) return;
  if (brood.owns(id)) return brood.withhold(id, error) || show();
  if (preview.withhold(id, error)) publishButton.disabled = true;
}

function receiveParents(message) {
  info = message.parents;
  species = message.species;
  problem.hidden = true;
  info.forEach(({ frame }, place) => frame && portraits.set(frame, place));
  store.update({
    faces: info.map(({ thumbnail }, place) => thumbnail || store.get().faces[place] || ""),
  });
  if (!store.get().brood && !isSlow()) brood.grow();
}

async function onFrame(id, frame) {
  problem.hidden = true;
  if (portraits.has(id)) return drawPortrait(portraits.get(id), frame);
  if (looks.owns(id)) return looks.draw(id, frame);
  if (brood.owns(id)) return (await brood.draw(id, frame)) && show();
  if (hands.compare.owns(id)) return hands.compare.draw(frame);
  if (await preview.draw(id, frame)) publishButton.disabled = false;
}

async function drawPortrait(place, frame) {
  const face = await faceOf(frame);
  const faces = [...store.get().faces];
  if (place < faces.length) store.update({ faces: Object.assign(faces, { [place]: face }) });
}

function show() {
  const state = store.get();
  showBlend(state); // First: it builds the corners that the parents fill.
  parts.forEach((part) => part(state, species, info));
  if (!isSlow()) return;
  // Only what was developed, and can be seen, is published.
  publishButton.disabled = !brood.shownFrame();
  if (!canvas.dataset.frame) waiting.textContent = SLOW;
}

// While a slider is held, only what the hand moves is drawn at each screen refresh. The other
// controls follow more rarely, which leaves the processor to the frames of the studio.
const FOLLOW_MS = 80;
let following = 0;
function follow() {
  if (!store.isHeld()) return show();
  showBlend(store.get());
  following ||= setTimeout(() => {
    following = 0;
    show();
  }, FOLLOW_MS);
}
root.addEventListener("input", ({ target }) => target.type === "range" && drawRange(target));

let saving = 0;
store.subscribe((after, before) => {
  const isOtherBench = ["roots", "steps", "chosen"].some((key) => after[key] !== before[key]);
  if (isOtherBench) {
    info = [];
    history.replaceState(null, "", addressOf(after.roots));
    sendParents();
  } else {
    announcer.describeChange(after, before, info, species);
  }
  if (isOtherBench || after.recipe !== before.recipe) requestFrames();
  follow();
  clearTimeout(saving);
  saving = setTimeout(store.save, 300);
});

addEventListener("pagehide", store.save);
history.replaceState(null, "", addressOf(store.get().roots));
show();
if (data.isSurprise && !isResumed) drift(store, root, brood.isGrown);
