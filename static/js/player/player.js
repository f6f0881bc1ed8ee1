// The player at the bottom of every page. One tune plays at a time, and continues where it was when
// another page opens.
//
// Play buttons (queue.js) open the sound file without this script. The player dispatches the events
// "player:state" and "player:time" on the document, and listens there for "player:seek".

import { fill, gettext } from "../core/words.js";
import { buttons, makeCover, makeQueue, trackOf } from "./queue.js";
import { makeSound } from "./sound.js";

const STORAGE_KEY = "player";
const RESTART_S = 3; // Later than this, “previous” goes back to the beginning of the tune.
const bar = document.getElementById("player");
const panel = document.getElementById("player-queue");
const audio = bar.querySelector("audio");
const part = Object.fromEntries(
  ["what", "title", "maker", "previous", "next", "queue", "close"].map((name) => [
    name,
    bar.querySelector(`[data-player-${name}]`),
  ]),
);
const queue = makeQueue(panel, { onChoose: play });
let track = null;

const isPlaying = () => !audio.paused;
const current = () => track?.src ?? "";

function save() {
  try {
    if (!track) return sessionStorage.removeItem(STORAGE_KEY);
    const state = { track, at: audio.currentTime, playing: isPlaying(), loop: sound.isLooping() };
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ ...state, queue: queue.saved() }));
  } catch {
    // Storage is unavailable: the tune ends with the page.
  }
}

function load(next, at = 0) {
  track = next;
  bar.dataset.seconds = track.seconds || 0;
  audio.src = track.src;
  if (at)
    audio.addEventListener(
      "loadedmetadata",
      () => {
        audio.currentTime = at;
      },
      { once: true },
    );
  part.title.textContent = track.title;
  part.title.href = track.page;
  part.maker.textContent = track.maker;
  part.what.querySelector(".player-cover")?.remove();
  part.what.prepend(makeCover(track.cover, 48));
  bar.hidden = false;
  document.body.classList.add("has-player");
  sound.refresh();
  if ("mediaSession" in navigator) {
    navigator.mediaSession.metadata = new MediaMetadata({
      title: track.title,
      artist: track.maker,
      artwork: track.cover ? [{ src: track.cover }] : [],
    });
  }
}

async function play(next) {
  if (next && next.src !== current()) load(next);
  if (track) queue.play(track);
  try {
    await audio.play();
  } catch (error) {
    // A browser may block sound until somebody clicks; the bar is then ready to play.
    if (error.name === "NotSupportedError")
      part.maker.textContent = gettext("This tune can't be played here. Download it instead.");
  }
}

function toggle(next) {
  if (next && next.src !== current()) return play(next);
  return isPlaying() ? audio.pause() : play();
}

function goOn() {
  const next = queue.after();
  if (next) play(next);
}

function goBack() {
  const before = queue.before();
  if (before && audio.currentTime < RESTART_S) play(before);
  else audio.currentTime = 0;
}

function showQueue(isOpen) {
  panel.hidden = !isOpen;
  part.queue.setAttribute("aria-expanded", String(isOpen));
}

function close() {
  audio.pause();
  audio.removeAttribute("src");
  track = null;
  queue.clear();
  showQueue(false);
  bar.hidden = true;
  document.body.classList.remove("has-player");
  save();
  show();
}

function show() {
  const playing = isPlaying();
  part.next.disabled = !queue.after();
  part.queue.hidden = queue.size() < 2;
  for (const button of buttons()) {
    const isCurrent = playing && button.dataset.play === current();
    button.classList.toggle("is-playing", isCurrent);
    button.setAttribute(
      "aria-label",
      fill(isCurrent ? gettext("Pause {title}") : gettext("Play {title}"), button.dataset),
    );
  }
  document.dispatchEvent(new CustomEvent("player:state", { detail: { src: current(), playing } }));
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !track) return;
  const field = "input, textarea, select, dialog, [role=slider], [contenteditable]";
  if (event.target.closest?.(field)) return;
  // On a button or a link, Space presses it.
  if (event.key === " " && event.target.closest?.("button, a, summary, [tabindex='0']")) return;
  if (document.querySelector("#bench-tune:not([hidden])")) return; // The bench plays its own tune.
  const deed = {
    " ": () => toggle(),
    ArrowRight: event.shiftKey && goOn,
    ArrowLeft: event.shiftKey && goBack,
    m: () => sound.mute(),
    l: () => sound.setLoop(!sound.isLooping()),
  }[event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-play]");
  if (!button || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  toggle(trackOf(button));
});
document.addEventListener("player:seek", async ({ detail }) => {
  if (detail.track.src !== current()) await play(detail.track);
  audio.currentTime = detail.at;
});
document.addEventListener("htmx:afterSettle", () => {
  queue.grow();
  show();
});
document.addEventListener("keydown", onKey);
part.previous.addEventListener("click", goBack);
part.next.addEventListener("click", goOn);
part.close.addEventListener("click", close);
part.queue.addEventListener("click", () => showQueue(panel.hidden));
panel.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  showQueue(false);
  part.queue.focus();
});
panel.querySelector("[data-queue-close]").addEventListener("click", () => {
  showQueue(false);
  part.queue.focus();
});
audio.addEventListener("ended", goOn);
addEventListener("pagehide", save);
if ("mediaSession" in navigator) {
  navigator.mediaSession.setActionHandler("play", () => play());
  navigator.mediaSession.setActionHandler("pause", () => audio.pause());
  navigator.mediaSession.setActionHandler("nexttrack", goOn);
  navigator.mediaSession.setActionHandler("previoustrack", goBack);
}

const sound = makeSound(bar, audio, {
  onState: show,
  onTime: (at, length) =>
    document.dispatchEvent(
      new CustomEvent("player:time", { detail: { src: current(), at, length } }),
    ),
});
try {
  const saved = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null");
  if (saved?.track?.src) {
    load(saved.track, saved.at);
    queue.restore(saved.queue ?? {}, saved.track.src);
    sound.setLoop(Boolean(saved.loop));
    if (saved.playing) play();
  }
} catch {
  // Nothing was saved, or it cannot be read: nothing plays.
}
show();
