"""Likes and follows on their way from one garden to another."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from gallery.archive.format import ArchivedTies, read_ties
from gallery.archive.importing import import_account, request_import
from gallery.jobs.progress import tell_report
from gallery.models import Boundary, BoundaryKind, Comment, Follow, Like, Notification, Visibility
from generation.refusal import Refused
from tests.factories import make_artwork, make_user
from tests.gallery.archive.test_moving import exported

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=90)


def packed_again(data: bytes, **lists: Any) -> bytes:
    """The archive with other lists of likes or follows."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w") as changed:
        for name in archive.namelist():
            is_changed = name.removesuffix(".json") in lists
            changed.writestr(
                name,
                json.dumps(lists[name.removesuffix(".json")]) if is_changed else archive.read(name),
            )
    return buffer.getvalue()


def bring(user, ties: ArchivedTies):
    return import_account(user, [], [], ties)


def test_likes_and_follows_come_where_the_work_and_the_person_are_here(squares_engine):
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
    # Another garden: the work stands under another address, the other one is private, and cleo has
    # closed her account.
    type(liked).objects.filter(pk=liked.pk).update(slug="elsewhere", title="Moss, again")
    type(gone).objects.filter(pk=gone.pk).update(visibility=Visibility.PRIVATE)
    type(ada).objects.filter(username="cleo").update(is_active=False)
    dora = make_user("dora")
    report = bring(dora, ties)
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
    assert Comment.objects.count() == 1 and not Notification.objects.exists(), (
        "Nobody is told of old news."
    )
    told = tell_report(report.to_json())
    assert (told.likes, told.unliked, told.unliked_titles, told.unfollowed_names) == (
        1,
        1,
        ("Fern",),
        ("cleo",),
    )
    again = bring(dora, ties)
    assert (again.likes, again.follows) == (0, 0) and Like.objects.filter(user=dora).count() == 1


def test_nothing_of_ones_own_is_liked_and_nobody_who_is_kept_away_is_reached(squares_engine):
    ada, mute, foe, dora = make_user("ada"), make_user("mute"), make_user("foe"), make_user("dora")
    for work in (make_artwork(foe), make_artwork(dora)):
        Like.objects.create(user=ada, artwork=work)
    for person in (mute, foe, dora):
        Follow.objects.create(follower=ada, followed=person)
    Boundary.objects.create(user=foe, other=dora, kind=BoundaryKind.BLOCK)
    Boundary.objects.create(user=dora, other=mute, kind=BoundaryKind.MUTE)
    report = bring(dora, read_ties(exported(ada)))
    assert (report.likes, len(report.unliked), report.follows, len(report.unfollowed)) == (
        0,
        2,
        0,
        3,
    )


def test_likes_of_older_archives_are_known_by_address_and_title_together(squares_engine):
    work, other = make_artwork(title="Moss"), make_artwork(title="Fern")
    rows = [{"slug": work.slug, "title": "Moss"}, {"slug": other.slug, "title": "Other"}]
    likes = [
        row | {"maker": "bo", "liked_at": (timezone.now() + timedelta(days=9)).isoformat()}
        for row in rows
    ]
    dora = make_user()
    report = bring(dora, read_ties(packed_again(exported(make_user()), likes=likes)))
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
        {"likes": [like | {"title": "a\0b"}]},
        {"follows": []},
        {"follows": {"follows": [3]}},
        {"follows": {}},
    ):
        with pytest.raises(Refused):
            request_import(user, packed_again(data, **wrong))
    assert request_import(user, packed_again(data, likes=[like], follows={"follows": ["bo"]})).pk
