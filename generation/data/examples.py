"""The pictures of a folder or a ZIP file of one's own, with their captions, not yet decoded."""

import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from generation.data.folder_files import files_in
from generation.data.picture_cleaning import MAX_FILE_BYTES, TOO_HEAVY
from generation.data.prepared_folder import printable
from generation.refusal import Refused

MAX_CAPTION_BYTES = 2_000


@dataclass(frozen=True)
class Example:
    """One found picture.

    content: an encoded file, or a finished array. label: its class, 0 when there are none. problem:
    why it cannot be read, where that was seen before it was decoded. caption: what it shows.
    family: pictures with the same one are relatives, however different they look.
    """

    name: str
    content: bytes | np.ndarray
    label: int = 0
    problem: str = ""
    caption: str = ""
    family: str = ""


def examples_in(place: Path) -> Iterator[Example]:
    """Yield every file in a folder (and below) or in a ZIP, in the order of their names.

    What is no picture is dropped later, but a text of a picture's name is its caption.
    """
    found = _examples_in_folder(place) if place.is_dir() else _examples_in_zip(place)
    for _, group in groupby(found, key=lambda example: os.path.splitext(example.name)[0]):
        files = list(group)
        texts = [one for one in files if one.name.lower().endswith(".txt")]
        if len(texts) == len(files):
            yield from texts
            continue
        caption = _caption_of(texts[0]) if texts else ""
        yield from (replace(one, caption=caption) for one in files if one not in texts)


def _caption_of(text: Example) -> str:
    content = text.content if isinstance(text.content, bytes) else b""
    return " ".join(content[:MAX_CAPTION_BYTES].decode("utf-8", "ignore").split())


def _examples_in_folder(place: Path) -> Iterator[Example]:
    for path, problem in files_in(place):
        name = str(path.relative_to(place))
        if problem:
            yield Example(name, b"", problem=problem)
            continue
        try:
            with path.open("rb") as file:
                yield Example(name, file.read(MAX_FILE_BYTES + 1))
        except OSError:
            yield Example(name, b"", problem="may not be read")


def _examples_in_zip(place: Path) -> Iterator[Example]:
    """Yield every member of a ZIP.

    Nothing is unpacked onto the disk, so names that lead elsewhere lead nowhere.
    """
    try:
        archive = zipfile.ZipFile(place)
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused(
            "“{place}” is neither a folder nor a whole ZIP file of pictures. Fetch it again, or"
            " unpack it and name the folder.",
            place=printable(str(place)),
        ) from error
    with archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                raise Refused(
                    "“{place}” is locked by a password. Unpack it yourself and name the folder.",
                    place=printable(str(place)),
                )
            yield _read_member(archive, info)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Example:
    """Read one file of a ZIP.

    No more of it is unpacked than it announces, and nothing of one that announces too much.
    """
    if info.file_size > MAX_FILE_BYTES:
        return Example(info.filename, b"", problem=TOO_HEAVY)
    try:
        return Example(info.filename, archive.read(info))
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError):
        return Example(info.filename, b"", problem="damaged in the ZIP file")
    except NotImplementedError:
        return Example(info.filename, b"", problem="packed in an unknown way")
