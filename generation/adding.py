"""Adding a model that lies somewhere on the disk as a checkpoint, without copying its files.

Its files are linked into the checkpoint's folder (a second name for the same bytes, so the model
may be moved or deleted where it came from); where the disk can't do that, the card points to them.
All is made in a hidden folder beside the species, which becomes one of them at the end.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generation.card import PICKLES, WEIGHTS, problem_of
from generation.checkpoints import Checkpoint, read_checkpoint
from generation.digests import sha256_of
from generation.refusal import Refused


def add_checkpoint(
    card: Mapping[str, Any],
    *,
    source: Path,
    root: Path,
    files: Mapping[str, Path] | None = None,
    own: Mapping[str, Path] | None = None,
    finish: Callable[[Checkpoint], Mapping[str, Any]] = lambda checkpoint: {},
) -> Checkpoint:
    """Make the folder of a species in `root` from a card and the model at `source`.

    source: a folder, or one file. files: what the card is to list, name -> path at the source; None
    takes all files of a folder but pickles and hidden ones, and calls one file the weights. own:
    files from elsewhere, which are copied where they cannot be linked. finish: called with the
    finished checkpoint before it becomes a species; it may write more into the folder, and returns
    what the card is to say besides. What the card itself says about files is replaced.

    Raises Refused for a card with a problem, a missing or empty source, a folder that is there
    already, and for what would be no sound checkpoint; whatever is raised, nothing is left behind.
    """
    source = source.expanduser().absolute()
    found = _files_at(source) if files is None else dict(files)
    own = dict(own or {})
    said = {name: value for name, value in card.items() if name not in ("weights_sha256", "source")}
    said["files"] = {name: sha256_of(path) for name, path in (found | own).items()}
    if problem := problem_of(said):
        raise Refused("The model was not added. {problem}", problem=problem)
    if (root / said["key"]).exists():
        raise Refused(
            "{folder} is there already. Name another folder with --to, or remove it first.",
            folder=root / said["key"],
        )
    with unfinished(root) as folder:
        stay = [name for name, path in found.items() if not _link(path, folder / name)]
        for name, path in own.items():
            if not _link(path, folder / name):
                shutil.copy(path, folder / name)
        if stay:
            said["source"] = str(source)
        _write_card(folder, said)
        checkpoint = read_checkpoint(folder)
        if checkpoint.problem:
            raise Refused("The model was not added. {problem}", problem=checkpoint.problem)
        _write_card(folder, said | dict(finish(checkpoint)))
        folder.rename(root / said["key"])
    return read_checkpoint(root / said["key"])


def _write_card(folder: Path, card: Mapping[str, Any]) -> None:
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    (folder / "card.json").write_text(text, encoding="utf-8")


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


@contextmanager
def unfinished(root: Path) -> Iterator[Path]:
    """A hidden folder that is gone afterwards, unless it was renamed."""
    is_new = not root.exists()
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".adding-", dir=root))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if is_new and not any(root.iterdir()):
            root.rmdir()


def _link(path: Path, place: Path) -> bool:
    """Give a file a second name in the folder; False where the disk does not allow that."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        # What a link leads to is linked, so that no link leaves the folder.
        os.link(path.resolve(), place)
    except OSError:
        return False
    return True
