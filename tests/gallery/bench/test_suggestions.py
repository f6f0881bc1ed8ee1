"""What the publish form suggests where a view's test does not reach: tunes, and odd titles."""

import json

import pytest

from gallery import studio
from gallery.bench.suggestions import suggest
from gallery.lineage.parents import Parent
from generation.engine.frames import NOTES, Frame
from tests.factories import make_artwork, make_genome, make_species
from tests.squares import make_engine

pytestmark = pytest.mark.django_db
SONG = {"bpm": 96.2, "key": "Bb dorian", "style": "lofi"}


def parent_of(title: str, **fields) -> Parent:
    work = make_artwork(title=title, **fields)
    return Parent(work.slug, work.read_genome(), work, title)


def titles(*names: str) -> tuple[str, ...]:
    parents = [(parent_of(name), 1 / len(names)) for name in names]
    return suggest(make_genome(), parents, owner="user:1").titles


def test_titles_are_joined_from_two_and_never_a_parents_own(squares_engine):
    assert titles("Apricot Nautilus", "Peony Periwinkle")[0] == "Apricot Periwinkle"
    assert titles("The Long Acre", "Paper Cranes")[0] == "The Long Cranes"
    assert titles("Moss", "Fern")[0] == "Moss and Fern"
    assert titles("Red Moss", "Red Moss")[0] != "Red Moss"
    assert all(len(title) <= 120 for title in titles("M" * 119, "F" * 119))
    assert titles()  # Founders alone have no titles to give.


def test_a_tune_is_described_by_its_style_key_and_tempo():
    notes = Frame(json.dumps(SONG).encode(), NOTES, 0, 0, 0.0)
    studio.use_engine(make_engine(render_batch=lambda key, genomes, _: [notes] * len(genomes)))
    make_species("tunes", medium="music")
    child = make_genome(generator="tunes")
    parents = [(parent_of("Reed", tags=["tune"], genome=child), 1.0)]
    suggested = suggest(child, parents, owner="user:1")
    assert suggested.alt_text == (
        "A tune, drawn as a piano roll: Lo-fi, B♭ dorian, 96 beats a minute. Bred from “Reed”."
    )
    assert suggested.tags == ("tune",)  # The species, Tunes, would say the same again.
    studio.use_engine(None)
