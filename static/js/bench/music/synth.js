// Plays the notes of a tune in the browser with the instruments of voices.js, or with its mastered
// sound once there is one. If the notes change while it plays, it continues at the same beat with
// the new ones. At the end it starts again.

import { makeBand } from "./voices.js";

// Notes are scheduled this far ahead. A hidden page gets timers only once a second.
const AHEAD_S = 0.16;
const HIDDEN_AHEAD_S = 1.5;
const TICK_MS = 40;
const START_S = 0.05; // A short delay, so that the first notes are not late.

export function makeSynth({ onState }) {
  let context = null;
  let band = null;
  let tune = null;
  let events = []; // All notes in order: { part, note }.
  let pausedAt = 0; // The beat at which it is paused.
  let origin = 0; // The time of beat 0 of the round being scheduled, on the context's clock.
  let cursor = 0;
  let timer = 0;
  let voices = []; // Scheduled notes that have not ended: { key, at, end, voice }.
  let mastered = null;
  let source = null;
  const beatS = () => 60 / tune.bpm;
  const keyOf = ({ part, note }) => `${part.role} ${note[2]}`;

  // Browsers allow sound to start only in a click, so this is also called in the click whose sound
  // comes later.
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
    if (!timer) return pausedAt;
    const at = (context.currentTime - origin) / beatS();
    // The next round may be scheduled already.
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
    source.connect(context.destination); // The mastering has set its level.
    source.start(at, offset);
  }

  function schedule() {
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

  // Plays from this beat on. Notes that are held there sound for the rest of their length, unless
  // they sound already.
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
    schedule();
  }

  // Silences all scheduled notes, except those that sound now and for which `stays(key)` is true.
  function silence(stays = () => false) {
    const now = context.currentTime;
    voices = voices.filter((scheduled) => {
      if (scheduled.at <= now && stays(scheduled.key)) return true;
      scheduled.voice.release(now);
      return false;
    });
    source?.stop();
    source = null;
  }

  function pause() {
    if (!timer) return;
    pausedAt = position();
    clearInterval(timer);
    timer = 0;
    silence();
    onState(false);
  }

  function change(apply, stays) {
    const beat = position();
    if (timer) silence(stays);
    apply();
    pausedAt = tune.beats ? beat % tune.beats : 0;
    if (timer) begin(pausedAt);
  }

  return {
    position,
    pause,
    unlock: open,
    isPlaying: () => timer > 0,
    isMastered: () => mastered !== null,
    async play(from = pausedAt) {
      if (!tune) return;
      await open();
      if (timer) silence();
      else timer = setInterval(schedule, TICK_MS);
      begin(from, START_S);
      onState(true);
    },
    seek(beat) {
      if (timer) silence();
      pausedAt = beat;
      if (timer) begin(beat);
    },
    // Replaces the notes. The mastered sound belonged to the old ones.
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
    // Plays the mastered sound of the present notes, given as the bytes of a file. Call `unlock`
    // first.
    async useMastered(bytes) {
      const buffer = await context.decodeAudioData(bytes);
      change(() => {
        mastered = buffer;
      });
    },
  };
}
