// The slim player at the bottom of every page. One tune plays at a time, and continues where it was
// when another page opens.
//
// A play button is a link with data-play (the URL of the sound), data-title, data-maker and
// data-page; without this script it opens the file. The player dispatches the events "player:state"
// and "player:time" on the document, and listens there for "player:seek".

import { fill, gettext } from "../core/words.js";

const STORAGE_KEY = "player";
const bar = document.getElementById("player");
const audio = bar.querySelector("audio");
const parts = Object.fromEntries(
  ["toggle", "title", "maker", "seek", "time", "next", "close"].map((name) => [
    name,
    bar.querySelector(`[data-player-${name}]`),
  ]),
);
let track = null;

export const isPlaying = () => !audio.paused;
export const current = () => track?.src ?? "";

function buttons() {
  return [...document.querySelectorAll("[data-play]")];
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function save() {
  try {
    if (track)
      sessionStorage.setItem(
        STORAGE_KEY,
        JSON.stringify({ track, at: audio.currentTime, playing: isPlaying() }),
      );
    else sessionStorage.removeItem(STORAGE_KEY);
  } catch {
    // Storage is unavailable: the tune ends with the page.
  }
}

function load(next, at = 0) {
  track = next;
  audio.src = track.src;
  if (at)
    audio.addEventListener(
      "loadedmetadata",
      () => {
        audio.currentTime = at;
      },
      { once: true },
    );
  parts.title.textContent = track.title;
  parts.title.href = track.page;
  parts.maker.textContent = track.maker;
  bar.hidden = false;
  document.body.classList.add("has-player");
  if ("mediaSession" in navigator) {
    navigator.mediaSession.metadata = new MediaMetadata({
      title: track.title,
      artist: track.maker,
    });
  }
}

export async function play(next) {
  if (next && next.src !== current()) load(next);
  try {
    await audio.play();
  } catch (error) {
    // A browser may block sound until somebody clicks; the bar is then ready to play.
    if (error.name === "NotSupportedError")
      parts.maker.textContent = gettext("This tune can't be played here. Download it instead.");
  }
}

function toggle(next) {
  if (next && next.src !== current()) return play(next);
  return isPlaying() ? audio.pause() : play();
}

function trackOf(button) {
  const { play: src, title, maker, page } = button.dataset;
  return { src, title, maker: maker ?? "", page: page ?? "" };
}

function skip() {
  const all = buttons();
  const place = all.findIndex((button) => button.dataset.play === current());
  const next = all[(place + 1) % all.length];
  if (next) play(trackOf(next));
}

function close() {
  audio.pause();
  audio.removeAttribute("src");
  track = null;
  bar.hidden = true;
  document.body.classList.remove("has-player");
  save();
  show();
}

function show() {
  const playing = isPlaying();
  bar.classList.toggle("is-playing", playing);
  parts.toggle.setAttribute("aria-label", playing ? gettext("Pause") : gettext("Play"));
  parts.next.hidden = buttons().length < 2;
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

function tick() {
  const length = Number.isFinite(audio.duration) ? audio.duration : 0;
  parts.seek.max = length || 1;
  parts.seek.value = audio.currentTime;
  parts.seek.setAttribute(
    "aria-valuetext",
    fill(gettext("{at} of {length}"), { at: clock(audio.currentTime), length: clock(length) }),
  );
  parts.time.textContent = `${clock(audio.currentTime)} / ${clock(length)}`;
  document.dispatchEvent(
    new CustomEvent("player:time", { detail: { src: current(), at: audio.currentTime, length } }),
  );
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
document.addEventListener("htmx:afterSettle", show);
parts.toggle.addEventListener("click", () => toggle());
parts.next.addEventListener("click", skip);
parts.close.addEventListener("click", close);
parts.seek.addEventListener("input", () => {
  audio.currentTime = Number(parts.seek.value);
});
for (const name of ["play", "pause", "emptied"]) audio.addEventListener(name, show);
for (const name of ["timeupdate", "durationchange", "seeked"]) audio.addEventListener(name, tick);
audio.addEventListener("ended", skip);
addEventListener("pagehide", save);
if ("mediaSession" in navigator) {
  navigator.mediaSession.setActionHandler("play", () => play());
  navigator.mediaSession.setActionHandler("pause", () => audio.pause());
  navigator.mediaSession.setActionHandler("nexttrack", skip);
}

try {
  const saved = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "null");
  if (saved?.track?.src) {
    load(saved.track, saved.at);
    if (saved.playing) play();
  }
} catch {
  // Nothing was saved, or it cannot be read: nothing plays.
}
show();
