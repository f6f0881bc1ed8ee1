"""The forms: what they read, and the sentence for each mistake."""

import json

import pytest

from gallery.accounts.forms import ProfileForm
from gallery.artworks.forms import EditForm, PrintForm, PublishForm
from gallery.lineage.parents import find_parents
from gallery.models import Licence
from tests.factories import make_artwork, make_user

PEDIGREE = {
    "roots": ["a", "b"],
    "steps": [{"parents": [0, 1], "recipe": {"operator": "blend", "weights": [0.5, 0.5]}}],
}
WORDS = {"title": "Moss", "licence": "CC-BY-4.0", "visibility": "public"}


def publish(**changes) -> PublishForm:
    return PublishForm(WORDS | {"pedigree": json.dumps(PEDIGREE)} | changes)


def test_a_complete_form_gives_the_arguments_of_publishing():
    form = publish(tags=" Moss,  #dark green ,moss,", may_be_bred="on", may_train="on", size="64")
    assert form.is_valid(), form.errors
    assert form.cleaned_data.pop("pedigree").to_json() == PEDIGREE
    assert form.cleaned_data == {
        "title": "Moss",
        "description": "",
        "alt_text": "",
        "tags": ("Moss", "dark green"),
        "licence": "CC-BY-4.0",
        "visibility": "public",
        "may_be_bred": True,
        "may_train": True,
        "size": 64,
    }


def test_without_a_size_the_usual_one_is_printed():
    form = publish()
    assert form.is_valid() and form.cleaned_data["size"] is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", " ", "Give the work a title."),
        ("pedigree", "", "Breed something on the bench first, then publish it."),
        (
            "pedigree",
            "{",
            "The bench sent a pedigree that can't be read. Go back and publish again.",
        ),
        (
            "pedigree",
            "[" * 30_000,
            "The bench sent a pedigree that can't be read. Go back and publish again.",
        ),
        ("pedigree", '{"roots": []}', "A pedigree must have 1 to 16 roots."),
        (
            "pedigree",
            '{"roots": ["a"], "seed": 1}',
            "A pedigree must be a JSON object with the keys roots and steps.",
        ),
        (
            "tags",
            ",".join(f"tag{n}" for n in range(13)),
            "That's 13 tags; keep the 12 that matter most.",
        ),
        (
            "tags",
            "a" * 41,
            "“aaaaaaaaaaaaaaaaaaaa” can't be a tag; use at most 40 characters, with at least one"
            " letter, digit or symbol.",
        ),
        (
            "tags",
            "…",
            "“…” can't be a tag; use at most 40 characters, with at least one letter, digit or"
            " symbol.",
        ),
        ("size", "100000", None),
        ("size", "NaN", None),
        ("licence", "MIT", None),
        ("visibility", "everybody", None),
        ("title", "a" * 121, None),
        ("title", "\0\u200b", "Give the work a title."),
    ],
)
def test_a_mistake_gets_a_sentence(field: str, value: str, sentence: str | None):
    form = publish(**{field: value})
    assert not form.is_valid() and list(form.errors) == [field]
    if sentence:
        assert form.errors[field] == [sentence]


@pytest.mark.django_db
def test_only_licences_that_the_parents_allow_are_offered():
    user = make_user()
    work = make_artwork(licence=Licence.CC_BY_SA)
    form = PublishForm(
        WORDS | {"pedigree": json.dumps(PEDIGREE)},
        parents=find_parents(user, [work.slug]),
        author=user,
    )
    assert [value for value, _ in form.fields["licence"].choices] == ["CC-BY-SA-4.0"]
    assert form.errors["licence"] == [
        "Only these are possible here: CC BY-SA (credit, share alike)."
    ]


@pytest.mark.django_db
def test_editing_begins_with_what_the_work_says_and_keeps_its_licence_possible():
    parent = make_artwork(licence=Licence.CC_BY_SA)
    work = make_artwork(
        parents=[parent], title="Old", licence=Licence.CC0, tags=["moss", "fern"], may_be_bred=False
    )
    form = EditForm.of(work)
    assert form.initial["title"] == "Old" and form.initial["may_be_bred"] is False
    assert sorted(form.initial["tags"].split(", ")) == ["fern", "moss"]
    assert [value for value, _ in form.fields["licence"].choices] == ["CC0-1.0", "CC-BY-SA-4.0"]


@pytest.mark.django_db
def test_names_to_show_lose_needless_spaces():
    form = ProfileForm({"display_name": "  Ada \t Fern ", "bio": ""}, instance=make_user())
    assert form.is_valid() and form.cleaned_data["display_name"] == "Ada Fern"


def test_prints_are_offered_up_to_the_largest_allowed(settings):
    settings.PRINT_SIZE, settings.MAX_PRINT_SIZE = 512, 2048
    assert [size for size, _ in PrintForm().fields["size"].choices] == [512, 1024, 2048]
    assert PrintForm({"size": "4096"}).errors["size"] == ["Choose one of the sizes offered."]
