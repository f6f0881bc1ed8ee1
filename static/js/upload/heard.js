// What was heard, played: as it will sound, with the chosen band, or the notes alone. The score
// shows what plays, and a click in it seeks.

import { makeMastering } from "../bench/music/mastering.js";
import { makeSynth } from "../bench/music/synth.js";
import { fill, gettext } from "../core/words.js";
import { clock } from "../player/sound.js";

const root = document.getElementById("heard");
const form = document.getElementById("melody-form");
const stage = root.querySelector("[data-heard-score]");
const roll = stage.querySelector(".score-roll");
const head = roll.querySelector(".score-head");
const toggle = root.querySelector("[data-heard-play]");
const time = root.querySelector("[data-heard-time]");
const hear = root.querySelector("[data-heard-properly]");
const problem = root.querySelector("[data-heard-problem]");
const announcer = root.querySelector("[data-heard-says]");

const heard = {
  notes: JSON.parse(document.getElementById("heard-notes").textContent),
  score: roll.querySelector("svg"),
};
const synth = makeSynth({ onState });
const mastering = makeMastering({
  button: hear,
  problem,
  url: root.dataset.listen,
  body: asked,
  announce: (words) => {
    announcer.textContent = words;
  },
  async onSound(bytes, of) {
    if (of !== shown) return;
    await synth.useMastered(bytes);
    synth.play(0);
  },
});
const known = new Map(); // Style -> what the server answered.
let tune = null;
let shown = ""; // The tune that is shown, as JSON.
let asking = null;

const isAlone = () => root.querySelector("[name=heard]:checked").value === "alone";
const style = () => form.elements.style.value;

function asked() {
  return { melody: form.elements.melody.value, style: style() };
}

function say(sentence) {
  problem.textContent = sentence;
  problem.hidden = !sentence;
}

// The tune in the chosen style, from the server or from before; null where it refused.
async function arranged() {
  const wanted = style();
  if (known.has(wanted)) return known.get(wanted);
  asking?.abort();
  const abort = new AbortController();
  asking = abort;
  root.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(root.dataset.sketch, {
      method: "POST",
      body: new URLSearchParams(asked()),
      headers: JSON.parse(document.body.getAttribute("hx-headers")),
      signal: abort.signal,
    });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const answer = isJson ? await response.json() : {};
    if (!response.ok) {
      say(answer.error || gettext("The studio could not play the tune. Try again in a minute."));
      return null;
    }
    const score = new DOMParser().parseFromString(answer.score, "text/html").querySelector("svg");
    known.set(wanted, { notes: answer.notes, score: document.importNode(score, true) });
    return known.get(wanted);
  } catch {
    if (!abort.signal.aborted)
      say(gettext("The studio could not play the tune. Try again in a minute."));
    return null;
  } finally {
    if (asking === abort) root.removeAttribute("aria-busy");
  }
}

async function choose() {
  say("");
  const next = isAlone() ? heard : await arranged();
  if (!next || next.notes === tune) return Boolean(next);
  tune = next.notes;
  shown = JSON.stringify(tune);
  synth.use(tune);
  mastering.expect(shown);
  hear.hidden = isAlone();
  roll.querySelector("svg").replaceWith(next.score);
  stage.setAttribute("aria-valuemax", Math.round(tune.beats));
  draw();
  return true;
}

function draw() {
  const beat = Math.min(synth.position(), tune.beats);
  const words = { at: clock((beat * 60) / tune.bpm), length: clock((tune.beats * 60) / tune.bpm) };
  head.style.transform = `translateX(${(beat / tune.beats) * roll.clientWidth}px)`;
  const text = `${words.at} / ${words.length}`;
  if (time.textContent !== text) {
    time.textContent = text;
    stage.setAttribute("aria-valuenow", Math.round(beat));
    stage.setAttribute("aria-valuetext", fill(gettext("{at} of {length}"), words));
  }
  if (!synth.isPlaying()) return;
  const x = (beat / tune.beats) * roll.clientWidth - stage.scrollLeft;
  if (x < 0 || x > stage.clientWidth * 0.9) stage.scrollLeft += x - stage.clientWidth * 0.1;
  requestAnimationFrame(draw);
}

function onState(isPlaying) {
  toggle.classList.toggle("is-playing", isPlaying);
  toggle.setAttribute("aria-label", isPlaying ? gettext("Pause") : gettext("Play"));
  if (isPlaying) document.querySelector("#player audio")?.pause(); // One tune at a time.
  draw();
}

async function play() {
  if (synth.isPlaying()) return synth.pause();
  synth.unlock(); // In the click itself: the answer of the server may come too late for it.
  if (await choose()) synth.play();
}

async function seek(beat) {
  if (!tune && !(await choose())) return;
  synth.seek(Math.min(Math.max(beat, 0), tune.beats - 0.01));
  draw();
}

toggle.addEventListener("click", play);
hear.addEventListener("click", () => synth.unlock());
for (const radio of [...form.elements.style, ...root.querySelectorAll("[name=heard]")]) {
  radio.addEventListener("change", () => {
    if (radio.name === "style" && isAlone())
      root.querySelector("[name=heard][value=band]").checked = true;
    if (tune) choose();
  });
}
stage.addEventListener("click", ({ clientX }) => {
  const box = roll.getBoundingClientRect();
  seek(((clientX - box.left) / box.width) * (tune ?? heard.notes).beats);
});
stage.addEventListener("keydown", (event) => {
  const at = synth.position();
  const to = { ArrowRight: at + 4, ArrowLeft: at - 4, Home: 0 }[event.key];
  if (to !== undefined) seek(to);
  else if (event.key === " " || event.key === "Enter") play();
  else return;
  event.preventDefault();
});
document.addEventListener("player:state", ({ detail }) => detail.playing && synth.pause());
