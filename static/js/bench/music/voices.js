// The instruments of the browser, made of oscillators, noise and envelopes.

// Sounds for the families of General MIDI (eight programs each). waves: [shape, detune in cents,
// level]; attack, decay, release: seconds; hold: the share of the peak that remains while the note
// is held; bright: the cut-off of the filter in multiples of the pitch.
const PLUCKED = {
  waves: [
    ["triangle", 0, 1],
    ["sine", 1200, 0.16],
  ],
  attack: 0.004,
  decay: 0.55,
  hold: 0.06,
  release: 0.18,
  bright: 7,
};
const MALLET = {
  waves: [
    ["sine", 0, 1],
    ["sine", 2400, 0.2],
  ],
  attack: 0.003,
  decay: 0.3,
  hold: 0.02,
  release: 0.2,
  bright: 10,
};
const ORGAN = {
  waves: [
    ["sine", 0, 0.8],
    ["sine", 1200, 0.4],
    ["sine", 1902, 0.2],
  ],
  attack: 0.02,
  decay: 1,
  hold: 0.9,
  release: 0.08,
  bright: 12,
};
const BASS = {
  waves: [
    ["triangle", 0, 1],
    ["sine", 0, 0.6],
  ],
  attack: 0.008,
  decay: 0.6,
  hold: 0.35,
  release: 0.09,
  bright: 5,
};
const BOWED = {
  waves: [
    ["sawtooth", -6, 0.4],
    ["sawtooth", 6, 0.4],
  ],
  attack: 0.07,
  decay: 1,
  hold: 0.85,
  release: 0.2,
  bright: 4,
};
const VOICE = {
  waves: [
    ["triangle", -8, 0.6],
    ["sawtooth", 7, 0.2],
  ],
  attack: 0.09,
  decay: 1,
  hold: 0.9,
  release: 0.25,
  bright: 3,
};
const BRASS = {
  waves: [
    ["sawtooth", 0, 0.6],
    ["square", 3, 0.12],
  ],
  attack: 0.04,
  decay: 0.4,
  hold: 0.75,
  release: 0.12,
  bright: 5,
};
const REED = {
  waves: [
    ["square", 0, 0.4],
    ["triangle", 0, 0.5],
  ],
  attack: 0.03,
  decay: 1,
  hold: 0.85,
  release: 0.1,
  bright: 5,
};
const PIPE = {
  waves: [
    ["sine", 0, 0.9],
    ["triangle", 1200, 0.12],
  ],
  attack: 0.045,
  decay: 1,
  hold: 0.9,
  release: 0.12,
  bright: 8,
};
const LEAD = {
  waves: [
    ["sawtooth", -5, 0.4],
    ["square", 6, 0.25],
  ],
  attack: 0.01,
  decay: 0.5,
  hold: 0.7,
  release: 0.12,
  bright: 6,
};
const PAD = {
  waves: [
    ["triangle", -9, 0.6],
    ["sawtooth", 9, 0.22],
  ],
  attack: 0.25,
  decay: 1,
  hold: 0.9,
  release: 0.5,
  bright: 3.5,
};
const FAMILIES = [
  PLUCKED,
  MALLET,
  ORGAN,
  PLUCKED,
  BASS,
  BOWED,
  BOWED,
  BRASS,
  REED,
  PIPE,
  LEAD,
  PAD,
  PAD,
  PLUCKED,
  MALLET,
  PAD,
];
// Programs that sound unlike their family: the harp is plucked, and choirs are sung.
const HARP = 46;
const CHOIRS = [52, 53, 54];

// The position and the loudness of each part.
const SEATS = {
  melody: { level: 0.3, pan: 0.05, room: 0.25 },
  harmony: { level: 0.2, pan: -0.3, room: 0.3 },
  chords: { level: 0.13, pan: 0.3, room: 0.25 },
  bass: { level: 0.34, pan: 0, room: 0.05 },
  pad: { level: 0.09, pan: -0.15, room: 0.4 },
  drums: { level: 0.5, pan: 0, room: 0.12 },
};
const ROOM_S = 1.3;

function soundOf(program) {
  if (program === HARP) return PLUCKED;
  if (CHOIRS.includes(program)) return VOICE;
  return FAMILIES[program >> 3] ?? PLUCKED;
}

function makeNoise(context, seconds, shape = () => 1, channels = 1) {
  const buffer = context.createBuffer(
    channels,
    Math.ceil(seconds * context.sampleRate),
    context.sampleRate,
  );
  for (let channel = 0; channel < channels; channel += 1) {
    const samples = buffer.getChannelData(channel);
    for (let at = 0; at < samples.length; at += 1)
      samples[at] = (Math.random() * 2 - 1) * shape(at / samples.length);
  }
  return buffer;
}

// out: the node that the band plays into. play(part, note, at, seconds) returns { release(at) }.
export function makeBand(context, out) {
  const noise = makeNoise(context, 1);
  const room = new ConvolverNode(context, {
    buffer: makeNoise(context, ROOM_S, (at) => (1 - at) ** 3, 2),
  });
  room.connect(out);
  const seats = {};
  for (const [role, { level, pan, room: wet }] of Object.entries(SEATS)) {
    const seat = new GainNode(context, { gain: level });
    seat.connect(new StereoPannerNode(context, { pan })).connect(out);
    seat.connect(new GainNode(context, { gain: wet })).connect(room);
    seats[role] = seat;
  }

  function pitchedNote({ role, program }, [, , pitch, velocity], at, seconds) {
    const { waves, attack, decay, hold, release, bright } = soundOf(program);
    const frequency = 440 * 2 ** ((pitch - 69) / 12);
    const peak = (velocity / 127) ** 1.4;
    const end = at + Math.max(seconds, attack + 0.02);
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(0, at);
    envelope.gain.linearRampToValueAtTime(peak, at + attack);
    envelope.gain.setTargetAtTime(peak * hold, at + attack, decay / 2);
    envelope.gain.setTargetAtTime(0, end, release / 3);
    const filter = new BiquadFilterNode(context, {
      frequency: Math.min(frequency * bright + 200, 16000),
      Q: 0.3,
    });
    const oscillators = waves.map(([type, detune, level]) => {
      const oscillator = new OscillatorNode(context, { type, frequency, detune });
      oscillator.connect(new GainNode(context, { gain: level })).connect(filter);
      oscillator.start(at);
      oscillator.stop(end + release * 2);
      return oscillator;
    });
    filter.connect(envelope).connect(seats[role] ?? seats.harmony);
    return ending(envelope, oscillators);
  }

  function drum([, , pitch, velocity], at) {
    const peak = (velocity / 127) ** 1.2;
    const isKick = pitch <= 36;
    if (isKick || [41, 43, 45, 47, 48, 50].includes(pitch))
      return skin(at, peak, isKick ? 52 : 60 + 12 * (pitch - 41), isKick ? 0.13 : 0.2);
    if ([37, 38, 39, 40].includes(pitch))
      return hiss(
        at,
        peak * 0.55,
        { type: "bandpass", frequency: 1900, Q: 0.6 },
        pitch === 37 ? 0.03 : 0.09,
      );
    if ([49, 51, 52, 53, 55, 57, 59].includes(pitch))
      return hiss(at, peak * 0.22, { type: "highpass", frequency: 6500 }, 0.35);
    return hiss(at, peak * 0.25, { type: "highpass", frequency: 7500 }, pitch === 46 ? 0.14 : 0.03);
  }

  // A drum skin: a tone that falls quickly to its pitch.
  function skin(at, peak, frequency, decay) {
    const oscillator = new OscillatorNode(context, { frequency });
    oscillator.frequency.setValueAtTime(frequency * 2.6, at);
    oscillator.frequency.setTargetAtTime(frequency, at, 0.025);
    return struck(oscillator, oscillator, at, peak, decay);
  }

  function hiss(at, peak, filter, decay) {
    const source = new AudioBufferSourceNode(context, { buffer: noise, loop: true });
    return struck(source, source.connect(new BiquadFilterNode(context, filter)), at, peak, decay);
  }

  function struck(source, last, at, peak, decay) {
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(peak, at);
    envelope.gain.setTargetAtTime(0, at, decay);
    last.connect(envelope).connect(seats.drums);
    source.start(at);
    source.stop(at + decay * 6);
    return ending(envelope, [source]);
  }

  function ending(envelope, sources) {
    return {
      release(at) {
        envelope.gain.cancelScheduledValues(at);
        envelope.gain.setTargetAtTime(0, at, 0.03);
        for (const source of sources) source.stop(at + 0.2);
      },
    };
  }

  return {
    play: (part, note, at, seconds) =>
      part.role === "drums" ? drum(note, at) : pitchedNote(part, note, at, seconds),
  };
}
