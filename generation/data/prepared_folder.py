"""The folder of a prepared set, which appears whole or not at all.

It never takes the place of anything but an older prepared set.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generation.locks import lock
from generation.refusal import Refused

# Every prepared set has these; a folder without them is somebody's own.
REQUIRED_FILES = ("pictures.npy", "card.json")
LOCK = "lock"


def set_name(source: str) -> str:
    """Return the name of the set that a known name, a folder or a file becomes.

    It is what the source is called, in letters, digits, dots and dashes, so that it can be typed,
    printed and stored. Raises Refused where nothing is left of it.
    """
    place = Path(source)
    called = place.resolve().name if place.is_dir() else place.stem
    name = re.sub(r"[^\w.]+", "-", called).strip("-.")
    if not name:
        raise Refused(
            "“{source}” gives the set no name. Say with --to where it shall go.",
            source=printable(source),
        )
    return name


def printable(name: str) -> str:
    """Return a file's name that can be printed and stored.

    Bytes that are no text become question marks.
    """
    return " ".join(name.encode("utf-8", "replace").decode("utf-8").split())


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder to be filled.

    It lies beside the target and takes the target's place when the block ends well. Raises Refused
    when the target holds something else than a prepared set, when another process is preparing it,
    and when the disk is full or may not be written. Whatever happens, no half of a set is left.
    """
    if (target.exists() or target.is_symlink()) and not is_replaceable(target):
        raise Refused(
            "{target} is there already and is no prepared set, so nothing is put in its place. Name"
            " another place with --to.",
            target=printable(str(target)),
        )
    work = target.with_name(target.name + ".partial")
    try:
        work.mkdir(parents=True, exist_ok=True)
        with (work / LOCK).open("a+b") as file:
            if not lock(file):
                raise Refused(
                    "Another process is preparing {target}. Wait until it is done, or name another"
                    " place with --to.",
                    target=printable(str(target)),
                )
            try:
                _clear(work)  # What a killed process left.
                yield work
                shutil.rmtree(target, ignore_errors=True)
                work.replace(target)
                (target / LOCK).unlink()
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise Refused(
            "{target} could not be written ({reason}). Make room there, or name another place with"
            " --to.",
            target=printable(str(target)),
            reason=error.strerror or error,
        ) from error


def is_replaceable(target: Path) -> bool:
    """Tell whether the target is a prepared set or an empty folder."""
    if target.is_symlink() or not target.is_dir() or target.name in ("", ".."):
        return False
    return all((target / name).is_file() for name in REQUIRED_FILES) or not any(target.iterdir())


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name == LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
