"""Tunes to frames: a net writes the song, the band plays it, the studio mixes and masters it.

The sound is made in a thread of its own, so that whoever holds a slider meanwhile is served between
two breaths.
"""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from generation.codecs.audio import encode_audio, encode_stems
from generation.codecs.score_svg import card_ground
from generation.engine.frames import NOTES, SOUND, Abandoned, Frame, RenderKey, YieldPoint
from generation.finishing.audio import render_audio, render_stems
from generation.finishing.soundfont import RATE
from generation.genome import Genome
from generation.song import Song

SOUNDED = 0.94  # The share of the progress that is told by making the sound; the rest is encoding.
POLL_S = 0.004

# From a song to an encoded file and its seconds; tells its progress.
Maker = Callable[[Song, Callable[[float], None]], tuple[bytes, float]]

_sound_room = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound")


class Composer(Protocol):
    """A loaded net that writes music: the same genome always gives the same song."""

    def song(self, genome: Genome, *, title: str = "") -> Song: ...


def perform(
    composer: Composer, key: RenderKey, genomes: Sequence[Genome], yield_point: YieldPoint
) -> list[Frame]:
    """The frames of genomes that share a key: their notes, the mastered sound, or a zip of the
    parts.
    """
    frames = []
    for index, genome in enumerate(genomes):
        before = index / len(genomes)
        yield_point(before)
        song = composer.song(genome)
        notes = pack_notes(song)
        if key.media_type == NOTES:
            frames.append(Frame(notes, NOTES, 0, 0, 0.0, seconds=song.seconds, notes=notes))
            continue
        make = _sound if key.media_type == SOUND else _stems
        share = 1 / len(genomes)
        payload, seconds = _aside(
            song, make, lambda done, before=before, share=share: yield_point(before + share * done)
        )
        accent = card_ground(song.to_json())
        frames.append(
            Frame(payload, key.media_type, 0, 0, 0.0, accent, seconds=seconds, notes=notes)
        )
    return frames


def pack_notes(song: Song) -> bytes:
    """The notes of a song as they travel: compact JSON."""
    return json.dumps(song.to_json(), separators=(",", ":"), ensure_ascii=False).encode()


def _sound(song: Song, tell: Callable[[float], None]) -> tuple[bytes, float]:
    sound, figures = render_audio(song, tell=lambda done: tell(SOUNDED * done))
    return encode_audio(sound, rate=RATE, kind="flac"), figures["seconds"]


def _stems(song: Song, tell: Callable[[float], None]) -> tuple[bytes, float]:
    parts = render_stems(song, tell=lambda done: tell(SOUNDED * done))
    return encode_stems(parts, rate=RATE), song.seconds


def _aside(song: Song, make: Maker, yield_point: YieldPoint) -> tuple[bytes, float]:
    """Let the sound thread work, and yield_point meanwhile. When a breath raises, the work ends after
    its present part.
    """
    is_left = threading.Event()
    reached = 0.0

    def tell(done: float) -> None:
        nonlocal reached
        reached = done
        if is_left.is_set():
            raise Abandoned

    working: Future[tuple[bytes, float]] = _sound_room.submit(make, song, tell)
    try:
        while True:
            try:
                return working.result(timeout=POLL_S)
            except TimeoutError:
                yield_point(reached)
    finally:
        is_left.set()
