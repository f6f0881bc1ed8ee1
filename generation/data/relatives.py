"""Which pictures of a set are nearly alike: copies, and relatives such as frames of an animation.

A net is measured on held-out pictures. It has seen one that is nearly like a picture it learnt
from, so relatives stay on one side.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
from PIL import Image

HASH_EDGE = 16
# Of a copy: differing bits of 256, and the mean difference of 8x8 thumbnails, of 255.
COPY_BITS, COPY_COLOUR = 4, 4.0
# Of a relative: the share of differing bits in those that are set in either, and the same mean.
RELATED_SHARE, RELATED_COLOUR = 0.3, 20.0
# Of pictures with numbers behind one name: frames of an animation have colours in common.
FRAME_COLOUR = 32.0
HELD_OUT = 128  # Pictures at most that are never learnt from.


def held_out_of(count: int) -> int:
    """How many of so many pictures are held out."""
    return min(HELD_OUT, count // 8)


def difference_hash(picture: np.ndarray) -> np.ndarray:
    """Return a hash of 256 bits, uint64 [4].

    A bit says whether a cell of a 16x17 grey thumbnail is brighter than its left neighbour.
    """
    grey = (
        Image.fromarray(picture)
        .convert("L")
        .resize((HASH_EDGE + 1, HASH_EDGE), Image.Resampling.BOX)
    )
    values = np.asarray(grey, dtype=np.int16)
    # A margin of 2 keeps noise in flat areas from deciding bits.
    return np.packbits(values[:, 1:] > values[:, :-1] + 2).view(np.uint64)


def thumbnail(picture: np.ndarray) -> np.ndarray:
    """Return the colours of an 8x8 thumbnail, int16 [192]."""
    small = Image.fromarray(picture).resize((8, 8), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.int16).reshape(-1)


class Relatives:
    """Remembers pictures, and which of them belong to one family.

    Every new hash is compared with all earlier ones: 100,000 of them take half a millisecond.
    `names` are those of the remembered pictures.
    """

    def __init__(self, *, has_families: bool = True, has_fine_differences: bool = False) -> None:
        """Begin without pictures.

        has_families: without them only copies are found, each picture is its own family.
        has_fine_differences: only pictures of the same pixels are copies.
        """
        self.has_families, self.has_fine_differences = has_families, has_fine_differences
        self._same: dict[bytes, str] = {}
        self._first_of: dict[str, int] = {}  # The place of the first picture of each family.
        self.names: list[str] = []
        self._hashes = np.zeros((1024, HASH_EDGE * HASH_EDGE // 64), dtype=np.uint64)
        self._thumbnails = np.zeros((1024, 192), dtype=np.int16)
        self._families = np.zeros(1024, dtype=np.int64)

    def add(self, picture: np.ndarray, name: str, *, family: str = "") -> str | None:
        """Remember a picture, or return the name of an earlier one that it is a copy of.

        A copy is nearly the same both in shape and in colour. family: pictures of the same one
        belong together, however different they look.
        """
        if self.has_fine_differences:
            pixels = hashlib.blake2b(picture.tobytes(), digest_size=16).digest()
            if (known := self._same.setdefault(pixels, name)) != name:
                return known
        code, colours, count = difference_hash(picture), thumbnail(picture), len(self.names)
        bits = np.bitwise_count(self._hashes[:count] ^ code).sum(1)
        most = np.full(count, COPY_BITS, dtype=np.float64)
        if self.has_families:
            either = np.bitwise_count(self._hashes[:count] | code).sum(1)
            most = np.maximum(most, RELATED_SHARE * either)
        near = np.flatnonzero(bits <= most)
        difference = np.abs(self._thumbnails[near] - colours).mean(1)
        copies = near[(bits[near] <= COPY_BITS) & (difference < COPY_COLOUR)]
        if len(copies) and not self.has_fine_differences:
            return self.names[copies[0]]
        self._remember(code, colours, name)
        if self.has_families:
            self._unite(near[difference < RELATED_COLOUR], count)
            if family:
                self._unite(np.array([self._first_of.setdefault(family, count)]), count)
        return None

    def _remember(self, code: np.ndarray, colours: np.ndarray, name: str) -> None:
        count = len(self.names)
        if count == len(self._hashes):
            for field in ("_hashes", "_thumbnails", "_families"):
                held = getattr(self, field)
                setattr(self, field, np.concatenate([held, np.zeros_like(held)]))
        self._hashes[count], self._thumbnails[count] = code, colours
        self._families[count] = count
        self.names.append(name)

    def _unite(self, members: np.ndarray, other: int) -> None:
        """Make one family of those of some pictures and that of another."""
        families = self._families[: len(self.names)]
        for family in np.unique(families[members]):
            families[families == family] = families[other]

    def families(self) -> np.ndarray:
        """Return a number for each picture, equal for those of one family, int64 [count].

        Frames of an animation belong together, too: pictures with numbers behind one name that
        follow each other and have colours in common.
        """
        for frames in _numbered(self.names) if self.has_families else []:
            for one, following in zip(frames, frames[1:], strict=False):
                difference = np.abs(self._thumbnails[one] - self._thumbnails[following]).mean()
                if difference < FRAME_COLOUR:
                    self._unite(np.array([one]), following)
        return self._families[: len(self.names)].copy()


def _numbered(names: Sequence[str]) -> list[list[int]]:
    """Return the places of pictures that are numbered behind one name, in order.

    A name that more than half of all pictures have is that of the set, and says nothing.
    """
    groups: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for place, name in enumerate(names):
        path = PurePath(name)
        found = re.fullmatch(r"(.*?)[\W_]*?(?:frame|f)?(\d+)\W*", path.stem, re.IGNORECASE)
        if found:
            groups[str(path.parent), found[1].rstrip(" _-.(")].append((int(found[2]), place))
    return [
        [place for _, place in sorted(group)]
        for group in groups.values()
        if 2 <= len(group) <= len(names) // 2
    ]


def interleave_classes(labels: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Return an order in which every stretch has each class in its share of the whole."""
    rng = np.random.default_rng(seed)
    places = np.zeros(len(labels))
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        # Members of a class stand at even distances, at a random phase.
        places[members] = (np.arange(len(members)) + rng.random()) / len(members)
    return np.argsort(places, kind="stable")


def arrange(labels: np.ndarray, families: np.ndarray) -> tuple[np.ndarray, int]:
    """Return an order of all pictures, and how many at its end are to be held out.

    Every stretch has each class in its share of the whole, and no family stands on both sides. The
    number is 0 where every family is too large to be held out.
    """
    order = interleave_classes(labels)
    sizes = np.bincount(families, minlength=len(families))
    room = held_out_of(len(order))
    is_held_out = np.zeros(len(order), dtype=bool)
    # Large families only where small ones do not suffice, lest one decides about all figures.
    for largest in (max(1, room // 8), room):
        for place in order[::-1]:
            family = families[place]
            if not is_held_out[place] and sizes[family] <= min(largest, room):
                is_held_out[families == family] = True
                room -= sizes[family]
    return np.concatenate([order[~is_held_out[order]], order[is_held_out[order]]]), int(
        is_held_out.sum()
    )
