"""What the family of a work hears of its birth."""

import pytest

from gallery.artworks.announcing import announce
from gallery.artworks.deleting import delete_work
from gallery.artworks.printing import Print, complete_print
from gallery.artworks.publishing import edit_work, publish_child
from gallery.jobs.leases import claim
from gallery.models import (
    Artwork,
    Boundary,
    BoundaryKind,
    Licence,
    LineageEdge,
    Notification,
    NotificationKind,
    Visibility,
)
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def bells(kind: str = NotificationKind.BRED) -> list[tuple[str, str]]:
    return sorted(
        Notification.objects.filter(kind=kind).values_list("user__username", "artwork__title")
    )


def child_of(author, *parents, **words) -> Artwork:
    recipe = Recipe(weights=(1.0,) * len(parents), mutation_rate=0.2, seed=7)
    pedigree = Pedigree(
        tuple(parent.slug for parent in parents), (Step(tuple(range(len(parents))), recipe),)
    )
    defaults = {"title": "Child", "licence": Licence.CC_BY, "visibility": Visibility.PUBLIC}
    return publish_child(author, pedigree=pedigree, **(defaults | words))[0]


def print_it() -> None:
    complete_print(
        claim(), Print("works/x/master.png", "works/x/thumbnail.webp", 64, 64, "#406080")
    )


def retitle(work: Artwork, **words) -> None:
    names = ("title", "description", "alt_text", "licence", "visibility", "may_be_bred")
    edit_work(work.author, work, tags=(), **({name: getattr(work, name) for name in names} | words))


def test_makers_hear_of_a_child_when_it_is_there_to_be_seen_and_it_counts():
    ada, ben, cleo = make_user("ada"), make_user("ben"), make_user("cleo")
    one, two, own = make_artwork(ada), make_artwork(ben), make_artwork(cleo)
    child = child_of(cleo, one, two, own)
    assert bells() == [] and Artwork.objects.get(pk=one.pk).child_count == 0
    print_it()
    assert bells() == [("ada", "Child"), ("ben", "Child")]
    assert {Artwork.objects.get(pk=parent.pk).child_count for parent in (one, two, own)} == {1}
    announce(Artwork.objects.get(pk=child.pk))
    assert len(bells()) == 2


def test_a_private_child_stays_unheard_until_it_is_public_and_uncounted_when_it_goes():
    one = make_artwork(make_user("ada"))
    child = child_of(make_user(), one, visibility=Visibility.PRIVATE)
    print_it()
    assert bells() == [] and Artwork.objects.get(pk=one.pk).child_count == 0
    child.refresh_from_db()
    retitle(child, visibility=Visibility.PUBLIC)
    assert bells() == [("ada", "Child")] and Artwork.objects.get(pk=one.pk).child_count == 1
    delete_work(child.author, child)
    assert Artwork.objects.get(pk=one.pk).child_count == 0


def test_an_edge_remembers_the_parents_licence():
    one = make_artwork(licence=Licence.CC_BY)
    child = child_of(make_user(), one, licence=Licence.CC_BY_SA)
    assert child.parent_edges.get().licence == Licence.CC_BY
    retitle(one, licence=Licence.RESERVED)
    assert LineageEdge.objects.get(child=child).licence == Licence.CC_BY
    child.refresh_from_db()
    print_it()
    child.refresh_from_db()
    retitle(child, licence=Licence.CC_BY)
    with pytest.raises(Refused, match="CC0 1.0 is not possible here.*requires credit"):
        retitle(child, licence=Licence.CC0)


def test_reserved_works_and_works_of_people_who_block_one_cannot_be_bred():
    maker, breeder = make_user(), make_user()
    reserved, open_one = make_artwork(maker, licence=Licence.RESERVED), make_artwork(maker)
    with pytest.raises(Refused, match="only its maker can breed"):
        child_of(breeder, reserved, licence=Licence.RESERVED, visibility=Visibility.PRIVATE)
    assert child_of(maker, reserved, licence=Licence.CC0)
    Boundary.objects.create(user=maker, other=breeder, kind=BoundaryKind.MUTE)
    assert child_of(breeder, open_one)
    Boundary.objects.update(kind=BoundaryKind.BLOCK)
    with pytest.raises(Refused, match="not open for breeding"):
        child_of(breeder, open_one, title="Again")
    assert open_one.child_edges.count() == 1


def test_whether_nets_may_be_trained_on_it_is_the_makers_word():
    child = child_of(make_user(), make_artwork(), may_train=False)
    assert not child.may_train
    retitle(child)
    assert not Artwork.objects.get(pk=child.pk).may_train
    retitle(child, may_train=True)
    assert Artwork.objects.get(pk=child.pk).may_train
