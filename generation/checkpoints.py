"""A checkpoint is a folder: card.json, and weights.safetensors where the species learnt anything. Verified by SHA-256.

The catalogue lists every folder it finds, broken ones too: a damaged species is shown as unavailable, and the site runs on.
"""

import hashlib
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.genome import canonical_json
from generation.refusal import Refused

SHIPPED = Path(__file__).parent / "checkpoints"
CARD_FIELDS = ("key", "name", "medium", "architecture", "version", "licence", "credit", "description")


@dataclass(frozen=True)
class Checkpoint:
    """One species on disk. `problem` is empty when it can be used, else a sentence; `digest` names its exact content."""

    key: str
    folder: Path
    card: Mapping[str, Any]
    digest: str
    problem: str = ""

    @property
    def weights(self) -> Path:
        return self.folder / "weights.safetensors"

    @property
    def is_available(self) -> bool:
        return not self.problem


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read and verify one folder. A damaged folder raises nothing: the problem is told in the checkpoint."""
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        missing = [name for name in CARD_FIELDS if not card.get(name)]
    except (OSError, ValueError, AttributeError):
        return Checkpoint(folder.name, folder, {}, "", "Its card.json is missing or cannot be read.")
    if missing:
        return Checkpoint(folder.name, folder, card, "", f"Its card.json lacks {', '.join(missing)}.")
    expected = card.get("weights_sha256", "")
    if expected:
        weights = folder / "weights.safetensors"
        if not weights.is_file():
            return Checkpoint(card["key"], folder, card, "", "Its weights file is missing.")
        if hashlib.sha256(weights.read_bytes()).hexdigest() != expected:
            return Checkpoint(card["key"], folder, card, "", "Its weights file is damaged: its SHA-256 is not the card's.")
    # The digest covers what decides a picture: architecture, version and weights, not the wording of the card.
    essence = {"architecture": card["architecture"], "version": card["version"], "weights": expected}
    return Checkpoint(card["key"], folder, card, hashlib.sha256(canonical_json(essence).encode()).hexdigest())


def folders() -> list[Path]:
    """Where species are looked for: the shipped ones, then the folder named by ARBORETUM_CHECKPOINTS."""
    extra = os.environ.get("ARBORETUM_CHECKPOINTS", "")
    roots = [SHIPPED] + ([Path(extra)] if extra else [])
    return [folder for root in roots if root.is_dir() for folder in sorted(root.iterdir()) if folder.is_dir()]


_lock = threading.Lock()
_catalogue: dict[str, Checkpoint] | None = None


def catalogue(*, refresh: bool = False) -> dict[str, Checkpoint]:
    """Every species by key, read once a process."""
    global _catalogue
    with _lock:
        if _catalogue is None or refresh:
            _catalogue = {}
            for folder in folders():
                checkpoint = read_checkpoint(folder)
                _catalogue.setdefault(checkpoint.key, checkpoint)
        return _catalogue


def medium_of(key: str) -> str:
    """What a species makes: "picture" or "music"; empty when it is unknown here."""
    checkpoint = catalogue().get(key)
    return str(checkpoint.card.get("medium", "")) if checkpoint else ""


def find(key: str) -> Checkpoint:
    """The usable checkpoint of a species. Raises Refused when it is unknown or unavailable."""
    checkpoint = catalogue().get(key)
    if checkpoint is None:
        raise Refused(f"The species “{key[:40]}” is not installed here.")
    if checkpoint.problem:
        raise Refused(f"The species “{key[:40]}” is unavailable: {checkpoint.problem}")
    return checkpoint
