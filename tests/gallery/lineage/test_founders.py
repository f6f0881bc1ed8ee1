"""Founders sown by chance: unlike the last ones, each again the same by its reference."""

import numpy as np
import pytest
from django.core.cache import cache

from gallery.lineage import founders
from gallery.lineage.founders import grow_founder, sow
from gallery.lineage.references import read_founder
from generation.breeding import FIRST_FRESH, sample
from generation.genespaces import species
from generation.genespaces.looks import NEAR
from generation.refusal import Refused

KIND = species("patterns")
PLACE = f"sown:patterns:{KIND.digest}:{FIRST_FRESH}"


@pytest.fixture(autouse=True)
def nothing_sown():
    cache.delete(PLACE)
    yield
    cache.delete(PLACE)


def look_of(founder) -> np.ndarray:
    return KIND.space.look(grow_founder(founder, KIND.digest, None).genes)


def test_a_founder_is_remembered_by_its_look_and_grows_again_from_its_reference():
    founder = sow("patterns")
    assert founder.number >= FIRST_FRESH
    assert np.allclose(cache.get(PLACE)[0], look_of(founder), atol=2e-3)
    again = read_founder(str(founder))
    assert sample("patterns", seed=again.number) == grow_founder(founder, KIND.digest, None)


def test_one_too_near_to_the_last_is_drawn_again_and_the_farthest_taken(monkeypatch):
    numbers = [FIRST_FRESH + number for number in range(founders.TRIES)]
    looks = [look_of(read_founder(f"seed:patterns:{number}")) for number in numbers]
    drawn = iter([0, 0, 1, *range(founders.TRIES)])
    monkeypatch.setattr(founders.secrets, "randbelow", lambda most: next(drawn))
    assert sow("patterns").number == numbers[0]
    assert np.linalg.norm(looks[0] - looks[1]) >= NEAR
    assert sow("patterns").number == numbers[1]
    # Where all are near, it ends all the same.
    cache.set(PLACE, np.stack(looks).astype(np.float16))
    assert sow("patterns").number in numbers


def test_no_more_than_the_last_two_hundred_are_remembered():
    far = np.full((founders.REMEMBERED, len(look_of(sow("patterns")))), 9, np.float16)
    cache.set(PLACE, far)
    sow("patterns")
    assert cache.get(PLACE).shape == far.shape
    assert not np.array_equal(cache.get(PLACE)[-1], far[-1])


def test_founders_of_every_shipped_species_can_be_sown():
    for key in ("people", "tunes"):
        assert sow(key).key == key
    with pytest.raises(Refused, match="not installed"):
        sow("unicorns")
