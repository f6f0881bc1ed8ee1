"""Checkpoints: the installed species, each a folder whose content is verified by SHA-256.

A folder holds card.json (`generation.card`), and the files that the card lists, or else the card
names their `source` elsewhere on the disk. The catalogue lists every folder it finds, broken ones
too: a damaged species is shown as unavailable, and the site runs on. Several folders may hold
versions of one species: the highest is bred from, the others keep their works renderable.
"""

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from generation.card import KEY, PICKLES, WEIGHTS, Terms, files_of, problem_of, terms_of
from generation.digests import sha256_of
from generation.genome import canonical_json
from generation.refusal import Refused
from generation.words import word

SHIPPED = Path(__file__).parent / "checkpoints"
MAX_PROBLEMS = 3  # Sentences about one folder; the rest is read once these are mended.


@dataclass(frozen=True)
class Checkpoint:
    """One version of a species on disk.

    digest: identifies its exact content. problem: a sentence that says why it cannot be used, or
    empty. files: what the card lists, relative name -> SHA-256.
    """

    key: str
    folder: Path
    card: Mapping[str, Any]
    digest: str
    problem: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        """Where a file is that the card lists."""
        return place_of(self.folder, self.card, name)

    @property
    def weights(self) -> Path:
        return self.path(WEIGHTS)

    @property
    def sizes(self) -> dict[str, int]:
        """The size in bytes of each file that is there, by its name."""
        return {
            name: path.stat().st_size for name in self.files if (path := self.path(name)).is_file()
        }

    @cached_property
    def terms(self) -> Terms:
        return terms_of(self.card)

    @property
    def is_available(self) -> bool:
        return not self.problem

    @property
    def version(self) -> int:
        """The number on the card; 0 where there is none."""
        number = self.card.get("version")
        return number if isinstance(number, int) and not isinstance(number, bool) else 0


def place_of(folder: Path, card: Mapping[str, Any], name: str) -> Path:
    """Where a listed file is: in the checkpoint's folder, or else in the card's source.

    A source that is one file is the one that the folder lacks, whatever the card calls it.
    """
    own = folder / name
    source = card.get("source")
    if not source or own.exists():
        return own
    return Path(source) if Path(source).is_file() else Path(source) / name


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read and verify one folder.

    It never raises: what is wrong with a damaged folder stands in the checkpoint's `problem`.
    """
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        card = None
    if problem := problem_of(card):
        card = card if isinstance(card, dict) else {}
        key = str(card.get("key"))
        return Checkpoint(
            key if "key" in card and KEY.fullmatch(key) else folder.name, folder, card, "", problem
        )
    files = files_of(card)
    problems = [*_pickles(folder, card), *_damages(folder, card, files)]
    return Checkpoint(
        card["key"],
        folder,
        card,
        "" if problems else _digest_of(card, files),
        " ".join(problems[:MAX_PROBLEMS]),
        files,
    )


def _digest_of(card: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """The digest covers what determines a picture, and not the wording of the card."""
    essence = {"architecture": card["architecture"], "version": card["version"]}
    # Genomes carry the digests of nets of one file as they were before there could be several.
    essence |= {"weights": files.get(WEIGHTS, "")} if set(files) <= {WEIGHTS} else {"files": files}
    return hashlib.sha256(canonical_json(essence).encode()).hexdigest()


def _damages(folder: Path, card: Mapping[str, Any], files: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each listed file that is not what the card says."""
    source = Path(card.get("source") or folder)
    if not source.exists():
        yield word("The folder or file that its card.json names as “source” is missing.")
        return
    if source.is_file() and sum(not (folder / name).exists() for name in files) > 1:
        yield word("The “source” in its card.json is one file, but its folder lacks several.")
        return
    for name, expected in files.items():
        path = place_of(folder, card, name)
        shown = "weights file" if name == WEIGHTS else f"file “{name[:80]}”"
        root = folder if (folder / name).exists() else source
        try:
            if not path.is_file():
                yield f"Its {shown} is missing."
            elif not path.resolve().is_relative_to(root.resolve()):
                yield f"Its {shown} is a link that leads out of its folder."
            elif sha256_of(path) != expected:
                yield f"Its {shown} is damaged: its SHA-256 is not the card's."
        except OSError as error:
            yield f"Its {shown} cannot be read ({error.strerror})."


def _pickles(folder: Path, card: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each pickle beside the files: a library might load it unasked."""
    roots = [folder, *([Path(card["source"])] if card.get("source") else [])]
    for root in roots:
        for path in sorted(
            path for path in root.rglob("*") if path.suffix.lower() in PICKLES and path.is_file()
        ):
            yield (
                f"“{path.relative_to(root).as_posix()[:80]}” in its folder is a pickle, which can"
                " run code: delete it, or convert it to .safetensors."
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
_cards: dict[Path, int] = {}  # When each card of the catalogue was written.


def _written_cards() -> dict[Path, int]:
    """When the card of each installed checkpoint was written, in nanoseconds."""
    cards = [folder / "card.json" for folder in folders()]
    return {card: card.stat().st_mtime_ns for card in cards if card.is_file()}


def _installed(*, refresh: bool = False) -> dict[str, list[Checkpoint]]:
    global _catalogue, _cards
    with _lock:
        if _catalogue is None or refresh:
            _cards = _written_cards()
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
    return _versions(key)


def _versions(key: str, *, digest: str = "") -> list[Checkpoint]:
    """The versions of a species; where it or the one with that digest is missing, looked up again.

    Species are added while other processes of the site run, such as the one that renders.
    """
    found = _installed().get(key, [])
    is_known = any(digest in ("", one.digest) for one in found)
    if not is_known and _written_cards() != _cards:
        found = _installed(refresh=True).get(key, [])
    return list(found)


def current(key: str) -> Checkpoint | None:
    """A species in its highest usable version; None where it is not installed."""
    return next(iter(versions(key)), None)


def medium_of(key: str) -> str:
    """What a species makes: "picture" or "music"; empty when it is not installed."""
    return _on_card(key, "medium")


def architecture_of(key: str) -> str:
    """How a species makes its works, as its card says; empty when it is not installed."""
    return _on_card(key, "architecture")


def _on_card(key: str, name: str) -> str:
    checkpoint = current(key)
    return str(checkpoint.card.get(name, "")) if checkpoint else ""


def largest_batch(key: str, *, digest: str) -> int | None:
    """How many works that version of a species makes at once at most; None without a limit."""
    for checkpoint in versions(key):
        if checkpoint.digest == digest:
            return checkpoint.terms.largest_batch
    return None


def find(key: str, *, digest: str = "") -> Checkpoint:
    """The usable checkpoint of a species: with that digest, or else its highest version.

    Raises Refused when the species is unknown or unavailable, and when that version of it is not
    installed.
    """
    several = _versions(key, digest=digest)
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
