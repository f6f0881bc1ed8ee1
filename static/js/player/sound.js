// The controls of one sound: play and pause, the position, volume, and repeating. The player at the
// bottom of every page and the frame on other sites are made of it.
//
// root holds any of [data-sound-toggle], -seek, -at, -length, -loop, -mute and -volume.

import { fill, gettext } from "../core/words.js";

const VOLUME_KEY = "player-volume";

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// onState: called after it began, stopped, or another sound was loaded. onTime: while it plays.
export function makeSound(root, audio, { onState = () => {}, onTime = () => {} } = {}) {
  const part = Object.fromEntries(
    ["toggle", "seek", "at", "length", "loop", "mute", "volume"].map((name) => [
      name,
      root.querySelector(`[data-sound-${name}]`),
    ]),
  );
  // The length in the file; until it is read, the one that the page says.
  const length = () =>
    Number.isFinite(audio.duration) ? audio.duration : Number(root.dataset.seconds || 0);

  function name(button, label) {
    button?.setAttribute("aria-label", label);
    button?.setAttribute("title", label);
  }

  function showState() {
    root.classList.toggle("is-playing", !audio.paused);
    name(part.toggle, audio.paused ? gettext("Play") : gettext("Pause"));
    onState();
  }

  function showTime() {
    const [at, all] = [audio.currentTime, length()];
    const words = { at: clock(at), length: clock(all) };
    if (part.at) part.at.textContent = words.at;
    if (part.length) part.length.textContent = words.length;
    if (part.seek) {
      part.seek.max = all || 1;
      part.seek.value = at;
      part.seek.style.setProperty("--to", `${all ? Math.min(100, (100 * at) / all) : 0}%`);
      part.seek.setAttribute("aria-valuetext", fill(gettext("{at} of {length}"), words));
    }
    onTime(at, all);
  }

  function showVolume() {
    const level = audio.muted ? 0 : audio.volume;
    root.classList.toggle("is-muted", level === 0);
    name(part.mute, level ? gettext("Mute") : gettext("Unmute"));
    if (!part.volume) return;
    part.volume.value = 100 * level;
    part.volume.style.setProperty("--to", `${100 * level}%`);
    part.volume.setAttribute("aria-valuetext", `${Math.round(100 * level)} %`);
  }

  function setVolume(level, muted) {
    audio.volume = level;
    audio.muted = muted;
    showVolume();
    try {
      localStorage.setItem(VOLUME_KEY, JSON.stringify({ level, muted }));
    } catch {
      // Storage is unavailable: the volume is forgotten with the page.
    }
  }

  function setLoop(isOn) {
    audio.loop = isOn;
    part.loop?.setAttribute("aria-pressed", String(isOn));
  }

  function mute() {
    // A volume that was drawn to nothing comes back at half.
    setVolume(audio.volume || 0.5, audio.volume > 0 && !audio.muted);
  }

  try {
    const saved = JSON.parse(localStorage.getItem(VOLUME_KEY) ?? "null");
    if (saved) {
      audio.volume = Math.min(1, Math.max(0, Number(saved.level)));
      audio.muted = Boolean(saved.muted);
    }
  } catch {
    // Nothing was saved, or it cannot be read: full volume.
  }
  part.toggle?.addEventListener("click", () => (audio.paused ? audio.play() : audio.pause()));
  part.seek?.addEventListener("input", () => {
    audio.currentTime = Number(part.seek.value);
  });
  part.loop?.addEventListener("click", () => setLoop(!audio.loop));
  part.mute?.addEventListener("click", mute);
  part.volume?.addEventListener("input", () => setVolume(Number(part.volume.value) / 100, false));
  for (const event of ["play", "pause", "emptied"]) audio.addEventListener(event, showState);
  for (const event of ["timeupdate", "durationchange", "seeked", "emptied"])
    audio.addEventListener(event, showTime);
  showVolume();
  showState();
  showTime();
  return { mute, setLoop, isLooping: () => audio.loop, refresh: showTime };
}
