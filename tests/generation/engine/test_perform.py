"""Tunes through the renderer: notes, mastered sound, stems, and clear refusals."""

import io
import json
import threading

import numpy as np
import pytest
import soundfile

from generation.breeding import breed, sample
from generation.engine import render
from generation.engine.engine import LocalEngine
from generation.engine.frames import NOTES, SOUND, STEMS, Priority, key_for
from generation.engine.perform import pack_notes, perform
from generation.genome import Recipe
from generation.refusal import Refused
from generation.song import Note, Part, Song
from generation.yielding import Abandoned, ignore_progress


def key(genome, media_type):
    return key_for(genome, size=256, media_type=media_type, supersample=1)


class OneNote:
    """A composer of very short songs: half a second of the genome's first gene as a pitch."""

    def song(self, genome, *, title=""):
        pitch = 60 + int(abs(genome.genes[0]) * 5) % 12
        part = Part("melody", "Flute", 73, (Note(0.0, 1.0, pitch, 90),))
        bass = Part("bass", "Double bass", 32, (Note(0.0, 1.0, 40, 90),))
        return Song(title, "folk", "major", 0, 120.0, 1.0, (part, bass))


@pytest.fixture(scope="module")
def tunes():
    return [sample("tunes", seed=seed) for seed in (1, 2)]


def test_the_same_tune_has_the_same_notes_in_any_batch(tunes):
    together = render.render_batch(key(tunes[0], NOTES), tunes, ignore_progress)
    for tune, frame in zip(tunes, together, strict=True):
        (alone,) = render.render_batch(key(tune, NOTES), [tune], ignore_progress)
        assert alone.payload == frame.payload == frame.notes
        data = json.loads(frame.payload)
        assert {part["role"] for part in data["parts"]} >= {"melody", "chords", "bass"} and data[
            "beats"
        ] > 60
        assert frame.seconds == pytest.approx(data["beats"] * 60 / data["bpm"], abs=0.1)
    assert together[0].payload != together[1].payload


def test_a_choice_of_style_changes_the_band_and_keeps_the_melody(tunes):
    before, after = (
        json.loads(
            render.render_batch(key(tunes[0], NOTES), [breed(tunes[:1], recipe)], ignore_progress)[
                0
            ].payload
        )
        for recipe in (Recipe(choices={"style": "folk"}), Recipe(choices={"style": "chamber"}))
    )
    assert (before["style"], after["style"]) == ("folk", "chamber")
    assert [part["role"] for part in before["parts"]] != [part["role"] for part in after["parts"]]


def test_sound_comes_with_its_notes_and_seconds_and_can_be_read(tunes):
    reported = []
    (frame,) = perform(OneNote(), key(tunes[0], SOUND), tunes[:1], reported.append)
    sound, rate = soundfile.read(io.BytesIO(frame.payload))
    assert sound.shape[1] == 2 and np.abs(sound).max() > 0.05
    assert frame.seconds == pytest.approx(len(sound) / rate, abs=0.01)
    assert frame.notes == pack_notes(OneNote().song(tunes[0])) and frame.accent.startswith("#")
    assert reported == sorted(reported) and len(reported) > 1


def test_stems_are_a_zip_of_one_file_a_part(tunes):
    (frame,) = perform(OneNote(), key(tunes[0], STEMS), tunes[:1], ignore_progress)
    assert (
        frame.payload.startswith(b"PK")
        and b"melody.wav" in frame.payload
        and b"bass.wav" in frame.payload
    )


def test_sound_that_nobody_waits_for_is_left(tunes):
    calls = []

    def leave(progress):
        calls.append(progress)
        if len(calls) > 1:  # The first is before anything sounds.
            raise Abandoned

    with pytest.raises(Abandoned):
        perform(OneNote(), key(tunes[0], SOUND), tunes[:1], leave)
    (frame,) = perform(OneNote(), key(tunes[0], SOUND), tunes[:1], ignore_progress)
    assert frame.payload.startswith(b"fLaC")


def test_live_notes_are_served_while_a_tune_is_mastered(tunes):
    begun = threading.Event()
    answered = []

    def slowly(asked, genomes, yield_point):
        if asked.media_type == NOTES:
            answered.append(begun.is_set())
        else:
            begun.set()
        return perform(OneNote(), asked, genomes, yield_point)

    engine = LocalEngine(render_batch=slowly)
    try:
        sound = engine.submit(tunes[0], size=0, media_type=SOUND, priority=Priority.JOB)
        assert begun.wait(20)
        engine.submit(tunes[1], size=0, media_type=NOTES).result(20)
        sound.result(60)
        assert answered == [True]
    finally:
        engine.close()


def test_pictures_have_no_sound_and_tunes_no_pixels(tunes):
    with pytest.raises(Refused, match="writes music"):
        render.render_batch(key(tunes[0], "image/png"), tunes[:1], ignore_progress)
    pattern = sample("patterns", seed=1)
    with pytest.raises(Refused, match="paints pictures"):
        render.render_batch(key(pattern, NOTES), [pattern], ignore_progress)
