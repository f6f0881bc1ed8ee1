"""Whole songs of the shipped net, from genome to mastered sound, one of each style."""

import numpy as np
import pytest

from generation.checkpoints import SHIPPED, read_checkpoint
from generation.codecs.midi import decode_midi, encode_midi
from generation.finishing.audio import render_audio
from generation.finishing.loudness import integrated_loudness, true_peak
from generation.finishing.soundfont import RATE
from generation.finishing.styles import STYLES
from generation.genome import Genome
from generation.nets.tunes import load
from tests.generation.finishing.music_examples import longest_silence

CHECKPOINT = read_checkpoint(SHIPPED / "tunes")


@pytest.fixture(scope="module")
def tunes():
    return load(CHECKPOINT)


def make_song(tunes, style, seed):
    """A random tune in a given style."""
    space = tunes.space
    genes = space.sample(np.random.default_rng(seed))
    a, b = genes[: space.latents.size], genes[space.latents.size : 2 * space.latents.size]
    styled = space.write(a, b, style=style, key=seed % 12 - 6, lead=(seed % 4) / 4)
    return tunes.song(Genome(CHECKPOINT.key, CHECKPOINT.digest, styled, seed=seed))


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_a_random_song_is_ready_to_publish(tunes, style):
    song = make_song(tunes, style, seed=len(style))
    sound, figures = render_audio(song)
    assert 25 < figures["seconds"] < 90
    assert integrated_loudness(sound, rate=RATE) == pytest.approx(-14, abs=0.3)
    assert true_peak(sound) <= -1.0 and np.abs(sound).max() < 1
    assert longest_silence(sound, rate=RATE) < 1.5


@pytest.mark.parametrize("style", STYLES)
def test_a_random_song_is_a_midi_file_of_all_its_notes(tunes, style):
    song = make_song(tunes, style, seed=3 * len(style))
    read = decode_midi(encode_midi(song))
    assert read.bpm == pytest.approx(song.bpm, abs=0.01)
    written = sum(len(part.notes) for part in song.parts)
    assert written * 0.98 <= len(read.notes) <= written
