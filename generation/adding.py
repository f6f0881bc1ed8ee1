"""Adding a model that lies somewhere on the disk as a checkpoint, without copying its files.

Its files are linked into the checkpoint's folder (a second name for the same bytes, so the model
may be moved or deleted where it came from); where the disk can't do that, the card points to them.
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generation.card import PICKLES, WEIGHTS, problem_of
from generation.checkpoints import Checkpoint, read_checkpoint
from generation.digests import sha256_of
from generation.refusal import Refused


def add_checkpoint(card: Mapping[str, Any], *, source: Path, root: Path) -> Checkpoint:
    """Make the folder of a species in `root` from a card and the model at `source`.

    source: a folder, all of whose files but pickles and hidden ones are listed, or one file, which
    becomes the weights. What the card itself says about files is replaced. Raises Refused for a
    card with a problem, a missing or empty source, a folder that is there already, and for what
    would be no sound checkpoint; then nothing is left behind.
    """
    source = source.expanduser().absolute()
    found = _files_at(source)
    said = {name: value for name, value in card.items() if name not in ("weights_sha256", "source")}
    said["files"] = {name: sha256_of(path) for name, path in found.items()}
    if problem := problem_of(said):
        raise Refused("The model was not added. {problem}", problem=problem)
    folder = root / said["key"]
    if folder.exists():
        raise Refused(
            "{folder} is there already. Name another folder with --to, or remove it first.",
            folder=folder,
        )
    folder.mkdir(parents=True)
    try:
        if not _link_all(found, folder):
            said["source"] = str(source)
        text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
        (folder / "card.json").write_text(text, encoding="utf-8")
        checkpoint = read_checkpoint(folder)
        if checkpoint.problem:
            raise Refused("The model was not added. {problem}", problem=checkpoint.problem)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return checkpoint


def _files_at(source: Path) -> dict[str, Path]:
    """The files of a model, by their names in the checkpoint."""
    if source.is_file():
        return {WEIGHTS: source}
    found = {
        path.relative_to(source).as_posix(): path
        for path in sorted(source.rglob("*"))
        if path.is_file()
        and path.suffix.lower() not in PICKLES
        and not any(part.startswith(".") for part in path.relative_to(source).parts)
    }
    if not found:
        raise Refused("{source} holds no files of a model.", source=source)
    # The card of the checkpoint itself has this name.
    return {name: path for name, path in found.items() if name != "card.json"}


def _link_all(files: Mapping[str, Path], folder: Path) -> bool:
    """Give every file a second name in the folder; False, and none, where the disk can't."""
    linked: list[Path] = []
    try:
        for name, path in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            # What a link leads to is linked, so that no link leaves the folder.
            os.link(path.resolve(), target)
            linked.append(target)
    except OSError:
        for target in linked:
            target.unlink()
        return False
    return True
