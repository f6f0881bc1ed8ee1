import importlib.util
from collections.abc import Iterator

import numpy as np
import pytest

from generation.checkpoints import find
from generation.codecs.audio import encode_audio
from generation.continuation import continue_melody
from generation.engine import render
from generation.engine.engine import LocalEngine
from generation.melodies.files import FASTEST, MIDI, SOUND, Melody, read_melody
from generation.melodies.tokens import notes_of
from generation.refusal import Refused
from tests.generation.midi_examples import BAD_MIDI, TUNE, tune_midi

needs_weights = pytest.mark.skipif(
    importlib.util.find_spec("basic_pitch") is None, reason="basic-pitch is not installed"
)
RATE = 22_050


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    started = LocalEngine()
    yield started
    started.close()


def sing(pitches, *, bpm=120.0):
    """A plain recording of eighth notes: decaying tones with two overtones."""
    length = int(RATE * 30 / bpm)
    time = np.arange(length) / RATE
    tones = []
    for pitch in pitches:
        phase = 2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time
        tones.append(
            0.3
            * np.exp(-4 * time)
            * (np.sin(phase) + 0.5 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase))
        )
    return encode_audio(np.concatenate(tones)[:, None], rate=RATE, kind="flac")


def sound_of_kind(kind):
    """Samples that are no tunes.

    Silence, endless noise, a header that claims two gigabytes, or nothing at all.
    """
    if kind == "none":
        return np.zeros((0, 1))
    if kind == "long noise":
        return encode_audio(
            0.3 * np.random.default_rng(3).standard_normal((8_000 * 70, 1)), rate=8_000, kind="ogg"
        )
    silence = bytearray(encode_audio(np.zeros((2 * RATE, 1)), rate=RATE, kind="wav"))
    if kind == "liar":
        silence[40:44] = (2**31 - 100).to_bytes(4, "little")
    return bytes(silence)


def test_a_midi_file_gives_its_melody_tempo_and_key():
    melody = read_melody(tune_midi(bpm=120))
    assert [note.pitch for note in melody.notes] == TUNE * 2
    assert (melody.source, melody.bpm, melody.beats, melody.key_name) == (MIDI, 120.0, 16.0, "C")


@needs_weights
def test_a_recording_gives_its_melody():
    melody = read_melody(sing(TUNE * 2))
    assert melody.source == SOUND
    found = [note.pitch for note in melody.notes]
    assert sum(a == b for a, b in zip(found, TUNE * 2, strict=False)) >= 28
    assert min(abs(melody.bpm / 120 - factor) for factor in (0.5, 1, 2)) < 0.02


@pytest.mark.parametrize("content", BAD_MIDI.values(), ids=BAD_MIDI)
def test_what_only_looks_like_midi_is_refused(content):
    with pytest.raises(Refused):
        read_melody(content)


def test_a_melody_survives_the_way_through_the_browser():
    melody = read_melody(tune_midi(bpm=97))
    again = Melody.from_json(melody.to_json())
    assert again.to_json() == melody.to_json() and again.beats == melody.beats


@pytest.mark.parametrize(
    "change",
    [
        {"notes": []},
        {"notes": [[0, 1]]},
        {"notes": [[5, 1, 60]]},
        {"notes": [[0, 500, 128]]},
        {"notes": [[0, 500, 60.5]]},
        {"notes": [[0, 10**12, 60]]},
        {"notes": [[0, 500, 60]] * 2001},
        {"bpm": 0},
        {"bpm": "x"},
        {"bpm": float("nan")},
        {"source": "x"},
    ],
)
def test_a_melody_that_was_tampered_with_is_refused(change):
    with pytest.raises(Refused, match="upload it again"):
        Melody.from_json(read_melody(tune_midi()).to_json() | change)


def test_double_tempo_spreads_the_same_sounds_over_twice_the_beats():
    melody = read_melody(tune_midi(bpm=120))
    doubled = melody.at_tempo(2)
    assert doubled.bpm == 240 and doubled.beats == 2 * melody.beats
    assert doubled.at_tempo(0.5).to_json() == melody.to_json()
    with pytest.raises(Refused, match=f"{FASTEST:g} beats"):
        doubled.at_tempo(2)


def test_the_tune_of_a_melody_begins_like_it(engine: LocalEngine):
    genome = continue_melody(
        read_melody(tune_midi(bpm=120)), generator="tunes", style="chamber", engine=engine
    )
    net = render.load_composer("tunes", genome.digest)
    song = net.song(genome)
    assert (genome.digest, song.style, round(song.bpm)) == (find("tunes").digest, "chamber", 120)
    written = [
        pitch % 12
        for _, _, pitch in notes_of(net.net.write(net.space.read(genome.genes).a[None])[0])
    ]
    wanted = [pitch % 12 for pitch in TUNE]
    assert sum(a == b for a, b in zip(written, wanted, strict=False)) >= 12


def test_too_few_notes_and_unknown_styles_are_refused(engine: LocalEngine):
    melody = read_melody(tune_midi())
    with pytest.raises(Refused, match="too few notes"):
        continue_melody(
            Melody(melody.notes[:2], 120, MIDI), generator="tunes", style="folk", engine=engine
        )
    with pytest.raises(Refused, match="no style"):
        continue_melody(melody, generator="tunes", style="polka", engine=engine)
