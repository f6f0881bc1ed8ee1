"""Renders tunes: a net writes the song, a sampler plays it, and the mix is mastered.

The sound is made in a thread of its own, so that the engine can serve LIVE requests meanwhile.
"""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

import numpy as np

from generation.codecs.audio import encode_audio, encode_stems
from generation.codecs.score_svg import card_ground
from generation.engine.frames import GENES, NOTES, SOUND, Frame, Phrase, RenderKey, Subject
from generation.finishing.audio import render_audio, render_stems
from generation.finishing.soundfont import RATE
from generation.genome import Genome
from generation.song import Song
from generation.yielding import Abandoned, YieldPoint, part_of

SOUND_SHARE = 0.94  # The part of the progress that making the sound takes; the rest is encoding.
POLL_S = 0.004

# (song, on_progress) -> the encoded file and its duration in seconds.
Encoder = Callable[[Song, Callable[[float], None]], tuple[bytes, float]]

_sound_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound")


class Composer(Protocol):
    """A loaded net that writes music."""

    def song(self, genome: Genome, *, title: str = "") -> Song:
        """The song of a genome; the same genome always gives the same song."""

    def genes_of(self, tokens: np.ndarray, *, home: int, bpm: float, style: str) -> np.ndarray:
        """The genes of a tune that begins with a melody (see `melodies.lines.home_tokens`)."""


def perform(
    composer: Composer, key: RenderKey, subjects: Sequence[Subject], yield_point: YieldPoint
) -> list[Frame]:
    """The frames of genomes, or of phrases, that share a key.

    By the media type of the key they hold the notes, the mastered sound, a zip of the parts, or the
    genes of a tune that begins with the phrase.
    """
    frames = []
    for index, genome in enumerate(subjects):
        report = part_of(yield_point, index, len(subjects))
        report(0.0)
        if isinstance(genome, Phrase):
            genes = composer.genes_of(
                genome.tokens, home=genome.home, bpm=genome.bpm, style=genome.style
            )
            frames.append(Frame(genes.astype("<f4").tobytes(), GENES, 0, 0, 0.0))
            continue
        song = composer.song(genome)
        notes = pack_notes(song)
        if key.media_type == NOTES:
            frames.append(Frame(notes, NOTES, 0, 0, 0.0, seconds=song.seconds, notes=notes))
            continue
        encode = _encode_sound if key.media_type == SOUND else _encode_stems
        payload, seconds = _run_in_background(song, encode, report)
        accent = card_ground(song.to_json())
        frames.append(
            Frame(payload, key.media_type, 0, 0, 0.0, accent, seconds=seconds, notes=notes)
        )
    return frames


def pack_notes(song: Song) -> bytes:
    """The notes of a song as compact JSON."""
    return json.dumps(song.to_json(), separators=(",", ":"), ensure_ascii=False).encode()


def _encode_sound(song: Song, on_progress: Callable[[float], None]) -> tuple[bytes, float]:
    sound, figures = render_audio(song, on_progress=lambda done: on_progress(SOUND_SHARE * done))
    return encode_audio(sound, rate=RATE, kind="flac"), figures["seconds"]


def _encode_stems(song: Song, on_progress: Callable[[float], None]) -> tuple[bytes, float]:
    parts = render_stems(song, on_progress=lambda done: on_progress(SOUND_SHARE * done))
    return encode_stems(parts, rate=RATE), song.seconds


def _run_in_background(song: Song, encode: Encoder, yield_point: YieldPoint) -> tuple[bytes, float]:
    """Let the sound thread work, and call `yield_point` until it is done.

    When that call raises, the work ends after its current part.
    """
    is_abandoned = threading.Event()
    reached = 0.0

    def on_progress(done: float) -> None:
        nonlocal reached
        reached = done
        if is_abandoned.is_set():
            raise Abandoned

    working: Future[tuple[bytes, float]] = _sound_thread.submit(encode, song, on_progress)
    try:
        while True:
            try:
                return working.result(timeout=POLL_S)
            except TimeoutError:
                yield_point(reached)
    finally:
        is_abandoned.set()
