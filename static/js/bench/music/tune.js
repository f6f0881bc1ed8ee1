// The tune on the bench: its roll in the preview, the bar that plays it, and the word for a screen
// reader. Hidden for pictures.

import { fill, gettext } from "../../core/words.js";
import { makeHear } from "./hear.js";
import { makePage } from "../page.js";
import { makeSynth } from "./synth.js";

const STYLES = {
  folk: gettext("Folk"),
  lofi: gettext("Lo-fi"),
  chamber: gettext("Chamber"),
  synth: gettext("Synth"),
  bossa: gettext("Bossa nova"),
  lullaby: gettext("Lullaby"),
};

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

export function makeTune(root, { canvas, store, say }) {
  const bar = root.querySelector("#bench-tune");
  const toggle = bar.querySelector(".play-button");
  const place = bar.querySelector("input");
  const time = bar.querySelector("output");
  const words = bar.querySelector("p");
  const page = makePage(canvas);
  const synth = makeSynth({ onState });
  const hear = makeHear(root, { store, say, onSound });
  let tune = null;
  let known = "";
  let isDrawing = false;

  function onState(isPlaying) {
    toggle.classList.toggle("is-playing", isPlaying);
    toggle.setAttribute("aria-label", isPlaying ? gettext("Pause") : gettext("Play"));
    if (isPlaying) document.querySelector("#player audio")?.pause(); // One tune at a time.
    draw();
  }

  async function onSound(bytes, of) {
    if (of !== known) return;
    await synth.useMastered(bytes);
    tell();
    synth.play(0);
  }

  function draw() {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame((now) => {
      isDrawing = false;
      const beat = synth.position();
      const isBegun = synth.isPlaying() || beat > 0;
      const isMoving = page.draw(now, isBegun ? beat : null);
      follow(beat);
      if (isMoving || synth.isPlaying()) draw();
    });
  }

  function follow(beat) {
    const [at, length] = [clock((beat * 60) / tune.bpm), clock((tune.beats * 60) / tune.bpm)];
    const told = `${at} / ${length}`;
    if (time.value === told) return;
    time.value = told;
    place.value = String(beat);
    place.style.setProperty("--to", `${(100 * beat) / tune.beats}%`);
    place.setAttribute("aria-valuetext", fill(gettext("{at} of {length}"), { at, length }));
  }

  function tell() {
    const values = {
      style: STYLES[tune.style] ?? tune.style,
      key: tune.key,
      n: Math.round(tune.bpm),
    };
    const sentence = synth.isMastered()
      ? gettext("{style}, {key}, {n} bpm, mastered")
      : gettext("{style}, {key}, {n} bpm, sketch");
    words.textContent = fill(sentence, values);
    canvas.setAttribute(
      "aria-label",
      fill(gettext("Piano roll of the child: {words}"), { words: words.textContent }),
    );
  }

  function go(beat) {
    synth.seek(Math.min(Math.max(beat, 0), tune.beats - 0.01));
    time.value = ""; // The bar follows even within the same second.
    draw();
  }

  function play(from) {
    return synth.isPlaying() && from === undefined ? synth.pause() : synth.play(from);
  }

  toggle.addEventListener("click", () => play());
  root.querySelector("#bench-hear").addEventListener("click", () => synth.unlock());
  place.addEventListener("input", () => go(Number(place.value)));
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    if (tune) go(page.beatAt(offsetX / canvas.clientWidth, offsetY / canvas.clientHeight));
  });
  addEventListener("keydown", (event) => {
    const isTaken = event.target.closest?.(
      "button, a, select, textarea, input:not([type=range]), dialog, summary",
    );
    if (!tune || event.key !== " " || isTaken) return;
    event.preventDefault();
    play();
  });
  addEventListener("resize", () => tune && draw());
  document.addEventListener("player:state", ({ detail }) => detail.playing && synth.pause());

  // Notes of the studio; the tune goes on at the same beat when it is playing.
  function show(next) {
    const told = JSON.stringify(next);
    if (told === known) return;
    [tune, known] = [next, told];
    bar.hidden = false;
    hear.expect(known);
    synth.use(next);
    place.max = String(next.beats);
    page.show(next);
    time.value = "";
    tell();
    draw();
  }

  return {
    show,
    isShown: () => tune !== null,
    // A child of the brood: heard at once. Its notes are here already, before the studio sends them
    // again.
    pick(frame) {
      if (!frame?.parts) return;
      show(frame);
      if (!synth.isPlaying()) synth.play();
    },
  };
}
