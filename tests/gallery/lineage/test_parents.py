"""Finding parents by name, and surprises."""

import json
import shutil

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.lineage.parents import find_parents, surprise
from gallery.models import Species, State, Visibility
from gallery.species.actions import sync_species
from generation import checkpoints
from generation.breeding import sample
from generation.refusal import Refused
from tests.factories import make_artwork, make_species, make_user

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def test_works_of_an_older_version_breed_among_themselves_and_surprise_nobody(
    tmp_path, monkeypatch
):
    olds = [make_artwork(), make_artwork()]
    folder = shutil.copytree(checkpoints.find("patterns").folder, tmp_path / "next")
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"version": 2}))
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    sync_species()
    new = make_artwork()
    assert len(find_parents(new.author, [old.slug for old in olds])) == 2
    with pytest.raises(Refused, match="different versions"):
        find_parents(new.author, [olds[0].slug, new.slug])
    found = {name for seed in range(8) for name in surprise(new.author, seed=seed)}
    monkeypatch.delenv("ARBORETUM_CHECKPOINTS")
    checkpoints.catalogue(refresh=True)
    assert new.slug in found and not {old.slug for old in olds} & found


def test_parents_come_in_order_by_one_query(django_assert_num_queries):
    works = [make_artwork() for _ in range(3)]
    names = [works[2].slug, "seed:patterns:5", works[0].slug]
    with django_assert_num_queries(1):
        found = find_parents(VISITOR, names)
        assert [parent.artwork and parent.artwork.author.name for parent in found]
        assert found[0].artwork.alt
    assert [parent.reference for parent in found] == names
    assert found[1].artwork is None and found[1].genome == sample("patterns", seed=5)
    assert found[0].genome == works[2].read_genome()


@pytest.mark.parametrize(
    "name",
    [
        "seed:patterns:",
        "seed:patterns:x",
        "seed:patterns:-1",
        "seed:patterns:9007199254740992",
        "seed:patterns",
        "seed:",
        "seed:unicorns:1",
        "seed:patterns:٣",
    ],
)
def test_impossible_seeds_are_refused(name):
    with pytest.raises(Refused):
        find_parents(VISITOR, [name])


def test_more_than_sixteen_are_refused():
    with pytest.raises(Refused, match="at most 16"):
        find_parents(VISITOR, [f"seed:patterns:{number}" for number in range(1000)])


def test_private_hidden_and_removed_works_are_refused_like_unknown_ones():
    hidden = [
        make_artwork(visibility=Visibility.PRIVATE),
        make_artwork(state=State.HIDDEN),
        make_artwork(state=State.QUARANTINED),
        make_artwork(state=State.REMOVED),
    ]
    for name in ["nowhere", "Robert'); DROP TABLE", *(work.slug for work in hidden)]:
        with pytest.raises(Refused, match="doesn't exist, or you don't have access"):
            find_parents(VISITOR, [name])


def test_unlisted_works_are_found_by_their_name():
    work = make_artwork(visibility=Visibility.UNLISTED)
    assert find_parents(VISITOR, [work.slug])[0].artwork == work


def test_the_maker_may_breed_what_is_private_or_kept():
    for fields in (
        {"visibility": Visibility.PRIVATE},
        {"may_be_bred": False},
        {"state": State.RENDERING},
    ):
        work = make_artwork(**fields)
        assert find_parents(work.author, [work.slug])
        with pytest.raises(Refused):
            find_parents(make_user(), [work.slug])


def test_works_of_an_unavailable_species_or_another_version_are_refused():
    work = make_artwork()
    genome = work.genome | {"digest": "f" * 64}
    old = make_artwork(title="Old")
    type(old).objects.filter(pk=old.pk).update(genome=genome)
    with pytest.raises(Refused, match="version of its species that is not installed"):
        find_parents(VISITOR, [old.slug])
    Species.objects.update(is_available=False)
    with pytest.raises(Refused, match="unavailable"):
        find_parents(VISITOR, [work.slug])


def test_a_surprise_is_public_breedable_and_of_one_species():
    good = {make_artwork().slug for _ in range(3)}
    (
        make_artwork(visibility=Visibility.UNLISTED),
        make_artwork(may_be_bred=False),
        make_artwork(state=State.HIDDEN),
    )
    for seed in range(8):
        names = surprise(VISITOR, count=2, seed=seed)
        assert len(set(names)) == 2 and set(names) <= good | {
            name for name in names if name.startswith("seed:")
        }
        assert len(find_parents(VISITOR, names)) == 2
    assert surprise(VISITOR, seed=1) == surprise(VISITOR, seed=1)


def test_an_empty_garden_surprises_with_fresh_seeds():
    make_species()
    names = surprise(VISITOR, count=2, seed=3)
    assert len(set(names)) == 2 and all(name.startswith("seed:patterns:") for name in names)


def test_without_any_species_a_surprise_says_what_to_do():
    with pytest.raises(Refused, match="sync_species"):
        surprise(VISITOR)
