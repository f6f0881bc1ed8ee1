"""Collections: what owners, members and others can do, and that a refusal changes nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.collections import actions as collecting
from gallery.models import (
    AuditEntry,
    BlockedWord,
    Boundary,
    BoundaryKind,
    Collection,
    CollectionItem,
    Notification,
    NotificationKind,
    Suspension,
    Visibility,
)
from generation.refusal import Refused
from tests.factories import make_artwork, make_collection, make_user
from tests.gallery.deletions import after_a_minute

pytestmark = pytest.mark.django_db
XSS = "<script>alert('moss')</script>"


def places(collection: Collection) -> list[tuple[int, int]]:
    return list(collection.items.values_list("artwork_id", "position"))


def test_a_collection_is_made_changed_and_deleted_by_its_owner():
    ada = make_user()
    made = collecting.create_collection(
        ada, title="  Blue \n hour ", text=" Quiet. ", is_public=False
    )
    assert (made.title, made.text, made.is_public, made.owner) == (
        "Blue hour",
        "Quiet.",
        False,
        ada,
    )
    collecting.edit_collection(ada, made, title=XSS, text=XSS, is_public=True)
    made.refresh_from_db()
    assert made.title == XSS and made.is_public
    work = make_artwork()
    collecting.add_work(ada, made, work)
    collecting.delete_collection(ada, made)
    after_a_minute()
    assert not Collection.objects.exists() and type(work).objects.filter(pk=work.pk).exists()


@pytest.mark.parametrize(
    ("title", "text", "sentence"),
    [
        ("  ", "", "Give it a title"),
        ("a" * 121, "", "shorten it to 120"),
        ("a", "b" * 1_000_000, "shorten it to 8000"),
        ("\0\u200b", "", "Give it a title"),
        ("Weed", "", "isn't allowed here"),
    ],
)
def test_bad_texts_are_refused(title, text, sentence):
    BlockedWord.objects.create(word="weed")
    ada = make_user()
    with pytest.raises(Refused, match=sentence):
        collecting.create_collection(ada, title=title, text=text)
    collection = make_collection(ada, title="Kept")
    with pytest.raises(Refused, match=sentence):
        collecting.edit_collection(ada, collection, title=title, text=text)
    collection.refresh_from_db()
    assert list(Collection.objects.all()) == [collection] and collection.title == "Kept"


def test_nobody_but_the_owner_edits_and_deletes():
    collection = make_collection(works=[make_artwork()])
    member = make_user()
    collection.members.create(user=member, accepted_at=collection.created_at)
    for person in (member, make_user(), make_user(role="administrator"), AnonymousUser()):
        for act in (
            lambda who: collecting.edit_collection(who, collection, title="Mine"),
            lambda who: collecting.delete_collection(who, collection),
            lambda who: collecting.set_cover(who, collection, collection.items.get().pk),
        ):
            with pytest.raises(Refused):
                act(person)
    collection.refresh_from_db()
    assert collection.title != "Mine" and collection.cover is None


def test_suspended_people_collect_nothing():
    ada = make_user()
    collection = make_collection(ada)
    Suspension.objects.create(user=ada, reason="Rude.")
    with pytest.raises(Refused, match="suspended"):
        collecting.add_work(ada, collection, make_artwork())
    assert not CollectionItem.objects.exists()


def test_a_work_is_inside_once_and_its_maker_is_notified_once():
    ada, work = make_user(), make_artwork()
    collection = make_collection(ada)
    for _ in range(2):
        collecting.add_work(ada, collection, work, caption=" A  caption ")
    assert collection.items.get().caption == "A caption"
    collecting.remove_work(ada, collection, work)
    collecting.remove_work(ada, collection, work)
    collecting.add_work(ada, collection, work)
    assert (
        Notification.objects.filter(
            user=work.author, kind=NotificationKind.COLLECTED, collection=collection
        ).count()
        == 1
    )
    collecting.add_work(ada, make_collection(ada, is_public=False), work)
    assert Notification.objects.count() == 1
    collecting.edit_collection(ada, collection, title="Closed now", is_public=False)
    assert not Notification.objects.exists()


def test_closed_works_and_works_of_people_who_blocked_one_cannot_be_collected():
    ada = make_user()
    collection = make_collection(ada)
    private, blocker = make_artwork(visibility=Visibility.PRIVATE), make_artwork()
    Boundary.objects.create(user=blocker.author, other=ada, kind=BoundaryKind.BLOCK)
    for work in (private, blocker):
        with pytest.raises(Refused):
            collecting.add_work(ada, collection, work)
    assert not collection.items.exists()


def test_limits(monkeypatch):
    monkeypatch.setattr(collecting, "MAX_WORKS", 2)
    monkeypatch.setattr(collecting, "MAX_COLLECTIONS", 1)
    ada = make_user()
    collection = make_collection(ada, works=[make_artwork(), make_artwork()])
    with pytest.raises(Refused, match="limit of 2 works"):
        collecting.add_work(ada, collection, make_artwork())
    with pytest.raises(Refused, match="Delete one first"):
        collecting.create_collection(ada, title="Second")


def test_members_add_and_order_and_take_out_what_they_added():
    collection = make_collection(works=[make_artwork()])
    member, work = make_user(), make_artwork()
    invitation = collection.members.create(user=member)
    with pytest.raises(Refused):
        collecting.add_work(member, collection, work)
    invitation.accepted_at = collection.created_at
    invitation.save()
    item = collecting.add_work(member, collection, work)
    collecting.move(member, collection, item.pk, place=1)
    assert places(collection)[0] == (work.pk, 0)
    other = collection.items.exclude(pk=item.pk).get()
    with pytest.raises(Refused, match="Somebody else"):
        collecting.remove_work(member, collection, other.artwork)
    collecting.remove_work(member, collection, work)
    assert places(collection) == [(other.artwork_id, 0)]


def test_positions_stay_without_gaps_and_the_cover_goes_with_its_work():
    ada = make_user()
    works = [make_artwork() for _ in range(4)]
    collection = make_collection(ada, works=works)
    collecting.set_cover(ada, collection, collection.items.get(artwork=works[1]).pk)
    collecting.remove_work(ada, collection, works[1])
    collection.refresh_from_db()
    assert collection.cover is None
    assert places(collection) == [(works[0].pk, 0), (works[2].pk, 1), (works[3].pk, 2)]


def test_arranging_takes_every_id_once_or_changes_nothing():
    ada = make_user()
    collection, foreign = (
        make_collection(ada, works=[make_artwork() for _ in range(4)]),
        make_collection(works=[make_artwork()]),
    )
    first, second, third, fourth = collection.items.values_list("pk", flat=True)
    before = places(collection)
    other = foreign.items.get().pk
    for order in (
        [],
        [second, first, third],
        [first, first, second, third],
        [other, second, third, fourth],
        [first, second, third, 10**30],
        [first, second, third, fourth, other],
    ):
        with pytest.raises(Refused, match="changed in the meantime"):
            collecting.arrange(ada, collection, order)
    assert places(collection) == before
    collecting.arrange(ada, collection, [fourth, first, third, second])
    assert list(collection.items.values_list("pk", "position")) == [
        (fourth, 0),
        (first, 1),
        (third, 2),
        (second, 3),
    ]


def test_works_that_one_may_not_see_keep_their_places():
    ada = make_user()
    works = [make_artwork() for _ in range(3)]
    collection = make_collection(ada, works=works)
    works[1].visibility = Visibility.PRIVATE
    works[1].save()
    first, hidden, third = collection.items.values_list("pk", flat=True)
    with pytest.raises(Refused):
        collecting.arrange(ada, collection, [third, hidden, first])
    collecting.arrange(ada, collection, [third, first])
    assert list(collection.items.values_list("pk", flat=True)) == [third, hidden, first]
    with pytest.raises(Refused, match="no longer in the collection"):
        collecting.move(ada, collection, hidden, place=1)
    with pytest.raises(Refused, match="no longer in the collection"):
        collecting.write_caption(ada, collection, hidden, "Seen")


@pytest.mark.parametrize(
    ("place", "expected"), [(1, 0), (-5, 0), (2, 1), (3, 2), (99, 2), (10**30, 2)]
)
def test_a_work_moves_to_a_place(place, expected):
    ada = make_user()
    collection = make_collection(ada, works=[make_artwork() for _ in range(3)])
    middle = collection.items.all()[1]
    collecting.move(ada, collection, middle.pk, place=place)
    middle.refresh_from_db()
    assert middle.position == expected


def test_ticking_adds_and_removes_together():
    ada, work = make_user(), make_artwork()
    first, second, third = (
        make_collection(ada),
        make_collection(ada, works=[work]),
        make_collection(ada, works=[work]),
    )
    slugs = [first.slug, second.slug]
    collecting.set_collected(ada, work, offered=slugs, ticked=[first.slug])
    assert set(
        CollectionItem.objects.filter(artwork=work).values_list("collection", flat=True)
    ) == {first.pk, third.pk}
    with pytest.raises(Refused):
        collecting.set_collected(ada, work, offered=[first.slug, make_collection().slug], ticked=[])
    assert first.items.count() == 1


def test_a_caption_is_stored_as_written_up_to_its_limit():
    ada = make_user()
    collection = make_collection(ada, works=[make_artwork()])
    item = collection.items.get()
    collecting.write_caption(ada, collection, item.pk, XSS)
    with pytest.raises(Refused, match="shorten it to 400"):
        collecting.write_caption(ada, collection, item.pk, "a" * 1_000_000)
    with pytest.raises(Refused):
        collecting.write_caption(make_user(), collection, item.pk, "Mine now")
    with pytest.raises(Refused):
        collecting.write_caption(ada, collection, 10**30, "No such")
    item.refresh_from_db()
    assert item.caption == XSS


def test_exhibitions_are_for_curators_and_every_action_is_logged():
    curator, colleague, ada = make_user(role="curator"), make_user(role="curator"), make_user()
    with pytest.raises(Refused, match="Only curators"):
        collecting.create_exhibition(ada, title="Mine")
    shown = collecting.create_exhibition(curator, title="Ferns", text="About ferns.")
    work = make_artwork()
    item = collecting.add_work(colleague, shown, work)
    collecting.set_cover(colleague, shown, item.pk)
    collecting.edit_exhibition(colleague, shown, title="Ferns at dusk")
    for act in (
        lambda: collecting.add_work(ada, shown, work),
        lambda: collecting.edit_exhibition(ada, shown, title="Mine"),
        lambda: collecting.delete_collection(ada, shown),
        lambda: collecting.edit_collection(curator, shown, title="Mine"),
    ):
        with pytest.raises(Refused):
            act()
    collecting.delete_collection(curator, shown)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "create exhibition",
        "hang work",
        "choose cover",
        "edit exhibition",
        "delete exhibition",
    ]
    assert not Notification.objects.exists()  # Makers are not notified of a draft.


def test_an_exhibition_must_close_after_it_opens():
    curator = make_user(role="curator")
    now = curator.date_joined
    with pytest.raises(Refused, match="close after"):
        collecting.create_exhibition(curator, title="Ferns", opens_at=now, closes_at=now)
    with pytest.raises(Refused, match="Say when"):
        collecting.create_exhibition(curator, title="Ferns", closes_at=now)
    assert not Collection.objects.exists() and not AuditEntry.objects.exists()
