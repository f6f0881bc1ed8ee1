"""The works of the demo garden that were chosen by eye, and their titles in every language."""

from collections import Counter

import pytest
from django.conf import settings

from gallery.demo import load
from gallery.demo.beds import BEDS, CHOSEN_SEED, Bed, beds_for
from gallery.demo.people import GARDENERS
from gallery.demo.plan import grow_choice
from gallery.demo.words import GARMENTS
from gallery.lineage.bonds import allowed_licences
from gallery.models import Artwork
from generation.genome import Genome

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("bed", BEDS, ids=lambda bed: bed.species)
def test_chosen_works_descend_from_works_before_them_and_no_two_are_the_same(bed: Bed):
    grown: list[Genome] = []
    for choice in bed.chosen:
        assert all(parent < len(grown) for parent in choice.parents), choice.title
        grown.append(grow_choice(choice, bed.species, [grown[place] for place in choice.parents]))
    identities = Counter(genome.identity for genome in grown)
    assert identities.most_common(1)[0][1] == 1
    recipes = [(choice.seed, choice.parents, choice.recipe) for choice in bed.chosen]
    assert all(recipe not in recipes[:place] for place, recipe in enumerate(recipes))


@pytest.mark.parametrize("bed", BEDS, ids=lambda bed: bed.species)
def test_chosen_works_have_makers_licences_and_kinds_that_there_are(bed: Bed):
    makers = {person.username for person in GARDENERS}
    for choice in bed.chosen:
        assert choice.maker in makers and choice.kind in {"", *GARMENTS}, choice.title
        parents = [bed.chosen[place] for place in choice.parents]
        assert choice.licence in allowed_licences(
            [Artwork(title=parent.title, licence=parent.licence) for parent in parents]
        )
        assert 1 <= choice.seedling <= 12 if choice.recipe else choice.seed is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chosen_work_has_a_title_of_its_own_in_every_language(language: str):
    titles = [row["title"] for rows in load("chosen", language).values() for row in rows]
    titles += [title for row in load("tunes", language)["titles"].values() for title in row]
    assert [title for title, count in Counter(titles).items() if count > 1] == []
    if language != "en":
        assert [title for title in titles if title.isascii()] == []


def test_another_garden_grows_works_of_its_own():
    assert all(bed.works == len(bed.chosen) for bed in beds_for(CHOSEN_SEED, BEDS))
    for bed in beds_for(CHOSEN_SEED + 1, BEDS):
        assert not bed.chosen and bed.works == bed.founders + sum(bed.generations)
