"""Collects and prepares melodies: tune books of the music21 package, or a folder of ABC ->
segments, split, as one npz file.

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
COLLECTIONS = {"oneills1850": (), "ryansMammoth": (), "airdsAirs": ("book2.abc",)}
SPLITS = ("train", "validation", "test")
MAX_FILE_BYTES = 20_000_000


@dataclass(frozen=True)
class Melody:
    """An unbroken run of 4/4 bars of one tune in the home key; `title` is what the split goes
    by.
    """

    title: str
    source: str
    tokens: np.ndarray  # int64 [bars * 16]


class Report(Counter):
    """Counts what was used and what was skipped, by reason."""

    def lines(self) -> list[str]:
        return [
            f"{count:8,d}  {what}"
            for what, count in sorted(self.items(), key=lambda item: -item[1])
        ]


def collection_files(corpus: Path) -> list[Path]:
    """The usable tune books of an installed music21 package. Raises Refused when they are not
    there.
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


def melodies_of_text(text: str, *, source: str, report: Report) -> Iterator[Melody]:
    """Every melody of one ABC file."""
    for header, body in split_tunes(text):
        report["tunes read"] += 1
        if "V" in header:
            report["tunes skipped: more than one voice"] += 1
            continue
        tune = read_tune(header, body)
        if tune is None:
            report["tunes skipped: no steady meter"] += 1
            continue
        title = re.sub(r"[^a-z0-9]", "", tune.title.lower()) or f"{source}:{tune.number}"
        is_used = False
        run: list[int] = []
        for bar in join_split_bars(tune.bars):
            tokens, rounded = bar_tokens(bar)
            report["notes rounded to the grid"] += rounded
            if tokens is None:
                report["bars skipped: not 4/4 or 2/4, or incomplete"] += 1
            if run and (tokens is None or bar.is_break):
                yield Melody(title, source, to_home_key(np.array(run), tune.home))
                run = []
            if tokens is not None:
                report["bars used"] += 1
                is_used = True
                run = run + tokens
        if run:
            yield Melody(title, source, to_home_key(np.array(run), tune.home))
        report["tunes used" if is_used else "tunes skipped: no bar in 4/4 or 2/4"] += 1


def melodies_of_files(files: Iterable[Path], *, report: Report) -> Iterator[Melody]:
    """Every melody of ABC files; files that are too large to be a tune book are skipped and
    reported.
    """
    for path in files:
        if path.stat().st_size > MAX_FILE_BYTES:
            report["files skipped: too large"] += 1
            continue
        report["files read"] += 1
        yield from melodies_of_text(
            path.read_text(encoding="utf-8", errors="replace"), source=path.name, report=report
        )


def segments_of(melody: Melody, *, bars: int) -> Iterator[np.ndarray]:
    """Every window of `bars` bars, moving by one bar; a note that was held into it becomes
    silence.
    """
    length = bars * 16
    for start in range(0, len(melody.tokens) - length + 1, 16):
        segment = melody.tokens[start : start + length].copy()
        if segment[0] == HOLD:
            segment[0] = OFF
        if is_presentable(segment, bars=bars):
            yield segment


def split_titles(titles: Iterable[str], *, held_out: float, seed: int) -> dict[str, str]:
    """Tune title -> train, validation or test; `held_out` is the share of each of the last two."""
    ordered = sorted(set(titles))
    np.random.default_rng(seed).shuffle(ordered)
    count = round(len(ordered) * held_out)
    return {
        title: "validation" if index < count else "test" if index < 2 * count else "train"
        for index, title in enumerate(ordered)
    }


def prepare(
    melodies: Iterable[Melody], *, bars: int, report: Report, held_out: float = 0.06, seed: int = 0
) -> dict[str, np.ndarray]:
    """Cut melodies into distinct segments -> split name -> uint8 [count, bars * 16]."""
    melodies = list(melodies)
    place = split_titles((melody.title for melody in melodies), held_out=held_out, seed=seed)
    rows: dict[str, list[np.ndarray]] = {name: [] for name in SPLITS}
    seen: set[tuple[int, ...]] = set()
    for name in SPLITS:  # Training first: whatever it holds is dropped from the held-out splits.
        for melody in (melody for melody in melodies if place[melody.title] == name):
            for segment in segments_of(melody, bars=bars):
                mark = outline(segment)
                if mark in seen:
                    report["segments skipped: already there up to transposition"] += 1
                    continue
                seen.add(mark)
                rows[name].append(segment)
                report[f"segments of {bars} bars for {name}"] += 1
    if not all(rows.values()):
        raise Refused(
            "There are too few tunes to train on: every split needs a segment. Add more tunes in"
            " 4/4 or 2/4."
        )
    return {name: np.stack(found).astype(np.uint8) for name, found in rows.items()}


def write_data_set(
    folder: Path, segments: dict[str, np.ndarray], *, bars: int, report: Report
) -> None:
    """Write segments.npz and report.json into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "segments.npz", **segments)
    (folder / "report.json").write_text(
        json.dumps({"bars": bars, "counts": dict(report)}, indent=1) + "\n", encoding="utf-8"
    )


def read_data_set(folder: Path) -> dict[str, np.ndarray]:
    """Split name -> int64 [count, steps]. Raises Refused when the folder was not prepared."""
    path = folder / "segments.npz"
    if not path.is_file():
        raise Refused(
            "{folder} holds no prepared tunes. Run “manage.py prepare_data tunes” first.",
            folder=folder,
        )
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name].astype(np.int64) for name in SPLITS}
