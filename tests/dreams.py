"""A species that paints from words, without nets: enough to breed, and for pages."""

import hashlib
import json
from pathlib import Path

from generation.checkpoints import catalogue
from generation.genespaces.settings_file import SETTINGS

LORAS = (("ink", "Ink"), ("felt", "Felt"))
CARD = {
    "key": "dreams",
    "name": "Dreams",
    "medium": "picture",
    "architecture": "diffusion",
    "version": 1,
    "licence": "CC0-1.0",
    "credit": "us",
    "description": "Painted from words.",
}
SETTINGS_JSON = {
    "pipeline": "StableDiffusionPipeline",
    "steps": 2,
    "size": 64,
    "guidance": 5.0,
    "loras": [
        {"key": key, "name": name, "file": f"loras/{key}.safetensors"} for key, name in LORAS
    ],
}


def add_species(folder: Path, settings: str, key: str = "dreams") -> None:
    """A species without nets, which is enough to breed."""
    folder.mkdir()
    (folder / SETTINGS).write_text(settings)
    files = {SETTINGS: hashlib.sha256(settings.encode()).hexdigest()}
    (folder / "card.json").write_text(json.dumps(CARD | {"key": key, "files": files}))
    catalogue(refresh=True)
