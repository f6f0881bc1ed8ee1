"""Where commands put the species that they make, and how it comes onto the site from there."""

import os
from argparse import ArgumentParser
from pathlib import Path

from generation.checkpoints import SHIPPED
from generation.refusal import Refused


def add_folder_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        type=Path,
        help="parent folder of the checkpoint (default: where the site looks for added species,"
        " ARBORETUM_CHECKPOINTS, or else “checkpoints” in the data folder)",
    )


def species_folder(to: Path | None) -> Path:
    """Return the folder that --to names, or else that in which the site looks for more species.

    Raises Refused where there is neither.
    """
    # The settings of the site set the variable, so it is read late.
    folder = to or os.environ.get("ARBORETUM_CHECKPOINTS")
    if not folder:
        raise Refused("Name a folder with --to, or set ARBORETUM_CHECKPOINTS to one.")
    return Path(folder)


def how_to_show(folder: Path) -> str:
    """Return what to do so that the site shows the species in a folder."""
    parent, known = folder.parent.resolve(), os.environ.get("ARBORETUM_CHECKPOINTS")
    steps = "Show it on the site, also on one that is running, with: manage.py sync_species"
    if parent == SHIPPED or (known and parent == Path(known).resolve()):
        return steps
    return (
        f"The site looks for added species in another folder. Set ARBORETUM_CHECKPOINTS to"
        f" {folder.parent}, or copy {folder.name} to {known or 'the folder that it names'}. {steps}"
    )
