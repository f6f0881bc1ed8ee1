// Uploading a tune: records the microphone as a WAV file into the form's file field, and shows that
// a submitted form is being worked on.

import { showNotice } from "../core/notice.js";
import { fill, gettext } from "../core/words.js";
import { converted, offerForeign } from "./foreign.js";
import { wavOf } from "./wav.js";

const LONGEST_S = 60;
const LARGEST_BYTES = 20_000_000; // As in gallery/upload/forms.py.
const form = document.getElementById("upload");
const recorder = document.querySelector("[data-recorder]");
const toggle = recorder?.querySelector("[data-recorder-toggle]");
const time = recorder?.querySelector("[data-recorder-time]");
const level = recorder?.querySelector("meter");
let recording = null;
let looked = null; // The file that needs no converting, or was converted.

function choose(file) {
  const chosen = new DataTransfer();
  chosen.items.add(file);
  form.elements.recording.files = chosen.files;
}

function show(seconds, loudness) {
  time.textContent = fill(gettext("{n} s of {most}"), { n: seconds.toFixed(0), most: LONGEST_S });
  level.value = Math.min(1, 4 * loudness);
}

async function start() {
  const options = {
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: true },
  };
  const stream = await navigator.mediaDevices.getUserMedia(options);
  const context = new AudioContext();
  await context.audioWorklet.addModule(form.dataset.worklet);
  const node = new AudioWorkletNode(context, "recorder");
  const blocks = [];
  let count = 0;
  node.port.addEventListener("message", ({ data }) => {
    if (!recording) return;
    blocks.push(data);
    count += data.length;
    show(count / context.sampleRate, Math.max(...data.map(Math.abs)));
    if (count >= (LONGEST_S - 0.5) * context.sampleRate) stop();
  });
  node.port.start();
  context.createMediaStreamSource(stream).connect(node);
  recording = { stream, context, blocks };
  toggle.setAttribute("aria-pressed", "true");
  toggle.querySelector("span").textContent = gettext("Stop");
  recorder.classList.add("is-recording");
}

function stop() {
  const { stream, context, blocks } = recording;
  recording = null;
  stream.getTracks().forEach((track) => track.stop());
  choose(wavOf(blocks, context.sampleRate, "hummed.wav"));
  context.close();
  toggle.setAttribute("aria-pressed", "false");
  toggle.querySelector("span").textContent = gettext("Hum it again");
  recorder.classList.remove("is-recording");
  showNotice(gettext("Recorded. Listen to it, or hum it again."));
}

toggle?.addEventListener("click", async () => {
  if (recording) return stop();
  try {
    await start();
  } catch {
    showNotice(
      gettext("The microphone can't be used here. Allow it for this page, or choose a file."),
    );
  }
});
// Browsers offer the microphone to secure origins only.
if (recorder && !navigator.mediaDevices) recorder.hidden = true;

if (form) offerForeign(form.elements.recording);

document.addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  const file = target === form ? form.elements.recording.files[0] : null;
  if (file && file.size > LARGEST_BYTES) {
    event.preventDefault(); // The server would reject it without a page.
    return showNotice(
      gettext("This file is larger than 20 MB. Trim it to a minute, or save it as MP3."),
    );
  }
  const waiting = submitter?.dataset.waiting;
  if (waiting) {
    submitter.textContent = waiting;
    submitter.setAttribute("aria-busy", "true");
  }
  if (file && file !== looked) {
    event.preventDefault();
    const wav = await converted(file);
    if (wav) choose(wav);
    looked = form.elements.recording.files[0];
    form.requestSubmit(submitter);
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
