"""Melodies of ABC files, cut into segments, split and written as one npz file.

The split is by tune title, never by segment, and a held-out segment that also occurs in training
(up to transposition) is dropped, so that the figures of the evaluation are about unseen music.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generation.codecs.abc import read_tune, split_tunes
from generation.melodies.tokens import (
    HOLD,
    OFF,
    bar_tokens,
    is_presentable,
    join_split_bars,
    outline,
    to_home_key,
)
from generation.refusal import Refused

# Tunes printed in the 18th and 19th century. Book 2 of Aird's airs is left out: the reuse of that
# transcription is not cleared.
COLLECTIONS: dict[str, tuple[str, ...]] = {
    "oneills1850": (),
    "ryansMammoth": (),
    "airdsAirs": ("book2.abc",),
}
SPLITS = ("train", "validation", "test")
MAX_FILE_BYTES = 20_000_000


@dataclass(frozen=True)
class Melody:
    """An unbroken run of 4/4 bars of one tune, in the home key.

    title: that of the tune, by which melodies are split into training and test.
    """

    title: str
    source: str
    tokens: np.ndarray  # int64 [bars * 16]


class Counts(Counter[str]):
    """Counts what was used and what was skipped, by reason."""

    def lines(self) -> list[str]:
        return [
            f"{count:8,d}  {what}"
            for what, count in sorted(self.items(), key=lambda item: -item[1])
        ]


def collection_files(corpus: Path) -> list[Path]:
    """Return the usable tune books of an installed music21 package.

    corpus: the folder of its collections. Raises Refused when they are not there.
    """
    files = [
        path
        for name, left_out in COLLECTIONS.items()
        for path in sorted((corpus / name).glob("*.abc"))
        if path.name not in left_out
    ]
    if not files:
        raise Refused(
            "No tune books were found under {corpus}. Install music21 (pip install --no-deps"
            " music21) first.",
            corpus=corpus,
        )
    return files


def melodies_of_text(text: str, *, source: str, counts: Counts) -> Iterator[Melody]:
    """Yield every melody of one ABC file."""
    for header, body in split_tunes(text):
        counts["tunes read"] += 1
        if "V" in header:
            counts["tunes skipped: more than one voice"] += 1
            continue
        tune = read_tune(header, body)
        if tune is None:
            counts["tunes skipped: no steady meter"] += 1
            continue
        title = re.sub(r"[^a-z0-9]", "", tune.title.lower()) or f"{source}:{tune.number}"
        is_used = False
        run: list[int] = []
        for bar in join_split_bars(tune.bars):
            tokens, rounded = bar_tokens(bar)
            counts["notes rounded to the grid"] += rounded
            if tokens is None:
                counts["bars skipped: not 4/4 or 2/4, or incomplete"] += 1
            if run and (tokens is None or bar.is_break):
                yield Melody(title, source, to_home_key(np.array(run), tune.home))
                run = []
            if tokens is not None:
                counts["bars used"] += 1
                is_used = True
                run = run + tokens
        if run:
            yield Melody(title, source, to_home_key(np.array(run), tune.home))
        counts["tunes used" if is_used else "tunes skipped: no bar in 4/4 or 2/4"] += 1


def melodies_of_files(files: Iterable[Path], *, counts: Counts) -> Iterator[Melody]:
    """Yield every melody of ABC files.

    Files that are too large to be a tune book are skipped and counted.
    """
    for path in files:
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                counts["files skipped: too large"] += 1
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            counts["files skipped: may not be read"] += 1
            continue
        counts["files read"] += 1
        yield from melodies_of_text(text, source=path.name, counts=counts)


def segments_of(melody: Melody, *, bars: int) -> Iterator[np.ndarray]:
    """Yield every window of `bars` bars, moving by one bar.

    A note that was held into the window becomes silence.
    """
    length = bars * 16
    for start in range(0, len(melody.tokens) - length + 1, 16):
        segment = melody.tokens[start : start + length].copy()
        if segment[0] == HOLD:
            segment[0] = OFF
        if is_presentable(segment, bars=bars):
            yield segment


def split_titles(titles: Iterable[str], *, held_out: float, seed: int) -> dict[str, str]:
    """Assign each title to train, validation or test.

    held_out: the share of each of the last two.
    """
    ordered = sorted(set(titles))
    np.random.default_rng(seed).shuffle(ordered)
    count = round(len(ordered) * held_out)
    return {
        title: "validation" if index < count else "test" if index < 2 * count else "train"
        for index, title in enumerate(ordered)
    }


def prepare(
    melodies: Iterable[Melody], *, bars: int, counts: Counts, held_out: float = 0.06, seed: int = 0
) -> dict[str, np.ndarray]:
    """Cut melodies into distinct segments.

    Returns split name -> uint8 [count, bars * 16].
    """
    melodies = list(melodies)
    place = split_titles((melody.title for melody in melodies), held_out=held_out, seed=seed)
    rows: dict[str, list[np.ndarray]] = {name: [] for name in SPLITS}
    seen: set[tuple[int, ...]] = set()
    for name in SPLITS:  # Training first: whatever it holds is dropped from the held-out splits.
        for melody in (melody for melody in melodies if place[melody.title] == name):
            for segment in segments_of(melody, bars=bars):
                shape = outline(segment.tolist())
                if shape in seen:
                    counts["segments skipped: already there up to transposition"] += 1
                    continue
                seen.add(shape)
                rows[name].append(segment)
                counts[f"segments of {bars} bars for {name}"] += 1
    if not all(rows.values()):
        raise Refused(
            "There are too few tunes to train on: every split needs a segment. Add more tunes in"
            " 4/4 or 2/4."
        )
    return {name: np.stack(found).astype(np.uint8) for name, found in rows.items()}


def write_data_set(
    folder: Path, segments: dict[str, np.ndarray], *, bars: int, counts: Counts
) -> None:
    """Write segments.npz and report.json into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "segments.npz", allow_pickle=False, **segments)
    (folder / "report.json").write_text(
        json.dumps({"bars": bars, "counts": dict(counts)}, indent=1) + "\n", encoding="utf-8"
    )


def read_data_set(folder: Path) -> dict[str, np.ndarray]:
    """Read a prepared set, split name -> int64 [count, steps].

    Raises Refused when the folder was not prepared.
    """
    path = folder / "segments.npz"
    if not path.is_file():
        raise Refused(
            "{folder} holds no prepared tunes. Run “manage.py prepare_data tunes” first.",
            folder=folder,
        )
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name].astype(np.int64) for name in SPLITS}
