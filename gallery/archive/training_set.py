"""Exporting works for training: those whose makers allow it, under open licences, with credits."""

import csv
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from gallery.lineage.licences import OPEN, rights
from gallery.models import Artwork, Medium
from gallery.sharing.downloads import make_copy
from generation.refusal import Refused

CREDITS = "credits.csv"
COLUMNS = ("file", "title", "maker", "address", "licence", "licence_url", "species")
ENDINGS: dict[str, str] = {Medium.PICTURE: "png", Medium.MUSIC: "mid"}
CHUNK = 500


@dataclass(frozen=True)
class TrainingSet:
    """works: how many were written; withheld: public works that may not be used for training."""

    works: int
    withheld: int


def export_training(
    folder: Path, *, origin: str, medium: str = Medium.PICTURE, species: str = ""
) -> TrainingSet:
    """Write public works into a folder for `manage.py prepare_data FOLDER`.

    Pictures are written lossless, tunes as MIDI files, each with its metadata inside; the table of
    credits is `credits.csv`. origin: the address of the site. The folder appears only when it is
    complete. Raises Refused when the folder is not empty, and when no work may be used.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Refused("“{folder}” is not empty. Choose a new folder.", folder=str(folder))
    listed = Artwork.objects.listed().filter(species__medium=medium).exclude(master="")
    listed = listed.filter(species=species) if species else listed
    allowed = (
        listed.filter(may_train=True, licence__in=OPEN)
        .select_related("author", "species")
        .order_by("pk")
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as place:
        written = _write(Path(place), allowed, origin=origin, ending=ENDINGS[medium])
        if not written:
            raise Refused(
                "No public work of this kind may be used for training. Its maker has to allow it,"
                " under CC0, CC BY or CC BY-SA."
            )
        if folder.exists():
            folder.rmdir()
        shutil.copytree(place, folder)
    return TrainingSet(written, listed.count() - written)


def _write(place: Path, works: QuerySet[Artwork], *, origin: str, ending: str) -> int:
    """Write the works and their credits into an existing folder; how many works were written."""
    (place / "works").mkdir()
    written = 0
    with (place / CREDITS).open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(COLUMNS)
        for work in works.iterator(chunk_size=CHUNK):
            name = f"works/{work.slug}.{ending}"
            try:
                data, _ = make_copy(work, ending)
            except FileNotFoundError:
                continue  # Missing in the storage; the others are exported all the same.
            (place / name).write_bytes(data)
            terms = rights(work.licence)
            table.writerow(
                [
                    name,
                    work.title,
                    work.author.name,
                    f"{origin}{work.get_absolute_url()}",
                    str(terms.name),
                    terms.url,
                    work.species_id,
                ]
            )
            written += 1
    return written
