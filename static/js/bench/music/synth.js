// Plays the notes of a tune in the browser, with the small band of voices.js or, once it was made,
// with its mastered sound.
// When the notes change while it plays, it goes on at the same beat with the new ones. At the end
// it begins again.

import { makeBand } from "./voices.js";

// So far ahead notes are given to the sound card; a page out of sight is woken once a second only.
const AHEAD_S = 0.16;
const HIDDEN_AHEAD_S = 1.5;
const TICK_MS = 40;
const START_S = 0.05; // The first notes shall not come late.

export function makeSynth({ onState }) {
  let context = null;
  let band = null;
  let tune = null;
  let events = []; // Every note in order: { part, note }.
  let rest = 0; // The beat where it stands while it is silent.
  // When beat 0 of the round that is being given out sounds, on the context's clock.
  let origin = 0;
  let cursor = 0;
  let timer = 0;
  let voices = []; // What was given out and has not ended: { key, at, end, voice }.
  let mastered = null;
  let source = null;
  const beatS = () => 60 / tune.bpm;
  const keyOf = ({ part, note }) => `${part.role} ${note[2]}`;

  // A browser lets sound begin only while somebody clicks, so this is called in the click whose
  // sound comes later, too.
  function open() {
    if (context) return context.resume();
    context = new AudioContext({ latencyHint: "interactive" });
    const out = new DynamicsCompressorNode(context, {
      threshold: -14,
      knee: 12,
      ratio: 4,
      attack: 0.004,
      release: 0.2,
    });
    out.connect(context.destination);
    band = makeBand(context, out);
    return context.resume();
  }

  function position() {
    if (!timer) return rest;
    const at = (context.currentTime - origin) / beatS();
    // The next round may be given out already.
    return at < 0 ? Math.max(at + tune.beats, 0) % tune.beats : at;
  }

  function sound(event, at, seconds) {
    voices.push({
      key: keyOf(event),
      at,
      end: at + seconds,
      voice: band.play(event.part, event.note, at, seconds),
    });
  }

  function startMastered(at, offset) {
    source = new AudioBufferSourceNode(context, { buffer: mastered });
    source.connect(context.destination); // Its level was set by the mastering.
    source.start(at, offset);
  }

  function giveOut() {
    const now = context.currentTime;
    voices = voices.filter(({ end }) => end > now);
    for (;;) {
      const edge = (now + (document.hidden ? HIDDEN_AHEAD_S : AHEAD_S) - origin) / beatS();
      for (; cursor < events.length && events[cursor].note[0] < edge; cursor += 1) {
        const [at, end] = events[cursor].note.map((beat) => origin + beat * beatS());
        if (!mastered && end > now)
          sound(events[cursor], Math.max(at, now), end - Math.max(at, now));
      }
      if (edge < tune.beats) return;
      origin += tune.beats * beatS();
      cursor = 0;
      if (mastered) startMastered(Math.max(origin, now), Math.max(now - origin, 0));
    }
  }

  // From this beat on; notes that are held there sound for what is left of them, unless they sound
  // already.
  function begin(beat, delay = 0) {
    const at = context.currentTime + delay;
    origin = at - beat * beatS();
    const sounding = new Set(voices.map(({ key }) => key));
    cursor = events.filter(({ note }) => note[0] < beat).length;
    if (mastered) startMastered(at, beat * beatS());
    else {
      for (const event of events.slice(0, cursor)) {
        const left = (event.note[1] - beat) * beatS();
        if (left > 0.1 && event.part.role !== "drums" && !sounding.has(keyOf(event)))
          sound(event, at, left);
      }
    }
    giveOut();
  }

  // Silence what has not begun, and what sounds unless `stays(key)`.
  function hush(stays = () => false) {
    const now = context.currentTime;
    voices = voices.filter((given) => {
      if (given.at <= now && stays(given.key)) return true;
      given.voice.release(now);
      return false;
    });
    source?.stop();
    source = null;
  }

  function pause() {
    if (!timer) return;
    rest = position();
    clearInterval(timer);
    timer = 0;
    hush();
    onState(false);
  }

  function change(apply, stays) {
    const beat = position();
    if (timer) hush(stays);
    apply();
    rest = tune.beats ? beat % tune.beats : 0;
    if (timer) begin(rest);
  }

  return {
    position,
    pause,
    unlock: open,
    isPlaying: () => timer > 0,
    isMastered: () => mastered !== null,
    async play(from = rest) {
      if (!tune) return;
      await open();
      if (timer) hush();
      else timer = setInterval(giveOut, TICK_MS);
      begin(from, START_S);
      onState(true);
    },
    seek(beat) {
      if (timer) hush();
      rest = beat;
      if (timer) begin(beat);
    },
    // Other notes; what was mastered belonged to the old ones.
    use(next) {
      const nextEvents = next.parts.flatMap((part) => part.notes.map((note) => ({ part, note })));
      nextEvents.sort((a, b) => a.note[0] - b.note[0]);
      const beat = tune ? position() : 0;
      const held = new Set(
        nextEvents.filter(({ note }) => note[0] < beat && note[1] > beat).map(keyOf),
      );
      change(
        () => {
          [tune, events, mastered] = [next, nextEvents, null];
        },
        (key) => held.has(key),
      );
    },
    // The mastered sound of the present notes, as the bytes of a file; after `unlock`.
    async useMastered(bytes) {
      const buffer = await context.decodeAudioData(bytes);
      change(() => {
        mastered = buffer;
      });
    },
  };
}
