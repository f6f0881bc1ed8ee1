"""Deleting hides at once; a minute later it is done for good, unless it was undone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gallery.artworks.deleting import delete_work, restore_work
from gallery.artworks.printing import Print, complete_print
from gallery.collections.actions import delete_collection
from gallery.comments.actions import remove_comment
from gallery.jobs.leases import claim
from gallery.maintenance import finish_deletions
from gallery.models import Artwork, Collection, Comment, Deletion, State
from generation.refusal import Refused
from tests.factories import (
    make_artwork,
    make_collection,
    make_comment,
    make_job,
    make_like,
    make_notification,
    make_user,
)
from tests.gallery.deletions import after_a_minute

pytestmark = pytest.mark.django_db


def test_a_deleted_work_is_hidden_at_once_and_comes_back_whole(client: Client):
    ada = make_user("ada")
    parent = make_artwork()
    work = make_artwork(ada, parents=[parent], tags=["moss"], title="Reef", has_files=True)
    make_like(work)
    note = make_comment(work)
    client.force_login(ada)
    answer = client.post(f"/art/{work.slug}/delete/", follow=True)
    page = answer.content.decode()
    assert "“Reef” deleted." in page and f'value="{Deletion.objects.get().pk}"' in page
    work.refresh_from_db()
    parent.refresh_from_db()
    assert work.state == State.DELETED and work.master and parent.child_count == 0
    for person in (ada, make_user(role="moderator")):
        assert not Artwork.objects.visible_to(person).filter(pk=work.pk).exists()
    client.force_login(make_user("eve"))
    stranger = client.post("/me/restore/", {"deletion": Deletion.objects.get().pk})
    assert stranger.status_code == 400 and Deletion.objects.exists()
    client.force_login(ada)
    answer = client.post("/me/restore/", {"deletion": Deletion.objects.get().pk})
    assert answer.headers["Location"] == work.get_absolute_url()
    work.refresh_from_db()
    parent.refresh_from_db()
    assert work.is_listed and parent.child_count == 1 and work.likes.count() == 1
    assert work.tags.get().slug == "moss" and work.comments.get() == note
    assert after_a_minute() == 0 and Artwork.objects.filter(pk=work.pk).exists()


def test_after_a_minute_files_and_texts_go(client: Client, django_capture_on_commit_callbacks):
    work = make_artwork(has_files=True, title="Reef")
    storage, name = work.master.storage, work.master.name
    delete_work(work.author, work)
    assert finish_deletions() == 0 and storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        assert after_a_minute() == 1
    assert not Artwork.objects.filter(pk=work.pk).exists() and not storage.exists(name)
    with pytest.raises(Refused, match="too late"):
        restore_work(work.author, work)
    client.force_login(work.author)
    for nonsense in ("", "x", "7", "9" * 40):
        assert client.post("/me/restore/", {"deletion": nonsense}).status_code == 400


def test_what_was_deleted_together_comes_back_together(client: Client):
    ada = make_user("ada")
    now = timezone.now()
    works = [make_artwork(ada) for _ in range(3)]
    for work in works:
        delete_work(ada, work, at=now)
    other = make_artwork(ada)
    delete_work(ada, other, at=now + timedelta(seconds=1))
    client.force_login(ada)
    first = Deletion.objects.get(artwork=works[1])
    assert client.post("/me/restore/", {"deletion": first.pk}).headers["Location"] == "/me/"
    assert set(Artwork.objects.listed().filter(author=ada)) == set(works)
    assert Deletion.objects.get().artwork == other


def test_a_print_that_ends_meanwhile_is_there_after_the_undo():
    job = make_job()
    claimed = claim()
    assert claimed and claimed.pk == job.pk
    work = job.artwork
    delete_work(work.author, work)
    complete_print(claimed, Print("works/a.png", width=64, height=64, accent="#112233"))
    work.refresh_from_db()
    assert work.state == State.DELETED
    assert restore_work(work.author, work).state == State.PUBLISHED


def test_an_undo_does_not_undo_what_a_moderator_did():
    work = make_artwork()
    delete_work(work.author, work)
    Artwork.objects.filter(pk=work.pk).update(state=State.HIDDEN)
    assert restore_work(work.author, work).state == State.HIDDEN


def test_a_removed_comment_leaves_an_offer_and_comes_back_with_its_notification(client: Client):
    work = make_artwork()
    comment = make_comment(work, text="Fine moss.")
    make_notification(work.author, kind="comment", comment=comment, artwork=work)
    client.force_login(comment.author)
    path = f"/comment/{comment.pk}/remove/"
    fragment = client.post(path, headers={"HX-Request": "true"}).content.decode()
    deletion = Deletion.objects.get()
    assert "Undo" in fragment and f'value="{deletion.pk}"' in fragment and "Fine" not in fragment
    client.force_login(work.author)
    assert "Fine moss." not in client.get(work.get_absolute_url()).content.decode()
    assert not client.get("/me/notifications/").context["page"].items
    client.force_login(comment.author)
    answer = client.post("/me/restore/", {"deletion": deletion.pk})
    assert answer.headers["Location"].endswith(f"#comment-{comment.pk}")
    client.force_login(work.author)
    assert "Fine moss." in client.get(work.get_absolute_url()).content.decode()
    assert client.get("/me/notifications/").context["page"].items
    remove_comment(comment.author, comment)
    after_a_minute()
    assert not Comment.objects.exists()


def test_a_deleted_collection_is_closed_and_comes_back(client: Client):
    ada = make_user("ada")
    kept = make_collection(ada, works=[make_artwork()], title="Reefs")
    client.force_login(ada)
    page = client.post(f"/collection/{kept.slug}/delete/", follow=True).content.decode()
    assert "“Reefs” deleted." in page
    assert client.get(f"/collection/{kept.slug}/").status_code == 404
    assert client.get("/collections/").content.decode().count("Reefs") == 1, "In the offer alone."
    client.post("/me/restore/", {"deletion": Deletion.objects.get().pk})
    assert client.get(f"/collection/{kept.slug}/").status_code == 200
    delete_collection(ada, kept)
    after_a_minute()
    assert not Collection.objects.exists()
