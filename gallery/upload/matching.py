"""Finding the species here that is the net which a picture's file names."""

from collections.abc import Iterator
from pathlib import PurePath

from gallery.models import Species
from gallery.species.worded import graftable_species
from generation.checkpoints import Checkpoint, catalogue
from generation.codecs.prompt_metadata import PromptMetadata

MIN_HASH = 8  # Hex digits; programs write ten of a file's SHA-256, older ones eight of other bytes.


def species_of(metadata: PromptMetadata) -> Species | None:
    """The installed species that painted a picture, by its file's hash or by its name."""
    found = [(one, catalogue()[one.key]) for one in graftable_species() if one.key in catalogue()]
    wanted = metadata.model_hash.casefold()
    if len(wanted) >= MIN_HASH:
        for one, checkpoint in found:
            hashes = (checkpoint.digest, *checkpoint.files.values())
            if any(each.startswith(wanted) for each in hashes):
                return one
    name = _plain(metadata.model)
    if not name:
        return None
    return next((one for one, checkpoint in found if name in _names(checkpoint)), None)


def _names(checkpoint: Checkpoint) -> Iterator[str]:
    """What people call a net: its key, its name, its file or folder."""
    yield _plain(checkpoint.key)
    yield _plain(str(checkpoint.card.get("name", "")))
    yield _plain(str(checkpoint.card.get("source", "")))
    for file in checkpoint.files:
        if checkpoint.path(file).is_symlink():
            yield _plain(checkpoint.path(file).readlink().name)


def _plain(name: str) -> str:
    """A name without folders, ending, case, spaces and hyphens."""
    last = PurePath(name.replace("\\", "/")).name
    stem = last.removesuffix(".safetensors").removesuffix(".ckpt")
    return "".join(letter for letter in stem.casefold() if letter.isalnum())
