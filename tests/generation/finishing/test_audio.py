import importlib.util

import numpy as np
import pytest
from scipy.signal import stft

from generation.finishing.audio import render_audio, render_stems
from generation.finishing.loudness import integrated_loudness, true_peak
from generation.finishing.mixing import LOUDNESS, mix
from generation.finishing.sampler import Font
from generation.finishing.sf2 import SoundFont
from generation.finishing.soundfont import RATE, default_font, stems
from generation.refusal import Refused
from generation.song import Note, Part, Song
from tests.generation.finishing.music_examples import longest_silence, make_song

HAS_NATIVE = importlib.util.find_spec("tinysoundfont") is not None
needs_native = pytest.mark.skipif(not HAS_NATIVE, reason="tinysoundfont is not installed")
ENGINES = [
    pytest.param(True, marks=needs_native, id="tinysoundfont"),
    pytest.param(False, id="our sampler"),
]


def make_short_song(*, program=0, role="melody", pitches=(69, 72, 76)):
    notes = tuple(Note(i, i + 0.9, pitch, 90) for i, pitch in enumerate(pitches))
    return Song("", "folk", "minor", 0, 120.0, 4.0, (Part(role, "Test", program, notes),))


def only_stem(song, **engine):
    return next(sound for _, sound in stems(song, **engine))


@pytest.mark.parametrize("is_native", ENGINES)
def test_a_note_sounds_at_its_pitch_and_time(is_native):
    sound = only_stem(make_short_song(pitches=(69,)), is_native=is_native)
    assert sound.shape == (round(3.5 * RATE), 2) and sound.dtype == np.float32
    loud = np.flatnonzero(np.abs(sound[:, 0]) > 1e-3)
    assert loud[0] < 0.05 * RATE and loud[-1] < 1.5 * RATE
    spectrum = np.abs(np.fft.rfft(sound[: RATE // 2].mean(1)))
    assert spectrum.argmax() * 2 == pytest.approx(440, abs=5)


@pytest.mark.parametrize("is_native", ENGINES)
def test_stems_repeat_exactly_and_do_not_hear_each_other(is_native):
    first = only_stem(make_short_song(program=48), is_native=is_native)
    only_stem(make_short_song(program=81, pitches=(50, 55, 60)), is_native=is_native)
    assert np.array_equal(only_stem(make_short_song(program=48), is_native=is_native), first)


@needs_native
def test_our_sampler_sounds_like_the_native_synthesiser():
    logs = []
    for is_native in (True, False):
        sound = only_stem(make_short_song(program=73), is_native=is_native).mean(1)
        logs.append(np.log(np.abs(stft(sound, RATE, nperseg=2048)[2]) + 1e-4).ravel())
    assert np.corrcoef(*logs)[0, 1] > 0.85


def test_a_song_is_mastered_and_never_silent():
    song = make_song("folk")
    sound, figures = render_audio(song)
    assert len(sound) / RATE == pytest.approx(song.seconds + 1.5, abs=0.1) == figures["seconds"]
    assert integrated_loudness(sound, rate=RATE) == pytest.approx(-14, abs=0.3)
    assert true_peak(sound) <= -1.0
    assert longest_silence(sound, rate=RATE) < 1.5


def test_the_same_song_gives_the_same_sound():
    assert np.array_equal(render_audio(make_short_song())[0], render_audio(make_short_song())[0])


def test_stems_are_balanced_by_their_role():
    by_role = render_stems(make_song("bossa"))
    assert set(by_role) == {"melody", "harmony", "chords", "bass", "pad", "drums"}
    for role, stem in by_role.items():
        assert integrated_loudness(stem, rate=RATE) == pytest.approx(LOUDNESS[role], abs=0.6), role


def test_a_song_without_parts_is_silence():
    assert not mix([], rate=RATE).any()


def test_a_missing_font_is_refused_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("ARBORETUM_SOUNDFONT", str(tmp_path / "none.sf2"))
    with pytest.raises(Refused, match="ARBORETUM_SOUNDFONT"):
        default_font()


@pytest.mark.parametrize("content", [b"", b"RIFF0000sfbk", b"x" * 500])
def test_a_file_that_is_no_soundfont_is_refused(tmp_path, content):
    path = tmp_path / "bad.sf2"
    path.write_bytes(content)
    with pytest.raises(Refused, match="not a readable SoundFont"):
        SoundFont(path)


def test_a_missing_program_falls_back_to_another_of_the_bank():
    sound = np.zeros((RATE, 2), dtype=np.float32)
    font = Font(default_font())
    font.play(sound, rate=RATE, bank=5, program=99, pitch=60, velocity=100, start=0.0, end=0.5)
    assert np.abs(sound).max() > 0.01
