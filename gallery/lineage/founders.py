"""Founders: how one grows from its reference, and how new ones are sown by chance.

A reference always means the same founder. Where nobody asked for one by its number, a number is
drawn whose founder looks like none of the last ones of its species, so that newcomers do not meet
the same picture twice.
"""

import secrets
from functools import lru_cache

import numpy as np
from django.core.cache import cache

from gallery.lineage.references import Founder
from generation.breeding import FIRST_FRESH, FRESH_COUNT, sample
from generation.genespaces import species
from generation.genespaces.looks import NEAR, HasLooks
from generation.genome import Genome

REMEMBERED = 200  # Founders of a species whose looks new ones are compared with.
TRIES = 4  # Founders that are drawn for one; the one that differs most is taken.


@lru_cache(maxsize=256)
def grow_founder(founder: Founder, digest: str, graft: Genome | None) -> Genome:
    """The genome of a founder. graft: what it is painted over.

    Cached, because sampling one takes tens of milliseconds; `digest` makes a new version of the
    species miss the cache.
    """
    return sample(
        founder.key,
        seed=founder.number,
        words=founder.words,
        avoided=founder.avoided,
        graft=graft,
    )


def sow(key: str) -> Founder:
    """A founder by chance, unlike the last ones of its species that were sown.

    They are kept in the cache: where several processes share none, each knows its own. Of a species
    that cannot tell how its works look without painting them, the first one is taken. Raises
    Refused when the species is not installed or unavailable.
    """
    kind = species(key)
    if not isinstance(kind.space, HasLooks):
        return _drawn(key)
    # Looks are only compared with those that were made in the same way.
    place = f"sown:{key}:{kind.digest}:{FIRST_FRESH}"
    known: np.ndarray | None = cache.get(place)
    drawn: list[tuple[float, Founder, np.ndarray]] = []
    while len(drawn) < TRIES and not (drawn and drawn[-1][0] >= NEAR):
        founder = _drawn(key)
        look = kind.space.look(grow_founder(founder, kind.digest, None).genes)
        drawn.append((_apart(look, known), founder, look))
    _, founder, look = max(drawn, key=lambda one: one[0])
    row = look.astype(np.float16)[None]
    kept = row if known is None else np.concatenate([known, row])[-REMEMBERED:]
    cache.set(place, kept, timeout=None)
    return founder


def _apart(look: np.ndarray, known: np.ndarray | None) -> float:
    """The distance of a look to the nearest known one."""
    if known is None:
        return NEAR
    return float(np.linalg.norm(known.astype(np.float32) - look, axis=1).min())


def _drawn(key: str) -> Founder:
    return Founder(key, FIRST_FRESH + secrets.randbelow(FRESH_COUNT))
