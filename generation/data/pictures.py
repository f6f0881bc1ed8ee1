"""A prepared picture set is a folder; this module writes and reads it.

It holds pictures.npy (uint8 [count, size, size, 3]), labels.npy, card.json and sheet.png.
`write_set` makes one from a stream of pictures of any length without holding them in memory;
`open_prepared` reads it.
"""

import json
import lzma
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from generation.data.folder_files import files_in
from generation.data.picture_cleaning import (
    MAX_FILE_BYTES,
    TOO_HEAVY,
    NearDuplicates,
    Unusable,
    open_picture,
    to_square,
)
from generation.data.prepared_folder import new_folder, printable
from generation.data.sources import Report
from generation.refusal import Refused

PREPARED = Path("data")
FEWEST = 64  # A net cannot learn from fewer pictures than this.
FEWEST_LARGE = 8  # A LoRA can, and it alone learns from pictures of more than LARGEST_LEARNT.
LARGEST_LEARNT = 256
SIZES = (16, 32, 64, 128, LARGEST_LEARNT, 512, 768, 1024)
CAPTIONS = "captions.json"
MAX_CAPTION_BYTES = 2_000
SHEET_ROWS, SHEET_COLUMNS = 8, 16


@dataclass(frozen=True)
class Example:
    """One found picture.

    content: an encoded file, or a finished array. label: its class, 0 when there are none. problem:
    why it cannot be read, where that was seen before it was decoded. caption: what it shows.
    """

    name: str
    content: bytes | np.ndarray
    label: int = 0
    problem: str = ""
    caption: str = ""


@dataclass(frozen=True)
class SetFacts:
    """What the card says about a set that cannot be seen in its pictures."""

    name: str
    source: str
    licence: str
    credit: str
    label_names: tuple[str, ...] = ("all",)
    background: tuple[int, int, int] = (255, 255, 255)
    is_pixel_art: bool = False
    is_in_random_order: bool = False
    expected: int | None = None  # How many pictures must come, for a set that never changes.
    notes: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def write_set(
    examples: Iterable[Example], facts: SetFacts, *, target: Path, size: int, report: Report
) -> dict[str, Any]:
    """Clean pictures, drop near-duplicates, shuffle and write the folder; returns its card.

    Every stretch of the order has each class in its share of the whole. The folder appears only
    when all of it is there. Raises Refused when too few pictures are left, and where the folder
    cannot be written.
    """
    if size not in SIZES:
        raise Refused("The size must be one of {map} pixels.", map=", ".join(map(str, SIZES)))
    with new_folder(target) as work:
        labels, captions, dropped = _write_raw(
            examples, facts, path=work / "pictures.raw", size=size, report=report
        )
        _check_counts(facts, usable=len(labels), dropped=dropped, fewest=fewest_of(size))
        order = (
            np.arange(len(labels))
            if facts.is_in_random_order
            else interleave_classes(np.array(labels))
        )
        first = _write_array(work, order=order, size=size)
        np.save(work / "labels.npy", np.array(labels, dtype=np.uint8)[order])
        if any(captions):
            ordered = [captions[place] for place in order]
            (work / CAPTIONS).write_text(json.dumps(ordered, ensure_ascii=False), encoding="utf-8")
        card = _card(facts, count=len(labels), size=size, dropped=dropped)
        (work / "card.json").write_text(
            json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        overview_sheet(first).save(work / "sheet.png")
    report(f"{card['count']} pictures of {size} px in {target}.")
    report(f"Left out: {dropped.total()}")
    for reason, count in dropped.most_common():
        report(f"{count:8,d}  {reason}")
    report(f"Look at {target / 'sheet.png'}.")
    return card


def fewest_of(size: int) -> int:
    """How many pictures of a size a set must hold."""
    return FEWEST if size <= LARGEST_LEARNT else FEWEST_LARGE


def _check_counts(facts: SetFacts, *, usable: int, dropped: Counter[str], fewest: int) -> None:
    """Raises Refused when other pictures came than the set has, or too few that can be used."""
    found = usable + dropped.total()
    if facts.expected and found != facts.expected:
        fix = "Delete data/.downloads and run this again."
        raise Refused(
            "{facts} has {found} pictures instead of {expected}. {fix}",
            facts=facts.name,
            found=found,
            expected=facts.expected,
            fix=fix,
        )
    if usable < fewest:
        reasons = (
            ", ".join(f"{count} {reason}" for reason, count in dropped.items())
            or "nothing else was there"
        )
        raise Refused(
            "Only {n_labels} usable pictures were found ({reasons}); at least {fewest} are needed.",
            n_labels=usable,
            reasons=reasons,
            fewest=fewest,
        )


def _write_raw(
    examples: Iterable[Example], facts: SetFacts, *, path: Path, size: int, report: Report
) -> tuple[list[int], list[str], Counter[str]]:
    """Append every usable picture to one raw file.

    Returns the labels and captions of those, and why the others were dropped.
    """
    labels: list[int] = []
    captions: list[str] = []
    dropped: Counter[str] = Counter()
    seen = NearDuplicates()
    with path.open("wb") as file:
        for example in examples:
            try:
                picture = to_pixels(example, facts, size=size)
            except Unusable as reason:
                dropped[str(reason)] += 1
                continue
            if not seen.is_new(picture):
                dropped["nearly the same as another"] += 1
                continue
            file.write(picture.tobytes())
            labels.append(example.label)
            captions.append(example.caption)
            if len(labels) % 5_000 == 0:
                report(f"{len(labels)} pictures ...")
    return labels, captions, dropped


def to_pixels(example: Example, facts: SetFacts, *, size: int) -> np.ndarray:
    """Return the example as uint8 [size, size, 3]. Raises Unusable."""
    if example.problem:
        raise Unusable(example.problem)
    if isinstance(example.content, np.ndarray):
        return example.content
    picture = open_picture(example.content)
    return to_square(
        picture, size=size, background=facts.background, is_pixel_art=facts.is_pixel_art
    )


def interleave_classes(labels: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Return an order in which every stretch has each class in its share of the whole.

    That holds for the held-out end, too.
    """
    rng = np.random.default_rng(seed)
    places = np.zeros(len(labels))
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        # Members of a class stand at even distances, at a random phase.
        places[members] = (np.arange(len(members)) + rng.random()) / len(members)
    return np.argsort(places, kind="stable")


def _write_array(work: Path, *, order: np.ndarray, size: int) -> np.ndarray:
    """Copy the raw pictures in their final order into an array file and drop the raw file.

    Returns the pictures of the sheet. The array is written, not mapped: on a full disk a mapped
    page kills the process, where a write raises an error.
    """
    raw = np.memmap(
        work / "pictures.raw", dtype=np.uint8, mode="r", shape=(len(order), size, size, 3)
    )
    header = {
        "descr": np.lib.format.dtype_to_descr(raw.dtype),
        "fortran_order": False,
        "shape": raw.shape,
    }
    with (work / "pictures.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, len(order), 1_000):
            file.write(raw[order[start : start + 1_000]].tobytes())
    first = np.array(raw[order[: SHEET_ROWS * SHEET_COLUMNS]])
    del raw
    (work / "pictures.raw").unlink()
    return first


def _card(facts: SetFacts, *, count: int, size: int, dropped: Counter[str]) -> dict[str, Any]:
    return {
        "name": facts.name,
        "source": facts.source,
        "licence": facts.licence,
        "credit": facts.credit,
        "count": count,
        "size": size,
        "labels": list(facts.label_names),
        "dropped": dict(dropped),
        "notes": facts.notes,
        "prepared_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **facts.extra,
    }


def overview_sheet(pictures: np.ndarray) -> Image.Image:
    """Put the first pictures of a set side by side; large ones smaller than they are."""
    if pictures.shape[1] > LARGEST_LEARNT:
        edge = (LARGEST_LEARNT, LARGEST_LEARNT)
        pictures = np.stack([np.asarray(Image.fromarray(one).resize(edge)) for one in pictures])
    columns = min(SHEET_COLUMNS, len(pictures))
    rows = len(pictures) // columns
    size = pictures.shape[1]
    grid = pictures[: rows * columns].reshape(rows, columns, size, size, 3).swapaxes(1, 2)
    return Image.fromarray(np.ascontiguousarray(grid.reshape(rows * size, columns * size, 3)))


def prepared_folder(name: str) -> Path:
    """Return where a prepared set lies: under data/ by its name, or in the folder that is named."""
    named = PREPARED / name
    return named if (named / "pictures.npy").exists() else Path(name)


def open_prepared(name: str) -> tuple[np.ndarray, dict[str, Any]]:
    """Return the memory-mapped pictures and the card of a prepared set, by name or folder.

    Raises Refused when it is not there.
    """
    folder = prepared_folder(name)
    try:
        pictures = np.load(folder / "pictures.npy", mmap_mode="r")
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(
            "“{name}” is not a prepared data set. Run: manage.py prepare_data {name_2}",
            name=name,
            name_2=Path(name).name,
        ) from error
    shape = pictures.shape
    is_sound = (
        pictures.dtype == np.uint8 and len(shape) == 4 and shape[1] == shape[2] and shape[3] == 3
    )
    if not is_sound or len(pictures) < fewest_of(shape[1]):
        held = f"{pictures.dtype} {shape}"
        raise Refused(
            "“{name}” holds {held}, not at least {fewest} square RGB pictures. Prepare it again.",
            name=name,
            held=held,
            fewest=fewest_of(shape[1]) if is_sound else FEWEST,
        )
    return pictures, card


def open_labels(folder: Path) -> np.ndarray:
    """Return the class of every picture of a prepared set, uint8 [count]."""
    return np.load(folder / "labels.npy")


def open_captions(folder: Path) -> list[str]:
    """Return what every picture of a prepared set shows; an empty list without any captions."""
    try:
        return [str(one) for one in json.loads((folder / CAPTIONS).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def examples_in(place: Path) -> Iterator[Example]:
    """Yield every file in a folder (and below) or in a ZIP, in the order of their names.

    What is no picture is dropped later, but a text of a picture's name is its caption.
    """
    found = _examples_in_folder(place) if place.is_dir() else _examples_in_zip(place)
    for _, group in groupby(found, key=lambda example: os.path.splitext(example.name)[0]):
        files = list(group)
        texts = [one for one in files if one.name.lower().endswith(".txt")]
        if len(texts) == len(files):
            yield from texts
            continue
        caption = _caption_of(texts[0]) if texts else ""
        yield from (replace(one, caption=caption) for one in files if one not in texts)


def _caption_of(text: Example) -> str:
    content = text.content if isinstance(text.content, bytes) else b""
    return " ".join(content[:MAX_CAPTION_BYTES].decode("utf-8", "ignore").split())


def _examples_in_folder(place: Path) -> Iterator[Example]:
    for path, problem in files_in(place):
        name = str(path.relative_to(place))
        if problem:
            yield Example(name, b"", problem=problem)
            continue
        try:
            with path.open("rb") as file:
                yield Example(name, file.read(MAX_FILE_BYTES + 1))
        except OSError:
            yield Example(name, b"", problem="may not be read")


def _examples_in_zip(place: Path) -> Iterator[Example]:
    """Yield every member of a ZIP.

    Nothing is unpacked onto the disk, so names that lead elsewhere lead nowhere.
    """
    try:
        archive = zipfile.ZipFile(place)
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused(
            "“{place}” is neither a folder nor a whole ZIP file of pictures. Fetch it again, or"
            " unpack it and name the folder.",
            place=printable(str(place)),
        ) from error
    with archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                raise Refused(
                    "“{place}” is locked by a password. Unpack it yourself and name the folder.",
                    place=printable(str(place)),
                )
            yield _read_member(archive, info)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Example:
    """Read one file of a ZIP.

    No more of it is unpacked than it announces, and nothing of one that announces too much.
    """
    if info.file_size > MAX_FILE_BYTES:
        return Example(info.filename, b"", problem=TOO_HEAVY)
    try:
        return Example(info.filename, archive.read(info))
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError):
        return Example(info.filename, b"", problem="damaged in the ZIP file")
    except NotImplementedError:
        return Example(info.filename, b"", problem="packed in an unknown way")
