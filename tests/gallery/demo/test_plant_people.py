"""People in the demo garden: true words, every licence, and the same rows from the same seed."""

from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.utils import timezone

from gallery.comments.mentions import mentioned_names, mentioned_people
from gallery.demo.facts import Criteria, Facts
from gallery.demo.people import CURATOR, PEOPLE
from gallery.demo.plant_collections import COLLECTIONS
from gallery.demo.plant_people import plant_people
from gallery.demo.talk import REMARKS
from gallery.discovery.shelves import SHELVES
from gallery.lineage.bonds import allowed_by, bonds_of_child
from gallery.models import (
    Artwork,
    Collection,
    CollectionItem,
    Comment,
    Follow,
    Licence,
    Like,
    LineageEdge,
    Pick,
    Role,
    User,
)
from tests.factories import make_artwork, make_genome, make_species, make_user

pytestmark = pytest.mark.django_db
LOOKS = (
    (
        "patterns",
        ("kaleidoscope", "spiral", "pink"),
        "A kaleidoscope of six mirrored sectors, in pink and blue.",
    ),
    (
        "patterns",
        ("flow", "blue", "night"),
        "Flowing shapes without symmetry, in dark blue and teal.",
    ),
    (
        "people",
        ("portrait", "pastel"),
        "A drawn portrait of somebody who never was, mostly in orange and red.",
    ),
    (
        "garments",
        ("fashion", "wallpaper"),
        "A repeat as on cloth. The motif: a garment, coat, mostly in red and pink.",
    ),
    ("tunes", ("tune", "slow", "lo-fi"), ""),
)
WORKS = 60
# How far back the two parents of a work are: multiples of the number of species, as all three are
# of one species.
NEAR, FAR = 10, 15


def make_garden() -> list[Artwork]:
    """Families of several species over some generations, and a small one by one person alone."""
    makers, works = [make_user(name) for name in list(PEOPLE)[:6]], []
    begun = timezone.now() - timedelta(days=30)
    for number in range(WORKS):
        species, tags, alt_text = LOOKS[number % len(LOOKS)]
        works.append(
            make_artwork(
                makers[number % len(makers)],
                parents=[works[number - NEAR], works[number - FAR]] if number >= FAR else [],
                shares=(0.6, 0.4),
                slug=f"work{number}",
                title=f"Work {number}",
                genome=make_genome(number),
                species=make_species(species),
                tags=tags,
                alt_text=alt_text,
                published_at=begun + timedelta(hours=10 * number),
                licence=Licence.CC0 if number % 5 else Licence.CC_BY,
            )
        )
    own = make_artwork(makers[0], title="Own", slug="own", published_at=begun)
    return [*works, own, make_artwork(makers[0], title="Own Child", slug="ownchild", parents=[own])]


@pytest.fixture
def garden() -> list[Artwork]:
    works = make_garden()
    Pick.objects.bulk_create(Pick(artwork=work, starts_at=work.published_at) for work in works[::8])
    assert plant_people(works, seed=5) == len(PEOPLE)
    return list(Artwork.objects.order_by("pk"))


def test_every_shelf_of_a_visitor_has_something(garden):
    for shelf in SHELVES.values():
        if not shelf.is_personal:
            assert shelf.narrow(Artwork.objects.listed(), AnonymousUser()).exists(), shelf.key
    top = list(
        SHELVES["mixed"].narrow(Artwork.objects.listed(), AnonymousUser()).order_by("-mix")[:12]
    )
    assert (
        len({work.species_id for work in top}) >= 3 and len({work.author_id for work in top}) >= 4
    )


def test_likes_are_uneven_in_the_past_and_counted(garden):
    counts = [work.like_count for work in garden]
    assert sum(counts) == Like.objects.count() > 100 and min(counts) * 4 < max(counts)
    assert not [
        like
        for like in Like.objects.select_related("artwork")
        if like.user_id == like.artwork.author_id
    ]
    now = timezone.now()
    moments = list(Like.objects.select_related("artwork"))
    assert all(like.artwork.published_at < like.created_at < now for like in moments)
    assert min(like.created_at for like in moments) < now - timedelta(days=10)
    assert Follow.objects.count() >= 3 * len(PEOPLE)


def test_comments_are_whole_sentences_about_the_work_with_answers_and_mentions(garden):
    comments = list(Comment.objects.select_related("artwork", "author", "parent"))
    firsts = [comment for comment in comments if not comment.parent_id]
    assert len(firsts) >= 8 and len(comments) > len(firsts)
    assert not [comment.text for comment in comments if "{" in comment.text or "}" in comment.text]
    assert all(comment.author_id != comment.artwork.author_id for comment in firsts)
    assert all(
        comment.artwork.published_at < comment.created_at < timezone.now() for comment in comments
    )
    answers = [comment for comment in comments if comment.parent_id]
    assert all(
        comment.parent.created_at < comment.created_at and comment.parent_id < comment.pk
        for comment in answers
    )
    texts = [comment.text for comment in firsts]
    assert len(set(texts)) == len(texts)
    called = {name for text in texts for name in mentioned_names(text)}
    assert called and called == set(mentioned_people(texts))
    titles = {work.title for work in garden}
    for comment in comments:
        quoted = comment.text.split("“")[1:]
        assert {part.split("”")[0] for part in quoted} <= titles, comment.text


def test_what_hangs_together_is_open_to_be_seen(garden):
    personal = Collection.objects.personal().annotate(size=Count("items"))
    assert personal.count() >= 4 and all(collection.size >= 3 for collection in personal)
    assert (
        personal.filter(is_public=False).exists()
        and personal.filter(members__accepted_at__isnull=False).exists()
    )
    shared = personal.filter(members__isnull=False).first()
    assert shared.items.values("added_by").distinct().count() > 1
    shown = Collection.objects.open_now().get()
    assert shown.text.count("\n\n") == 2 and all(item.caption for item in shown.items.all())
    draft = Collection.objects.exhibitions().exclude(pk=shown.pk).get()
    assert (
        draft.stage == "draft"
        and not Collection.objects.visible_to(AnonymousUser()).filter(pk=draft.pk).exists()
    )
    works = [item.artwork for item in shown.items.select_related("artwork")]
    for first, second, child in zip(works[::3], works[1::3], works[2::3], strict=True):
        assert {edge.parent_id for edge in child.parent_edges.all()} == {first.pk, second.pk}
    assert not CollectionItem.objects.filter(caption__contains="{").exists()
    curator = User.objects.get(username=CURATOR.username)
    assert curator.role == Role.CURATOR and not curator.has_usable_password()
    assert Pick.objects.filter(curator=curator).exclude(note="").count() >= 4


def test_every_licence_hangs_somewhere_and_none_breaks_a_promise(garden):
    licences = Counter(work.licence for work in garden)
    assert set(licences) == set(Licence.values)
    for work in garden:
        assert work.licence in allowed_by(bonds_of_child(work)), work.title
    for edge in LineageEdge.objects.select_related("parent", "child"):
        assert edge.licence == edge.parent.licence
        assert edge.licence != Licence.RESERVED or edge.child.author_id == edge.parent.author_id
    assert (
        sum(not work.may_be_bred for work in garden)
        == sum(not work.may_train for work in garden)
        == 1
    )
    assert {work.title for work in garden if work.licence == Licence.RESERVED} == {
        "Own",
        "Own Child",
    }


def test_the_same_seed_lets_the_same_people_live_there_and_only_once(garden):
    def life() -> list:
        return [
            sorted(Like.objects.values_list("user__username", "artwork__slug")),
            sorted(Comment.objects.values_list("author__username", "artwork__slug", "text")),
            sorted(Collection.objects.values_list("slug", "title")),
            sorted(
                CollectionItem.objects.values_list(
                    "collection__slug", "position", "artwork__slug", "caption"
                )
            ),
        ]

    first = life()
    assert plant_people(garden, seed=5) == 0 and life() == first
    for noun in (Comment, Like, Follow, Collection, LineageEdge, Artwork):
        noun.objects.all().delete()
    User.objects.all().delete()
    assert plant_people(make_garden(), seed=5) == len(PEOPLE) and life() == first


def test_without_works_nobody_comes_and_names_of_people_are_theirs():
    assert plant_people([], seed=5) == 0 and not User.objects.exists()
    person = make_user(CURATOR.username)
    plant_people([make_artwork() for _ in range(4)], seed=5)
    person.refresh_from_db()
    assert person.role == Role.MEMBER and not Like.objects.filter(user=person).exists()
    assert User.objects.get(username=f"{CURATOR.username}-2").role == Role.CURATOR


def test_the_data_names_known_people_and_enough_comments():
    owners = {plan.owner for plan in COLLECTIONS}
    members = {name for plan in COLLECTIONS for name in plan.members}
    assert {remark.author for remark in REMARKS} | owners | members <= set(PEOPLE)
    comments = [text for each in REMARKS for text in (each.text, each.reply, each.follow_up)]
    assert 30 <= sum(bool(text) for text in comments) <= 60


def test_texts_about_a_work_contain_only_what_is_known_of_it():
    founder = Facts(
        Artwork(title="Tide", species_id="patterns"),
        "Ines Marlow",
        frozenset({"flow"}),
        ("blue",),
    )
    child = Facts(
        Artwork(title="Ebb", species_id="patterns"),
        "Kestrel",
        frozenset(),
        (),
        parents=[(founder, 0.6)],
    )
    assert founder.can_fill("{Colour} by {first_name}")
    assert not founder.can_fill("{second}") and not founder.can_fill("{parent}")
    assert child.can_fill("{share} {parent}, @{friend}", also="friend")
    assert not child.can_fill("{share} of {other}")


def test_criteria_match_by_species_tags_colour_and_parents():
    founder = Facts(
        Artwork(species_id="patterns"), "Ines Marlow", frozenset({"flow"}), ("blue", "pink")
    )
    child = Facts(
        Artwork(species_id="patterns"), "Kestrel", frozenset(), (), parents=[(founder, 0.6)]
    )
    assert Criteria(species=["patterns"], tags=["flow", "tile"], main_colours=["blue"]).match(
        founder
    )
    assert not Criteria(without=["flow"]).match(founder)
    assert not Criteria(main_colours=["pink"]).match(founder)
    assert not Criteria(main_colours=["blue"]).match(child)
    assert Criteria(min_parents=1).match(child) and not Criteria(min_parents=2).match(child)
