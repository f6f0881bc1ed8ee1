import importlib.util

import numpy as np
import pytest

from generation.codecs.audio import encode_audio
from generation.codecs.transcription import TranscribedNote, find_tempo, remove_ghosts, transcribe
from generation.finishing.audio import render_audio
from generation.finishing.soundfont import RATE
from generation.melodies.lines import home_tokens
from generation.melodies.tokens import notes_of
from generation.refusal import Refused
from generation.song import Note, Part, Song

needs_weights = pytest.mark.skipif(
    importlib.util.find_spec("basic_pitch") is None, reason="basic-pitch is not installed"
)
TUNE = [60, 64, 67, 64, 65, 69, 67, 64, 62, 65, 67, 71, 72, 67, 64, 60]


def make_recording(*, program=0, bpm=112.0, kind="wav", octave=0, hiss=0.0):
    """A tune in eighths. hiss: noise, in full scale."""
    notes = tuple(
        Note(i / 2, i / 2 + 0.47, pitch + 12 * octave, 90) for i, pitch in enumerate(TUNE * 2)
    )
    sound, _ = render_audio(
        Song("", "folk", "major", 0, bpm, 16.0, (Part("melody", "Test", program, notes),))
    )
    sound = sound + hiss * np.random.default_rng(0).standard_normal(sound.shape)
    return encode_audio(sound, rate=RATE, kind=kind), notes


def agreement(transcription, notes, *, bpm=112.0):
    """The share of notes that were heard at their time, of those that were played or heard (F1)."""
    wanted = [(note.start * 60 / bpm, note.pitch) for note in notes]
    found = [(note.start, note.pitch) for note in transcription.notes]
    hits = sum(
        any(pitch == p and abs(start - s) <= 0.05 for s, p in found) for start, pitch in wanted
    )
    return 2 * hits / (len(wanted) + len(found))


@needs_weights
@pytest.mark.parametrize(("program", "least"), [(0, 0.98), (73, 0.8), (40, 0.75)])
def test_a_rendered_tune_is_heard_again(program, least):
    recording, notes = make_recording(program=program)
    transcription = transcribe(recording)
    assert transcription.bpm == pytest.approx(112, abs=1)
    assert agreement(transcription, notes) >= least


@needs_weights
def test_a_high_piano_is_heard_through_a_hiss():
    """In such a recording the net's onsets are not rarer than its sounding notes."""
    recording, notes = make_recording(octave=1, hiss=0.01)
    assert agreement(transcribe(recording), notes) >= 0.95


@needs_weights
def test_what_was_heard_becomes_tokens_of_the_tune():
    tokens, home = home_tokens(transcribe(make_recording(kind="mp3")[0]).in_beats())
    pitches = [pitch for _, _, pitch in notes_of(tokens)]
    assert home == 0 and pitches[:16] == TUNE
    assert [start for start, _, _ in notes_of(tokens)][:16] == list(range(0, 32, 2))


@needs_weights
def test_the_tempo_can_be_halved_and_doubled():
    transcription = transcribe(make_recording()[0])
    doubled = transcription.at_tempo(2.0)
    assert doubled.bpm == 2 * transcription.bpm
    assert doubled.in_beats()[-1].start == pytest.approx(2 * transcription.in_beats()[-1].start)


def sound_of(kind):
    rng = np.random.default_rng(0)
    quiet = np.zeros((3 * RATE, 2))
    sounds = {
        "silence": quiet,
        "hush": quiet + 1e-4 * rng.standard_normal(quiet.shape),
        "click": quiet[: RATE // 2] + 0.1,
        "long": np.tile(0.1 * rng.standard_normal((RATE, 2)), (61, 1)),
    }
    return encode_audio(sounds[kind], rate=RATE, kind="wav")


def lying_header():
    """A WAV file that claims two gigabytes of sound and holds a second of silence."""
    content = bytearray(encode_audio(np.zeros((RATE, 2)), rate=RATE, kind="wav"))
    content[40:44] = (2**31 - 100).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "cannot be read"),
        (b"RIFF" + b"\xff" * 60, "cannot be read"),
        (b"This is a text.", "cannot be read"),
        (sound_of("silence"), "silent"),
        (sound_of("hush"), "silent"),
        (sound_of("click"), "shorter"),
        (sound_of("long"), "longer than 60"),
        (lying_header(), "silent"),
        (b"\x00" * 25_000_001, "larger than"),
    ],
)
def test_what_is_no_tune_is_refused(content, sentence):
    with pytest.raises(Refused, match=sentence):
        transcribe(content)


@needs_weights
def test_noise_is_refused():
    noise = 0.3 * np.random.default_rng(1).standard_normal((8 * RATE, 1))
    with pytest.raises(Refused, match="notes|noise"):
        transcribe(encode_audio(noise, rate=RATE, kind="wav"))


@pytest.mark.parametrize("bpm", [72.0, 100.0, 112.0, 140.0])
def test_the_tempo_of_steady_notes_is_found(bpm):
    rng = np.random.default_rng(2)
    steps = np.cumsum(rng.choice([1, 2, 2, 4], 60))
    found, phase = find_tempo(0.3 + steps * 15 / bpm + rng.normal(0, 0.006, 60))
    assert min(abs(found / bpm - factor) for factor in (0.5, 1, 2)) < 0.01
    step = 15 / found
    assert abs((0.3 - phase + step / 2) % step - step / 2) < 0.02


@pytest.mark.parametrize("bpm", [76.0, 96.0, 132.0, 152.0])
def test_a_tune_of_eighths_and_dotted_notes_is_not_read_at_two_thirds_of_its_tempo(bpm):
    """Sixteenths alone fit such tempos nearly as well; half-beats and beats tell them apart."""
    rng = np.random.default_rng(3)
    bars = [[0, 4, 6, 8, 12], [0, 6, 8, 12, 14], [0, 2, 4, 8, 12], [0, 4, 8, 10, 12]]
    steps = np.concatenate([16 * n + np.array(bars[rng.integers(4)]) for n in range(12)])
    found, _ = find_tempo(0.2 + steps * 15 / bpm + rng.normal(0, 0.012, len(steps)))
    assert min(abs(found / bpm - factor) for factor in (1, 2)) < 0.01


def test_overtones_and_ringing_notes_are_no_notes():
    notes = [
        TranscribedNote(0.0, 0.5, 60, 0.8),
        TranscribedNote(0.01, 0.3, 72, 0.4),
        TranscribedNote(0.5, 1.0, 64, 0.8),
        TranscribedNote(0.51, 0.7, 60, 0.5),
        TranscribedNote(1.0, 1.5, 72, 0.8),
    ]
    assert [note.pitch for note in remove_ghosts(notes)] == [60, 64, 72]
