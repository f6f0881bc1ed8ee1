"""The music sets that are fetched by name, and sets from a folder of one's own files.

Those may be ABC, MIDI and sound files.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from generation.codecs import file_kinds
from generation.codecs.midi import decode_midi, is_midi
from generation.data import music
from generation.data.folder_files import files_in
from generation.data.music import (
    MAX_FILE_BYTES,
    Counts,
    Melody,
    collection_files,
    melodies_of_files,
    write_data_set,
)
from generation.data.sources import DOWNLOADS, Package, fetch, unpack
from generation.melodies.files import read_melody
from generation.melodies.lines import home_tokens, leading_notes
from generation.refusal import Refused

NAMES = {
    "tunes": (
        "two-bar segments of 2,500 tunes printed in the 18th and 19th century (O'Neill, Ryan, Aird)"
    ),
    "tunes-4": "four-bar segments of the same tunes",
}
BARS = {"tunes": 2, "tunes-4": 4}
MUSIC21 = Package(
    "pip",
    "music21",
    "10.5.1",
    "music21-10.5.1-py3-none-any.whl",
    "dc3309498c4c95cebdf8d4f20c868deb6b63bce1d929cad4f51a7ccc982987b1",
)
MIDI_ENDINGS = (".mid", ".midi", ".kar", ".rmi", ".smf")
SOUND_ENDINGS = (
    *(".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3"),
    *(".aif", ".aiff", ".au", ".caf", ".w64"),
)
ENDINGS = (".abc", *MIDI_ENDINGS, *SOUND_ENDINGS)


def is_music(place: Path) -> bool:
    """Tell whether a folder holds tunes, at any depth."""
    return place.is_dir() and any(path.suffix.lower() in ENDINGS for path in place.rglob("*"))


def prepare(
    source: str, *, target: Path, size: int | None, report: Callable[[str], object]
) -> None:
    """Prepare a set by its name, or from a folder of ABC, MIDI and sound files.

    size: the length of a segment in bars; None for what is usual. Raises Refused with what to do.
    """
    counts = Counts()
    bars = size or BARS.get(source, 2)
    if source in NAMES:
        package = unpack(fetch(MUSIC21, report=report), DOWNLOADS / "music21")
        melodies = melodies_of_files(
            collection_files(package / "music21" / "corpus"), counts=counts
        )
    elif is_music(Path(source)):
        melodies = melodies_of_folder(Path(source), counts=counts)
    else:
        raise Refused(
            "“{source}” is neither a folder with ABC, MIDI or sound files nor one of {names}.",
            source=source,
            names=", ".join(NAMES),
        )
    segments = music.prepare(melodies, bars=bars, counts=counts)
    write_data_set(target, segments, bars=bars, counts=counts)
    for line in counts.lines():
        report(line)


def melodies_of_folder(folder: Path, *, counts: Counts) -> Iterator[Melody]:
    """Yield every melody of the ABC, MIDI and sound files in a folder.

    What cannot be read is counted with its reason. Sound is transcribed, as far as
    `generation.codecs.transcription` goes: single lines of up to a minute.
    """
    paths = []
    for path, problem in files_in(folder, endings=ENDINGS):
        if problem:
            counts[f"files skipped: {problem}"] += 1
        else:
            paths.append(path)
    yield from melodies_of_files(
        [path for path in paths if path.suffix.lower() == ".abc"], counts=counts
    )
    for path in paths:
        if path.suffix.lower() == ".abc":
            continue
        counts["files read"] += 1
        try:
            tokens = _tokens_of(path)
        except Refused as refusal:
            counts[f"files skipped: {refusal.sentence}"] += 1
            continue
        counts["bars used"] += len(tokens) // 16
        yield Melody(path.stem.lower(), path.name, tokens)


def _tokens_of(path: Path) -> np.ndarray:
    """Return the melody of a MIDI or sound file in the home key.

    Raises Refused for what cannot be read.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Refused("This file is too large.")
        content = path.read_bytes()
    except OSError as error:
        raise Refused("This file may not be read.") from error
    # The content decides, and the name where it says nothing.
    is_sound = file_kinds.name_of(content) in file_kinds.SOUNDS and not is_midi(content)
    if is_sound or not (is_midi(content) or path.suffix.lower() in MIDI_ENDINGS):
        notes = list(read_melody(content).notes)
    else:
        notes = leading_notes(decode_midi(content).notes)
    tokens, _ = home_tokens(notes)
    return tokens
