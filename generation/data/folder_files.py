"""The files of a folder of one's own data, at any depth, through links as well."""

from collections.abc import Iterator, Sequence
from pathlib import Path


def files_in(folder: Path, *, endings: Sequence[str] = ()) -> Iterator[tuple[Path, str]]:
    """Yield every file, in the order of the names, and why it is left out ("" if it is not).

    endings: of names, in small letters; files with others are left out. Empty means that all count.

    Links to files are followed, because caches of downloads, such as Hugging Face's, keep them
    elsewhere; a file that is there twice is yielded with its reason the second time. Links to
    folders are not followed: they may lead round in a circle.
    """
    seen: set[tuple[int, int]] = set()
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_dir():
                if path.is_symlink():
                    yield path, "a link to a folder"
                continue
            status = path.stat()
            problem = "" if path.is_file() else "not a file"
            if endings and path.suffix.lower() not in endings:
                yield path, f"of another kind ({path.suffix.lower()[:12] or 'no ending'})"
                continue
        except OSError:
            yield path, "a link that leads nowhere" if path.is_symlink() else "may not be read"
            continue
        if not problem and (status.st_dev, status.st_ino) in seen:
            problem = "the same file once more"
        seen.add((status.st_dev, status.st_ino))
        yield path, problem
