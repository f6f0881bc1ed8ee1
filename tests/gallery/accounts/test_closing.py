"""Closing an account: lineage keeps empty places, and nothing personal stays anywhere in the
database.
"""

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client

from gallery.accounts.closing import close_account
from gallery.core.audit import record
from gallery.discovery.figures import recount_likes
from gallery.models import (
    ApiToken,
    Artwork,
    Boundary,
    Collection,
    CollectionItem,
    CollectionKind,
    Comment,
    Follow,
    Like,
    Notification,
    Report,
    Role,
    State,
    Suspension,
    User,
    Visibility,
)
from gallery.sharing.actions import make_link
from generation.refusal import Refused
from tests.factories import make_artwork, make_job, make_user

pytestmark = pytest.mark.django_db
SECRETS = ("zebulon", "Zeb Quillfeather", "zeb@quill.example", "Hermitage")


@pytest.fixture
def zeb() -> User:
    user = make_user(
        "zebulon",
        display_name="Zeb Quillfeather",
        email="zeb@quill.example",
        bio="I live in the Hermitage.",
    )
    EmailAddress.objects.create(user=user, email=user.email)
    return user


def live_a_little(zeb: User) -> dict[str, Artwork]:
    """Works, words and ties of every kind."""
    boss, friend = make_user("boss", role=Role.ADMINISTRATOR), make_user("friend")
    works = {
        "alone": make_artwork(
            zeb,
            has_files=True,
            title="Hermitage at dusk",
            description="By Zeb Quillfeather",
            tags=["dusk"],
        ),
        "mother": make_artwork(zeb, has_files=True, title="Hermitage at dawn"),
        "private": make_artwork(zeb, visibility=Visibility.PRIVATE, title="Hermitage, closed"),
    }
    works["own child"] = make_artwork(zeb, parents=[works["alone"]], title="Hermitage again")
    works["child"] = make_artwork(
        friend, parents=[works["mother"]], description="After a work of @Zebulon, not @zebulon2."
    )
    answered = Comment.objects.create(artwork=works["child"], author=zeb, text="Hermitage!")
    Comment.objects.create(
        artwork=works["child"], author=friend, parent=answered, text="Dear @zebulon, thanks."
    )
    Comment.objects.create(artwork=works["child"], author=zeb, text="Hermitage?")
    Like.objects.create(user=zeb, artwork=works["child"])
    recount_likes(works["child"])
    Follow.objects.create(follower=zeb, followed=friend)
    Follow.objects.create(follower=friend, followed=zeb)
    Boundary.objects.create(user=friend, other=zeb, kind="mute")
    shelf = Collection.objects.create(owner=friend, title="Shelf", text="With @zebulon.")
    CollectionItem.objects.create(
        collection=shelf, artwork=works["child"], position=1, added_by=zeb
    )
    CollectionItem.objects.create(
        collection=shelf, artwork=works["mother"], position=2, caption="by @zebulon"
    )
    Collection.objects.create(owner=zeb, title="Hermitage")
    Collection.objects.create(owner=zeb, kind=CollectionKind.EXHIBITION, title="Spring")
    ApiToken.objects.create(user=zeb, name="Hermitage robot", digest="0" * 64, hint="abc")
    Notification.objects.create(user=friend, kind="like", actor=zeb, text="zebulon likes it")
    Notification.objects.create(user=zeb, kind="follow", actor=friend)
    Report.objects.create(person=zeb, reason="spam", text="zebulon again")
    Report.objects.create(
        artwork=works["child"],
        reporter=zeb,
        reason="spam",
        text="Says zebulon",
        decision="Not so, Zebulon.",
    )
    Suspension.objects.create(
        user=zeb, by=boss, reason="zebulon spams", lifted_at="2026-01-01T00:00:00Z"
    )
    record(
        boss, "suspend", zeb, reason="Zeb Quillfeather (zeb@quill.example) spams", name="zebulon"
    )
    LogEntry.objects.log_actions(
        boss.pk, [zeb], CHANGE, change_message="zebulon changed", single_object=True
    )
    make_link(zeb, works["private"], note="For the Hermitage")
    make_job(works["child"], owner=zeb)
    return works


def everything_stored() -> str:
    """Every text of every column of every table of ours and of the packages."""
    message = []
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(
                field, models.CharField | models.TextField | models.JSONField | models.FileField
            )
        ]
        message += (
            [f"{model._meta.label}: {row}" for row in model._default_manager.values_list(*names)]
            if names
            else []
        )
    return "\n".join(message).casefold()


def test_nothing_personal_stays_in_the_database(zeb, django_capture_on_commit_callbacks):
    works = live_a_little(zeb)
    client = Client()
    client.force_login(zeb)
    assert all(secret.casefold() in everything_stored() for secret in SECRETS)
    files = [
        (work.master.storage, name)
        for work in works.values()
        if work.author == zeb
        for name in work.file_names
    ]
    with django_capture_on_commit_callbacks(execute=True):
        close_account(zeb, user_name="zebulon")
    stored = everything_stored().replace("@zebulon2", "")
    assert [
        line for line in stored.splitlines() if any(secret.casefold() in line for secret in SECRETS)
    ] == []
    assert files and not any(storage.exists(name) for storage, name in files)
    assert client.get("/me/").status_code == 302
    assert ContentType.objects.exists()


def test_works_with_children_stay_as_empty_places(zeb):
    works = live_a_little(zeb)
    close_account(zeb, user_name="zebulon")
    mother = Artwork.objects.get(pk=works["mother"].pk)
    assert (
        mother.state == State.REMOVED
        and not mother.master
        and mother.genome == {}
        and mother.slug == works["mother"].slug
    )
    assert not Artwork.objects.filter(
        pk__in=[works[name].pk for name in ("alone", "own child", "private")]
    ).exists()
    assert works["child"].parent_edges.get().parent == mother
    assert list(Artwork.objects.filter(author_id=zeb.pk)) == [mother]


def test_answers_stay_under_an_empty_place_and_likes_are_counted_again(zeb):
    works = live_a_little(zeb)
    close_account(zeb, user_name="zebulon")
    answer = Comment.objects.get(author__username="friend")
    assert answer.parent.deleted_at and answer.parent.text == "" and Comment.objects.count() == 2
    assert answer.text == "Dear @somebody, thanks."
    assert Artwork.objects.get(pk=works["child"].pk).like_count == 0
    assert (
        Artwork.objects.get(pk=works["child"].pk).description
        == "After a work of @somebody, not @zebulon2."
    )


def test_exhibitions_pass_to_an_administrator(zeb):
    live_a_little(zeb)
    close_account(zeb, user_name="zebulon")
    assert Collection.objects.get(kind=CollectionKind.EXHIBITION).owner.username == "boss"
    assert not Collection.objects.filter(title="Hermitage").exists()


def test_the_row_is_closed_for_good(zeb):
    zeb.role, zeb.is_staff = Role.CURATOR, True
    zeb.save()
    close_account(zeb, user_name="zebulon")
    row = User.objects.get(pk=zeb.pk)
    assert (
        row.username.startswith("closed-")
        and row.closed_at
        and not row.is_active
        and not row.has_usable_password()
    )
    assert row.role == Role.MEMBER and not row.is_staff and row.last_login is None
    with pytest.raises(Refused):
        close_account(row, user_name=row.username)
    make_user("zebulon")  # The name is free again.


def test_a_slip_closes_nothing(zeb):
    for typed in ("", "Zebulon", "zebulo", "zebulon2", "x" * 1_000_000):
        with pytest.raises(Refused):
            close_account(zeb, user_name=typed)
    assert User.objects.get(pk=zeb.pk).is_active


def test_the_last_administrator_stays(zeb):
    User.objects.filter(pk=zeb.pk).update(role=Role.ADMINISTRATOR)
    zeb.refresh_from_db()
    make_user("asleep", role=Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(Refused, match="only administrator"):
        close_account(zeb, user_name="zebulon")
    make_user("second", is_superuser=True)
    close_account(zeb, user_name="zebulon")
    assert not User.objects.get(pk=zeb.pk).is_active
