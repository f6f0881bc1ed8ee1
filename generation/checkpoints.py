"""Checkpoints: the installed species, each a folder whose content is verified by SHA-256.

A folder holds card.json, and weights.safetensors where the species learnt anything. The catalogue
lists every folder it finds, broken ones too: a damaged species is shown as unavailable, and the
site runs on. Several folders may hold versions of one species: the highest is bred from, the others
keep their works renderable.
"""

import hashlib
import json
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.genome import canonical_json
from generation.refusal import Refused

SHIPPED = Path(__file__).parent / "checkpoints"
CARD_FIELDS = (
    "key",
    "name",
    "medium",
    "architecture",
    "version",
    "licence",
    "credit",
    "description",
)
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True)
class Checkpoint:
    """One version of a species on disk.

    digest: identifies its exact content. problem: a sentence that says why it cannot be used, or
    empty.
    """

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

    @property
    def version(self) -> int:
        """The number on the card; 0 where there is none."""
        number = self.card.get("version")
        return number if isinstance(number, int) and not isinstance(number, bool) else 0


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read and verify one folder.

    It never raises: what is wrong with a damaged folder stands in the checkpoint's `problem`.
    """
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        missing = [name for name in CARD_FIELDS if not card.get(name)]
    except (OSError, ValueError, AttributeError):
        return Checkpoint(
            folder.name, folder, {}, "", "Its card.json is missing or cannot be read."
        )
    if missing:
        return Checkpoint(
            folder.name, folder, card, "", f"Its card.json lacks {', '.join(missing)}."
        )
    if not isinstance(card["key"], str) or not KEY.fullmatch(card["key"]):
        return Checkpoint(
            folder.name,
            folder,
            card,
            "",
            "The key in its card.json must be a short word in small letters.",
        )
    if not isinstance(card["architecture"], str):
        return Checkpoint(
            card["key"], folder, card, "", "The architecture in its card.json must be a word."
        )
    expected = card.get("weights_sha256", "")
    if expected:
        weights = folder / "weights.safetensors"
        if not weights.is_file():
            return Checkpoint(card["key"], folder, card, "", "Its weights file is missing.")
        if hashlib.sha256(weights.read_bytes()).hexdigest() != expected:
            return Checkpoint(
                card["key"],
                folder,
                card,
                "",
                "Its weights file is damaged: its SHA-256 is not the card's.",
            )
    # The digest covers what determines a picture, and not the wording of the card.
    essence = {
        "architecture": card["architecture"],
        "version": card["version"],
        "weights": expected,
    }
    return Checkpoint(
        card["key"], folder, card, hashlib.sha256(canonical_json(essence).encode()).hexdigest()
    )


def folders() -> list[Path]:
    """The folders of all installed checkpoints.

    First the shipped ones, then those in the folder named by ARBORETUM_CHECKPOINTS.
    """
    extra = os.environ.get("ARBORETUM_CHECKPOINTS", "")
    roots = [SHIPPED] + ([Path(extra)] if extra else [])
    return [
        folder
        for root in roots
        if root.is_dir()
        for folder in sorted(root.iterdir())
        if folder.is_dir() and not folder.name.startswith(".")  # Those are not whole yet.
    ]


_lock = threading.Lock()
_catalogue: dict[str, list[Checkpoint]] | None = None  # By key, the version that is used first.


def _installed(*, refresh: bool = False) -> dict[str, list[Checkpoint]]:
    global _catalogue
    with _lock:
        if _catalogue is None or refresh:
            found: dict[str, list[Checkpoint]] = {}
            for folder in folders():
                checkpoint = read_checkpoint(folder)
                found.setdefault(checkpoint.key, []).append(checkpoint)
            # A broken folder never comes before a usable one; of equal versions the shipped one is
            # used, as it was read first.
            _catalogue = {
                key: sorted(several, key=lambda one: (one.is_available, one.version), reverse=True)
                for key, several in found.items()
            }
        return _catalogue


def catalogue(*, refresh: bool = False) -> dict[str, Checkpoint]:
    """Every species by key, each in its highest usable version; read once per process."""
    return {key: several[0] for key, several in _installed(refresh=refresh).items()}


def versions(key: str) -> list[Checkpoint]:
    """All installed versions of a species, broken folders too.

    The version that is used by default comes first, then the others from new to old.
    """
    return list(_installed().get(key, []))


def medium_of(key: str) -> str:
    """What a species makes: "picture" or "music"; empty when it is not installed."""
    checkpoint = catalogue().get(key)
    return str(checkpoint.card.get("medium", "")) if checkpoint else ""


def find(key: str, *, digest: str = "") -> Checkpoint:
    """The usable checkpoint of a species: with that digest, or else its highest version.

    Raises Refused when the species is unknown or unavailable, and when that version of it is not
    installed.
    """
    several = versions(key)
    if not several:
        raise Refused("The species “{key}” is not installed here.", key=key[:40])
    current = several[0]
    if current.problem:
        raise Refused(
            "The species “{key}” is unavailable: {problem}", key=key[:40], problem=current.problem
        )
    for checkpoint in several:
        if checkpoint.is_available and digest in ("", checkpoint.digest):
            return checkpoint
    raise Refused(
        "This work was made by another version of the species “{card}” ({digest}) than the one"
        " installed here ({digest_2}); install that version's checkpoint folder to use it.",
        card=current.card["name"],
        digest=digest[:12],
        digest_2=current.digest[:12],
    )
