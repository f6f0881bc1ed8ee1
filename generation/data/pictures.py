"""A prepared picture set is a folder; this module writes and reads it.

It holds pictures.npy (uint8 [count, size, size, 3]), labels.npy, card.json and sheet.png.
`write_set` makes one from a stream of pictures of any length without holding them in memory;
`open_prepared` reads it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from generation.data.examples import Example
from generation.data.framing import Framed, Unusable, frame
from generation.data.left_out import LeftOut
from generation.data.picture_cleaning import open_picture
from generation.data.prepared_folder import new_folder
from generation.data.relatives import Relatives, arrange, held_out_of
from generation.data.sources import Report
from generation.refusal import Refused

PREPARED = Path("data")
FEWEST = 64  # A net cannot learn from fewer pictures than this.
FEWEST_LARGE = 8  # A LoRA can, and it alone learns from pictures of more than LARGEST_LEARNT.
LARGEST_LEARNT = 256
SIZES = (16, 32, 64, 128, LARGEST_LEARNT, 512, 768, 1024)
CAPTIONS = "captions.json"
SHEET_ROWS, SHEET_COLUMNS = 8, 16
NEAR_COPY = "nearly the same as another"


@dataclass(frozen=True)
class SetFacts:
    """What the card says about a set that cannot be seen in its pictures."""

    name: str
    source: str
    licence: str
    credit: str
    label_names: tuple[str, ...] = ("all",)
    background: tuple[int, int, int] = (255, 255, 255)
    keeps_frame: bool = False  # The pictures stand in their frames as they should.
    # Drawn by a program, each independently of the others: none is a relative of another.
    is_in_random_order: bool = False
    # Two that look nearly the same differ in what is to be learnt, such as a mouth.
    has_fine_differences: bool = False
    expected: int | None = None  # How many pictures must come, for a set that never changes.
    notes: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Found:
    """What came of the examples: of each usable one in turn, and of the others.

    grids: of pixel art, the edge in its own pixels; else 0.
    """

    relatives: Relatives
    labels: list[int] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    grids: list[int] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)

    def __len__(self) -> int:
        return len(self.labels)


def write_set(
    examples: Iterable[Example], facts: SetFacts, *, target: Path, size: int, report: Report
) -> dict[str, Any]:
    """Clean pictures, drop near-duplicates, shuffle and write the folder; returns its card.

    Every stretch of the order has each class in its share of the whole, and relatives, such as the
    frames of an animation, are held out together or not at all. The folder appears only when all of
    it is there. Raises Refused when too few pictures are left, and where the folder cannot be
    written.
    """
    if size not in SIZES:
        raise Refused("The size must be one of {map} pixels.", map=", ".join(map(str, SIZES)))
    with new_folder(target) as work:
        found = _write_raw(examples, facts, path=work / "pictures.raw", size=size, report=report)
        _check_counts(facts, found, fewest=fewest_of(size))
        order, held_out = _order_of(found, facts)
        # Where all are relatives, some must be held out from their own family.
        card = _card(facts, found, held_out=held_out or held_out_of(len(found)), size=size)
        first = _write_array(work, order=order, size=size)
        np.save(work / "labels.npy", np.array(found.labels, dtype=np.uint8)[order])
        if any(found.captions):
            ordered = [found.captions[place] for place in order]
            (work / CAPTIONS).write_text(json.dumps(ordered, ensure_ascii=False), encoding="utf-8")
        (work / "card.json").write_text(
            json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        found.left_out.write(work / "left_out.txt")
        overview_sheet(first).save(work / "sheet.png")
    report(f"{card['count']} pictures of {size} px in {target}.")
    _report_pixel_art(found, size=size, report=report)
    if not held_out:
        report(
            "All of them are alike, so those that figures are measured on resemble those that are"
            " learnt from: expect the figures to be too good."
        )
    found.left_out.report(report, path=target / "left_out.txt")
    report(f"Look at {target / 'sheet.png'}.")
    return card


def _order_of(found: Found, facts: SetFacts) -> tuple[np.ndarray, int]:
    """Return the order of the pictures, and how many at its end no other one is a relative of."""
    if facts.is_in_random_order:
        return np.arange(len(found)), held_out_of(len(found))
    return arrange(np.array(found.labels), found.relatives.families())


def _report_pixel_art(found: Found, *, size: int, report: Report) -> None:
    """Say how many pictures are pixel art, and at which size it would keep its pixels."""
    grids = [grid for grid in found.grids if grid]
    if not grids:
        return
    report(f"{len(grids)} are pixel art and were scaled by whole factors only.")
    reduced = [grid for grid in grids if grid > size]
    if reduced:
        better = min(edge for edge in SIZES if edge >= max(reduced))
        report(f"{len(reduced)} of those lost pixels; with --size {better} they would keep all.")


def fewest_of(size: int) -> int:
    """How many pictures of a size a set must hold."""
    return FEWEST if size <= LARGEST_LEARNT else FEWEST_LARGE


def _check_counts(facts: SetFacts, found: Found, *, fewest: int) -> None:
    """Raises Refused when other pictures came than the set has, or too few that can be used."""
    all_found = len(found) + found.left_out.total()
    if facts.expected and all_found != facts.expected:
        fix = "Delete data/.downloads and run this again."
        raise Refused(
            "{facts} has {found} pictures instead of {expected}. {fix}",
            facts=facts.name,
            found=all_found,
            expected=facts.expected,
            fix=fix,
        )
    if len(found) < fewest:
        raise Refused(
            "Only {n_labels} usable pictures were found ({reasons}); at least {fewest} are needed.",
            n_labels=len(found),
            reasons=found.left_out.summary() or "nothing else was there",
            fewest=fewest,
        )


def _write_raw(
    examples: Iterable[Example], facts: SetFacts, *, path: Path, size: int, report: Report
) -> Found:
    """Append every usable picture to one raw file."""
    found = Found(
        Relatives(
            has_families=not facts.is_in_random_order,
            has_fine_differences=facts.has_fine_differences,
        )
    )
    with path.open("wb") as file:
        for example in examples:
            try:
                framed = to_pixels(example, facts, size=size)
            except Unusable as reason:
                found.left_out.add(str(reason), example.name)
                continue
            if original := found.relatives.add(framed.pixels, example.name, family=example.family):
                found.left_out.add(NEAR_COPY, example.name, like=original)
                continue
            file.write(framed.pixels.tobytes())
            found.labels.append(example.label)
            found.captions.append(example.caption)
            found.grids.append(framed.grid)
            if len(found) % 5_000 == 0:
                report(f"{len(found)} pictures ...")
    return found


def to_pixels(example: Example, facts: SetFacts, *, size: int) -> Framed:
    """Return the example in its frame of `size` pixels. Raises Unusable."""
    if example.problem:
        raise Unusable(example.problem)
    if isinstance(example.content, np.ndarray):
        return Framed(example.content)
    return frame(
        open_picture(example.content),
        size=size,
        background=facts.background,
        keeps_frame=facts.keeps_frame,
    )


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


def _card(facts: SetFacts, found: Found, *, held_out: int, size: int) -> dict[str, Any]:
    return {
        "name": facts.name,
        "source": facts.source,
        "licence": facts.licence,
        "credit": facts.credit,
        "count": len(found),
        "held_out": held_out,  # The last ones, which are never learnt from.
        "size": size,
        "labels": list(facts.label_names),
        "dropped": found.left_out.counts(),
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
