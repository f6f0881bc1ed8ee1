// Recordings that the server can't read but browsers can, such as M4A, AAC and WebM: the browser
// turns them into WAV. Without this script, or where it fails, the server says what to do.

import { wavOf } from "./wav.js";

const RATE = 22_050; // What the server listens at.
const LONGEST_S = 61; // Longer ones are cut here; the server tells people that they are too long.
const ENDINGS = ".m4a,.aac,.mp4,.webm,audio/*";
const canConvert = typeof OfflineAudioContext === "function";

function isForeign(head) {
  const text = String.fromCharCode(...head);
  return (
    text.startsWith("ftyp", 4) || // MP4 and M4A
    text.startsWith("\x1aE\xdf\xa3") || // WebM
    text.startsWith("\xff\xf1") || // AAC
    text.startsWith("\xff\xf9")
  );
}

export function offerForeign(input) {
  if (canConvert) input.accept += `,${ENDINGS}`;
}

// The file as WAV; null where it needs no converting or can't be converted.
export async function converted(file) {
  if (!canConvert) return null;
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  if (!isForeign(head)) return null;
  try {
    const context = new OfflineAudioContext(1, 1, RATE);
    const sound = await context.decodeAudioData(await file.arrayBuffer());
    const mono = new Float32Array(Math.min(sound.length, LONGEST_S * RATE));
    for (let channel = 0; channel < sound.numberOfChannels; channel += 1) {
      const samples = sound.getChannelData(channel);
      for (let i = 0; i < mono.length; i += 1) mono[i] += samples[i] / sound.numberOfChannels;
    }
    return wavOf([mono], RATE, file.name.replace(/\.\w+$/, "") + ".wav");
  } catch {
    return null;
  }
}
