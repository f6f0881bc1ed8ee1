"""Importing collections, likes and follows."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gallery.archive.format import ArchivedTies
from gallery.archive.importing import ImportReport, import_account, request_import
from gallery.archive.reading import read_archive, read_collections, read_ties
from gallery.jobs.progress import report_context
from gallery.models import (
    BlockedWord,
    Boundary,
    BoundaryKind,
    Collection,
    CollectionItem,
    Comment,
    Follow,
    Job,
    Like,
    Notification,
    User,
    Visibility,
)
from generation.refusal import Refused
from tests.factories import make_artwork, make_collection, make_user
from tests.gallery.archive.accounts import empty_site, exported, repacked

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=90)


def described_collections(user: User) -> list[tuple[Any, ...]]:
    """The collections of a person: title, text, whether public, items."""
    rows = Collection.objects.filter(owner=user).order_by("pk")
    return [
        (
            row.title,
            row.text,
            row.is_public,
            list(row.items.values_list("artwork__title", "caption", "position")),
        )
        for row in rows
    ]


def export_collections() -> bytes:
    ada = make_user("ada")
    moss, fern = make_artwork(ada, title="Moss"), make_artwork(ada, title="Fern")
    foreign = make_artwork(title="Foreign")
    mixed = make_collection(
        ada, works=[fern, foreign, moss], title="Blue", text="Quiet.", is_public=False
    )
    mixed.items.filter(artwork=fern).update(caption="First")
    make_collection(ada, works=[foreign], title="Of others")
    make_collection(ada, title="Empty")
    make_collection(ada, works=[moss], title="Show", kind="exhibition")
    return exported(ada)


def test_collections_are_imported_with_the_works_in_them(squares_engine):
    data = export_collections()
    CollectionItem.objects.all().delete()
    cleo = empty_site()
    report = import_account(cleo, read_archive(data), read_collections(data))
    assert described_collections(cleo) == [
        ("Blue", "Quiet.", False, [("Fern", "First", 0), ("Moss", "", 1)]),
        ("Empty", "", True, []),
    ]
    assert report.collections == 2 and [title for title, *_ in report.problems] == ["Of others"]
    again = import_account(cleo, read_archive(data), read_collections(data))
    assert (
        again.collections == 0 and again.imported == 0 and len(described_collections(cleo)) == 2
    ), "Importing twice doubles nothing."


def test_collections_with_blocked_words_are_not_imported(squares_engine):
    data = export_collections()
    BlockedWord.objects.create(word="quiet")
    cleo = make_user("cleo")
    report = import_account(cleo, read_archive(data), read_collections(data))
    assert "Blue" in [title for title, *_ in report.problems] and [
        row[0] for row in described_collections(cleo)
    ] == ["Empty"]


def test_a_damaged_list_of_collections_refuses_the_whole_archive(squares_engine):
    data = export_collections()
    whole = {"title": "Blue", "text": "", "is_public": True, "kind": "personal", "works": []}
    user = make_user()
    for wrong in (
        {},
        [3],
        [{}],
        [whole | {"title": "x" * 121}],
        [whole | {"title": None}],
        [whole | {"works": "abc"}],
        [whole | {"works": [{"slug": 3, "caption": ""}]}],
        [whole | {"text": ["a"]}],
        [whole] * 1001,
    ):
        with pytest.raises(Refused):
            request_import(user, repacked(data, collections=wrong))
    assert not Job.objects.filter(owner=user).exists()
    assert request_import(user, repacked(data, collections=[whole | {"more": 1}])).pk


def import_ties(user: User, ties: ArchivedTies) -> ImportReport:
    report = import_account(user, [], [], ties)
    assert report is not None
    return report


def test_likes_and_follows_are_imported_where_the_work_or_person_is_here(squares_engine):
    ada, bo = make_user("ada"), make_user("bo")
    liked, gone = make_artwork(bo, title="Moss"), make_artwork(bo, title="Fern")
    for work in (liked, gone):
        Like.objects.create(user=ada, artwork=work)
    Like.objects.update(created_at=LONG_AGO)
    for person in (bo, make_user("cleo")):
        Follow.objects.create(follower=ada, followed=person)
    Follow.objects.create(follower=bo, followed=ada)
    Comment.objects.create(artwork=liked, author=ada, text="Soft.")
    ties = read_ties(exported(ada))
    # Another site: the work has another address, the other one is private, and cleo has
    # closed her account.
    type(liked).objects.filter(pk=liked.pk).update(slug="elsewhere", title="Moss, again")
    type(gone).objects.filter(pk=gone.pk).update(visibility=Visibility.PRIVATE)
    type(ada).objects.filter(username="cleo").update(is_active=False)
    dora = make_user("dora")
    report = import_ties(dora, ties)
    assert (report.likes, report.unliked, report.follows, report.unfollowed) == (
        1,
        ["Fern"],
        1,
        ["cleo"],
    )
    like = Like.objects.get(user=dora)
    assert like.artwork == liked and like.created_at == LONG_AGO, "It is as fresh as it was."
    liked.refresh_from_db()
    assert liked.like_count == 2
    assert (
        list(dora.follows.values_list("followed__username", flat=True)) == ["bo"]
        and not dora.followers.exists()
    )
    assert Comment.objects.count() == 1 and not Notification.objects.exists(), "Nobody is notified."
    context = report_context(report.to_json())
    assert (context.likes, context.unliked, context.unliked_titles, context.unfollowed_names) == (
        1,
        1,
        ("Fern",),
        ("cleo",),
    )
    again = import_ties(dora, ties)
    assert (again.likes, again.follows) == (0, 0) and Like.objects.filter(user=dora).count() == 1


def test_own_works_are_not_liked_and_blocked_people_are_not_followed(squares_engine):
    ada, mute, foe, dora = make_user("ada"), make_user("mute"), make_user("foe"), make_user("dora")
    for work in (make_artwork(foe), make_artwork(dora)):
        Like.objects.create(user=ada, artwork=work)
    for person in (mute, foe, dora):
        Follow.objects.create(follower=ada, followed=person)
    Boundary.objects.create(user=foe, other=dora, kind=BoundaryKind.BLOCK)
    Boundary.objects.create(user=dora, other=mute, kind=BoundaryKind.MUTE)
    report = import_ties(dora, read_ties(exported(ada)))
    assert (report.likes, len(report.unliked), report.follows, len(report.unfollowed)) == (
        0,
        2,
        0,
        3,
    )


def test_likes_of_older_archives_are_recognized_by_slug_and_title_together(squares_engine):
    work, other = make_artwork(title="Moss"), make_artwork(title="Fern")
    rows = [{"slug": work.slug, "title": "Moss"}, {"slug": other.slug, "title": "Other"}]
    likes = [
        row | {"maker": "bo", "liked_at": (timezone.now() + timedelta(days=9)).isoformat()}
        for row in rows
    ]
    dora = make_user()
    report = import_ties(dora, read_ties(repacked(exported(make_user()), likes=likes)))
    assert report.likes == 1 and report.unliked == ["Other"]
    assert Like.objects.get(user=dora).created_at <= timezone.now(), (
        "A day that lies ahead is none."
    )


def test_damaged_lists_refuse_the_whole_archive(squares_engine):
    data, user = exported(make_user()), make_user()
    like = {"slug": "a", "title": "Moss", "maker": "bo", "liked_at": LONG_AGO.isoformat()}
    for wrong in (
        {"likes": {}},
        {"likes": [3]},
        {"likes": [like | {"liked_at": None}]},
        {"likes": [like | {"identity": 3}]},
        {"likes": [like | {"slug": "a\0b"}]},
        {"follows": []},
        {"follows": {"follows": [3]}},
        {"follows": {}},
    ):
        with pytest.raises(Refused):
            request_import(user, repacked(data, **wrong))
    assert request_import(user, repacked(data, likes=[like], follows={"follows": ["bo"]})).pk
