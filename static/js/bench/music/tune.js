// The tune on the bench: its piano roll in the preview, the bar that plays it, and its description
// for screen readers. Hidden for pictures.

import { fill, gettext } from "../../core/words.js";
import { childPedigree } from "../pedigree.js";
import { makeAudition } from "./audition.js";
import { makeMastering } from "./mastering.js";
import { makePage } from "./page.js";
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

export function makeTune(root, { canvas, store, announce }) {
  const bar = root.querySelector("#bench-tune");
  const toggle = bar.querySelector(".play-button");
  const place = bar.querySelector("input");
  const time = bar.querySelector("output");
  const words = bar.querySelector("p");
  const page = makePage(canvas);
  const synth = makeSynth({ onState });
  const { audition, endAudition } = makeAudition(synth);
  const mastering = makeMastering({
    button: root.querySelector("#bench-hear"),
    problem: root.querySelector("#bench-error"),
    url: root.dataset.hear,
    body: () => ({ pedigree: JSON.stringify(childPedigree(store.get())) }),
    announce,
    onSound,
  });
  let tune = null;
  let shownJson = "";
  let isDrawing = false;

  function onState(isPlaying) {
    toggle.classList.toggle("is-playing", isPlaying);
    toggle.setAttribute("aria-label", isPlaying ? gettext("Pause") : gettext("Play"));
    if (isPlaying) document.querySelector("#player audio")?.pause(); // One tune at a time.
    draw();
  }

  async function onSound(bytes, of) {
    if (of !== shownJson) return;
    await synth.useMastered(bytes);
    describe();
    synth.play(0);
  }

  function draw() {
    if (isDrawing) return;
    isDrawing = true;
    requestAnimationFrame((now) => {
      isDrawing = false;
      if (!tune) return;
      const beat = synth.position();
      const isBegun = synth.isPlaying() || beat > 0;
      const isMoving = page.draw(now, isBegun ? beat : null);
      follow(beat);
      if (isMoving || synth.isPlaying()) draw();
    });
  }

  function follow(beat) {
    const [at, length] = [clock((beat * 60) / tune.bpm), clock((tune.beats * 60) / tune.bpm)];
    const text = `${at} / ${length}`;
    if (time.value === text) return;
    time.value = text;
    place.value = String(beat);
    place.style.setProperty("--to", `${(100 * beat) / tune.beats}%`);
    place.setAttribute("aria-valuetext", fill(gettext("{at} of {length}"), { at, length }));
  }

  function describe() {
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

  function seek(beat) {
    if (!tune) return;
    synth.seek(Math.min(Math.max(beat, 0), tune.beats - 0.01));
    time.value = ""; // So that the bar moves even within the same second.
    draw();
  }

  function play(from) {
    return synth.isPlaying() && from === undefined ? synth.pause() : synth.play(from);
  }

  toggle.addEventListener("click", () => play());
  root.querySelector("#bench-hear").addEventListener("click", () => synth.unlock());
  place.addEventListener("input", () => seek(Number(place.value)));
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    if (tune) seek(page.beatAt(offsetX / canvas.clientWidth, offsetY / canvas.clientHeight));
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

  // Shows the notes of the studio. A tune that is playing continues at the same beat.
  function show(next) {
    const json = JSON.stringify(next);
    if (json === shownJson) return;
    [tune, shownJson] = [next, json];
    bar.hidden = false;
    mastering.expect(shownJson);
    synth.use(next);
    place.max = String(next.beats);
    page.show(next);
    time.value = "";
    describe();
    draw();
    root.dispatchEvent(new CustomEvent("bench:tune", { detail: next }));
  }

  // Pictures are on the bench now.
  function hide() {
    if (!tune) return;
    synth.pause();
    endAudition();
    [tune, shownJson] = [null, ""];
    bar.hidden = true;
    canvas.setAttribute("aria-label", gettext("Live preview of the child"));
  }

  return {
    show,
    hide,
    audition,
    endAudition,
    isShown: () => tune !== null,
    // Plays a picked child of the brood at once: its notes are here before the studio sends them
    // again.
    pick(frame) {
      if (!frame?.parts) return;
      show(frame);
      if (!synth.isPlaying()) synth.play();
    },
  };
}
