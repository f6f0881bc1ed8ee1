// Uploading a tune: records the microphone as a WAV file into the form's file field, and shows that
// a submitted form is being worked on.

import { showNotice } from "../core/notice.js";
import { fill, gettext } from "../core/words.js";

const LONGEST_S = 60;
const LARGEST_BYTES = 20_000_000; // As in gallery/upload/forms.py.
const form = document.getElementById("upload");
const recorder = document.querySelector("[data-recorder]");
const toggle = recorder?.querySelector("[data-recorder-toggle]");
const time = recorder?.querySelector("[data-recorder-time]");
const level = recorder?.querySelector("meter");
let recording = null;

function wavOf(blocks, rate) {
  const count = blocks.reduce((sum, block) => sum + block.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const writeText = (at, text) =>
    [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  writeText(0, "RIFF");
  view.setUint32(4, 36 + 2 * count, true);
  writeText(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // One channel.
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  writeText(36, "data");
  view.setUint32(40, 2 * count, true);
  let at = 44;
  for (const block of blocks) {
    for (const sample of block) {
      view.setInt16(at, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true);
      at += 2;
    }
  }
  return new File([view], "hummed.wav", { type: "audio/wav" });
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
  const chosen = new DataTransfer();
  chosen.items.add(wavOf(blocks, context.sampleRate));
  form.elements.recording.files = chosen.files;
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

document.addEventListener("submit", (event) => {
  if (event.target === form && (form.elements.recording.files[0]?.size ?? 0) > LARGEST_BYTES) {
    event.preventDefault(); // The server would reject it without a page.
    return showNotice(
      gettext("This file is larger than 20 MB. Trim it to a minute, or save it as MP3."),
    );
  }
  const waiting = event.submitter?.dataset.waiting;
  if (!waiting) return;
  event.submitter.textContent = waiting;
  event.submitter.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
