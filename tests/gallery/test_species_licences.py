"""The licence of a species binds its works wherever one gets its licence."""

import json
import shutil
from pathlib import Path

import pytest
from django.utils import translation

from gallery.archive.importing import import_works
from gallery.archive.reading import read_archive
from gallery.artworks.bulk import change_licence
from gallery.artworks.forms import EditForm, PublishForm
from gallery.artworks.publishing import edit_work, publish_child
from gallery.jobs.progress import report_context
from gallery.lineage.bonds import (
    allowed_by,
    allowed_licences,
    bonds_of_child,
    bonds_of_parents,
    nearest_licence,
    reasons,
)
from gallery.lineage.licences import NARROWER, TABLE
from gallery.lineage.parents import find_parents
from gallery.models import Artwork, Licence, User, Visibility
from gallery.species.actions import sync_species
from gallery.upload.actions import import_tune, music_species
from generation.card import WORKS
from generation.checkpoints import SHIPPED, catalogue, find
from generation.genome import Recipe
from generation.melodies.files import read_melody
from generation.pedigree import Pedigree, Step
from generation.refusal import Refused
from tests.factories import make_artwork, make_genome, make_user
from tests.gallery.api.test_writing import STEP, call
from tests.gallery.archive.accounts import empty_site, exported
from tests.generation.midi_examples import tune_midi

pytestmark = pytest.mark.django_db
ZERO, BY, SA, NC, ALL = Licence
NOT_SOLD = "Dreams may be used non-commercially only, so its works are too."


def install(folder: Path, licence: str = "CC BY-NC 4.0", *, name: str = "dreams", **card) -> str:
    """Install Patterns under this licence, as the species Dreams; its digest."""
    target = folder / name
    if not target.exists():
        shutil.copytree(SHIPPED / "patterns", target)
    text = json.loads((SHIPPED / "patterns" / "card.json").read_text())
    text |= {"key": "dreams", "name": "Dreams", "licence": licence} | card
    (target / "card.json").write_text(json.dumps(text))
    sync_species()
    return find("dreams").digest


def dream(author: User | None = None, **fields) -> Artwork:
    return make_artwork(author, genome=make_genome(generator="dreams"), **fields)


def publish(author: User, *roots: str, licence: str) -> Artwork:
    recipe = Recipe(weights=(1.0,) * len(roots), mutation_rate=0.2, seed=7)
    pedigree = Pedigree(roots, (Step(tuple(range(len(roots))), recipe),))
    return publish_child(
        author, pedigree=pedigree, title="Child", licence=licence, visibility=Visibility.PUBLIC
    )[0]


def test_licences_of_works_have_the_names_of_the_table():
    assert tuple(Licence.values) == WORKS


@pytest.mark.parametrize(
    ("licence", "allowed", "sentence"),
    [
        ("MIT", tuple(Licence), ""),
        ("CC BY-NC 4.0", (NC, ALL), NOT_SOLD),
        (
            "NVIDIA Source Code License",
            (NC, ALL),
            "Dreams may be used for research only, so its works may not be used commercially.",
        ),
        ("GPL-3.0", (SA,), "The licence of Dreams is ShareAlike, so its works are CC BY-SA."),
        (
            "ours",
            (ALL,),
            "What the licence of Dreams (ours) allows is not known here, so all rights in its works"
            " are reserved.",
        ),
    ],
)
def test_the_form_offers_what_the_species_allows_and_says_why(
    more_checkpoints, licence, allowed, sentence
):
    install(more_checkpoints, licence)
    author = make_user()
    form = PublishForm(parents=find_parents(author, ["seed:dreams:1"]), author=author)
    assert tuple(value for value, _ in form.fields["licence"].choices) == allowed
    assert form.fields["licence"].help_text == sentence
    assert form.fields["licence"].initial in allowed


def test_a_card_that_names_its_works_is_followed(more_checkpoints):
    install(more_checkpoints, works=["CC-BY-4.0", "CC-BY-NC-4.0"], licence="MIT")
    (bond,) = bonds_of_parents([], child=make_genome(generator="dreams"))
    assert allowed_by([bond]) == (BY, NC)
    assert bond.reason == "Works of Dreams may only carry CC BY 4.0 or CC BY-NC 4.0."
    with translation.override("zh-hans"):
        assert "CC BY 4.0" in bond.reason and "Works of" not in bond.reason


def test_ones_own_parents_do_not_bind_but_their_species_does(more_checkpoints):
    install(more_checkpoints)
    author = make_user()
    own = dream(author, licence=ALL)
    assert allowed_licences([own], author=author) == (NC, ALL)


@pytest.mark.parametrize("parent", Licence)
@pytest.mark.parametrize(
    ("licence", "by_species"),
    [("MIT", set(Licence)), ("CC BY-NC 4.0", {NC, ALL}), ("GPL-3.0", {SA}), ("ours", {ALL})],
)
def test_a_child_may_have_what_its_parents_and_its_species_both_leave_open(
    more_checkpoints, licence, by_species, parent
):
    install(more_checkpoints, licence)
    both = TABLE[parent] & by_species
    if both:
        assert set(allowed_licences([dream(licence=parent)], author=make_user())) == both
    else:
        with pytest.raises(Refused, match="Breed without"):
            allowed_licences([dream(licence=parent)], author=make_user())


def test_publishing_editing_and_bulk_edits_keep_to_the_species(more_checkpoints):
    install(more_checkpoints)
    author = make_user()
    for roots in (["seed:dreams:1"], [dream(author, licence=NC).slug]):
        with pytest.raises(Refused, match=f"CC0 1.0 is not possible here. {NOT_SOLD} Choose"):
            publish(author, *roots, licence=ZERO)
    work = publish(author, "seed:dreams:1", licence=NC)
    words = {"title": "Child", "description": "", "alt_text": "", "tags": ()}
    said = words | {"visibility": Visibility.PUBLIC, "may_be_bred": True}
    with pytest.raises(Refused, match="not possible here"):
        edit_work(author, work, licence=BY, **said)
    assert edit_work(author, work, licence=ALL, **said).licence == ALL
    changed, problems = change_licence(author, [work], SA)
    assert changed == 0 and NOT_SOLD in problems[0][1]
    form = EditForm.of(work)
    assert [value for value, _ in form.fields["licence"].choices] == [NC, ALL]
    assert form.fields["licence"].help_text == NOT_SOLD


def test_a_work_from_before_keeps_its_licence_and_frees_no_child(more_checkpoints):
    install(more_checkpoints, "MIT")
    author = make_user()
    work = publish(author, "seed:dreams:1", licence=ZERO)
    install(more_checkpoints)
    form = EditForm.of(work)
    assert [value for value, _ in form.fields["licence"].choices] == [ZERO, NC, ALL]
    assert allowed_licences([work], author=make_user()) == (NC, ALL)


def test_each_version_binds_its_own_works(more_checkpoints):
    install(more_checkpoints)
    old = dream()
    install(more_checkpoints, "MIT", name="newer", version=2)
    assert find("dreams").version == 2
    assert allowed_by(bonds_of_child(old)) == (NC, ALL)
    assert allowed_by(bonds_of_child(dream())) == tuple(Licence)
    assert allowed_by(bonds_of_parents([], child=old.read_genome())) == (NC, ALL)


def test_a_species_that_is_gone_still_binds_its_works(more_checkpoints):
    install(more_checkpoints)
    work = dream(licence=NC)
    shutil.rmtree(more_checkpoints / "dreams")
    sync_species()
    assert "dreams" not in catalogue()
    assert allowed_by(bonds_of_child(work)) == (NC, ALL)


def test_the_api_offers_and_publishes_only_what_the_species_allows(
    more_checkpoints, squares_engine
):
    install(more_checkpoints)
    ada = make_user("ada")
    way = {"roots": ["seed:dreams:1", "seed:dreams:2"], "steps": [STEP]}
    _, child = call("POST", "breed", {**way, "is_drawn": False}, user=ada)
    assert child["licences"] == [NC, ALL]
    body = {**way, "title": "Moss", "licence": ZERO}
    status, answer = call("POST", "works", body, user=ada)
    assert status == 400 and NOT_SOLD in json.dumps(answer)
    status, answer = call("POST", "works", {**body, "licence": NC}, user=ada)
    assert status == 201
    path = f"works/{answer['work']['slug']}"
    status, answer = call("PATCH", path, {"licence": BY}, user=ada)
    assert status == 400 and NOT_SOLD in json.dumps(answer)


def test_an_imported_work_gets_the_nearest_licence_or_is_refused(more_checkpoints, squares_engine):
    install(more_checkpoints, "MIT")
    ada = make_user("ada")
    for licence in Licence:
        dream(ada, title=licence.name, licence=licence)
    data = exported(ada)
    cleo = empty_site()
    install(more_checkpoints)
    report = report_context(import_works(cleo, read_archive(data)).to_json())
    found = dict(Artwork.objects.filter(author=cleo).values_list("title", "licence"))
    assert found == {"CC0": NC, "CC_BY": NC, "CC_BY_SA": ALL, "CC_BY_NC": NC, "RESERVED": ALL}
    assert dict(report.changed) == {
        "CC0": f"It was CC0 1.0; here it is CC BY-NC 4.0. {NOT_SOLD}",
        "CC_BY": f"It was CC BY 4.0; here it is CC BY-NC 4.0. {NOT_SOLD}",
        "CC_BY_SA": f"It was CC BY-SA 4.0; here it is All rights reserved. {NOT_SOLD}",
    }
    assert report.problems == ()
    dan = make_user("dan")
    Artwork.objects.all().delete()
    install(more_checkpoints, "GPL-3.0")
    report = report_context(import_works(dan, read_archive(data)).to_json())
    assert set(Artwork.objects.filter(author=dan).values_list("licence", flat=True)) == {SA}
    refused = dict(report.problems)
    assert set(refused) == {"CC_BY_NC", "RESERVED"}
    assert all("is ShareAlike" in sentence for sentence in refused.values())


def test_the_nearest_licence_never_gives_more():
    for licence, narrower in NARROWER.items():
        assert nearest_licence([], licence) == licence
        for one in narrower:
            # Whoever may build on the narrower one might have built on the other under as much.
            assert list(Licence).index(one) > list(Licence).index(licence)
            assert one == ALL or TABLE[one] <= TABLE[licence]


def test_reasons_name_the_species_and_the_works(more_checkpoints):
    install(more_checkpoints)
    moss = dream(make_user(display_name="Ada"), title="Moss", licence=NC)
    assert reasons(bonds_of_parents([moss], author=make_user())) == [
        NOT_SOLD,
        "Because “Moss” by Ada is NonCommercial, its children must be CC BY-NC.",
    ]


def test_contradicting_species_and_parents_are_told_apart(more_checkpoints):
    install(more_checkpoints)
    with pytest.raises(Refused, match="the species and of the parents.*Dreams.*Moss"):
        allowed_licences([dream(title="Moss", licence=SA)], author=make_user())


@pytest.mark.parametrize(
    ("licence", "given"), [("MIT", BY), ("CC BY-NC 4.0", NC), ("GPL-3.0", SA), ("ours", ALL)]
)
def test_an_uploaded_tune_gets_a_licence_that_its_species_allows(more_checkpoints, licence, given):
    folder = shutil.copytree(SHIPPED / "tunes", more_checkpoints / "dreams")
    card = json.loads((folder / "card.json").read_text())
    card |= {"key": "dreams", "name": "Dreams", "licence": licence}
    (folder / "card.json").write_text(json.dumps(card))
    sync_species()
    assert music_species().key == "dreams"
    melody = read_melody(tune_midi(bpm=100))
    work, _ = import_tune(make_user(), melody=melody, style="folk", title="Reel")
    assert work.species_id == "dreams" and work.licence == given
