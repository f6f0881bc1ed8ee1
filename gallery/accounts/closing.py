"""Closing an account for good: works go or become tombstones, and nothing personal stays."""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gallery.accounts.forgetting import forget_names
from gallery.artworks.developing import developed_files
from gallery.artworks.tombstones import leave_tombstone
from gallery.core.files import delete_files
from gallery.core.permissions import require_user
from gallery.discovery.figures import recount_children, recount_likes
from gallery.discovery.indexing import unindex_deleted_collections, unindex_person
from gallery.models import (
    ApiToken,
    Artwork,
    Boundary,
    Collection,
    CollectionItem,
    CollectionKind,
    CollectionMember,
    Comment,
    Follow,
    Job,
    Like,
    Notification,
    Report,
    Role,
    State,
    Suspension,
    User,
    text_index,
)
from gallery.sharing.downloads import saved_copies
from gallery.types import AnyUser
from generation.refusal import Refused

CLOSED = "A closed account"


def is_last_administrator(user: User) -> bool:
    """Whether this person administers the site and nobody else does."""
    return user.is_administrator and not _administrators().exclude(pk=user.pk).exists()


def _administrators() -> QuerySet[User]:
    return User.objects.filter(Q(is_superuser=True) | Q(role=Role.ADMINISTRATOR), is_active=True)


def close_account(user: AnyUser, *, user_name: str) -> None:
    """Close one's own account for good. user_name: typed once more, to confirm.

    Works without children go with their files; works with children become tombstones. Comments go,
    or stay as tombstones where others answered. Likes, follows, collections, tokens, passkeys,
    notifications and sessions go. Exhibitions belong to the site and pass to an administrator. The
    person's row stays under a random name, for the lineage.
    """
    user = require_user(user)
    if user_name.strip() != user.username:
        raise Refused("Type your username, {name}, exactly as shown.", name=user.username)
    with transaction.atomic():
        found = User.objects.select_for_update().get(pk=user.pk)
        # Locked, so that the last two administrators cannot close their accounts at once.
        list(
            User.objects.select_for_update()
            .filter(Q(is_superuser=True) | Q(role=Role.ADMINISTRATOR))
            .values_list("pk")
        )
        if is_last_administrator(found):
            raise Refused(
                "You are the only administrator. Make someone else an administrator first, then"
                " close your account."
            )
        before = {
            "username": found.username,
            "display_name": found.display_name,
            "email": found.email,
        }
        names = _remove_works(found)
        names += _remove_jobs(found)
        _remove_comments(found)
        _remove_relations(found)
        _pass_on_exhibitions(found)
        _remove_credentials(found)
        _empty_row(found)
        forget_names(found, **before)
        unindex_person(found)
        unindex_deleted_collections()
    transaction.on_commit(lambda: delete_files(names))


def _remove_works(user: User) -> list[str]:
    """Remove all works, children before parents. Returns the names of their files."""
    works = Artwork.objects.filter(author=user)
    # The metadata of children's saved downloads names this person; downloads are made anew on
    # demand.
    children = (
        Artwork.objects.filter(parent_edges__parent__author=user).exclude(author=user).distinct()
    )
    names = [name for work in children for name in saved_copies(work)]
    for work in works:
        names += work.file_names + saved_copies(work)
    names += list(
        Job.objects.filter(artwork__author=user).exclude(result="").values_list("result", flat=True)
    )
    bred_from = list(
        Artwork.objects.filter(child_edges__child__author=user).exclude(author=user).distinct()
    )
    Report.objects.filter(artwork__author=user).delete()
    while True:
        leaves = list(works.filter(child_edges__isnull=True).values_list("pk", flat=True))
        if not leaves:
            break
        for key in leaves:
            text_index.delete(key)
        Artwork.objects.filter(pk__in=leaves).delete()
    for work in works.exclude(state=State.REMOVED):
        leave_tombstone(work)
    works.update(title="A removed work", pedigree={})
    recount_children(bred_from)
    return [name for name in names if name]


def _remove_jobs(user: User) -> list[str]:
    """Remove exports, imports, developed broods and prints of others' works.

    Returns the names of their files.
    """
    jobs = Job.objects.filter(owner=user)
    names = list(jobs.exclude(result="").values_list("result", flat=True))
    names += [
        name for payload in jobs.values_list("payload", flat=True) if (name := payload.get("file"))
    ]
    jobs.delete()
    return names + developed_files(user)


def _remove_comments(user: User) -> None:
    """Remove the comments; one that others answered becomes a tombstone above the answers."""
    own = Comment.objects.filter(author=user)
    own.filter(parent__isnull=False).delete()
    answered = own.filter(answers__isnull=False).distinct()
    Report.objects.filter(comment__in=answered).delete()
    answered_ids = list(answered.values_list("pk", flat=True))
    own.exclude(pk__in=answered_ids).delete()
    now = timezone.now()
    own.filter(deleted_at__isnull=True).update(deleted_at=now)
    own.update(text="")


def _remove_relations(user: User) -> None:
    """Remove what relates the person to works and to others, such as likes, follows and reports."""
    liked = list(Artwork.objects.filter(likes__user=user))
    Like.objects.filter(user=user).delete()
    for work in liked:
        recount_likes(work)
    Follow.objects.filter(Q(follower=user) | Q(followed=user)).delete()
    Boundary.objects.filter(Q(user=user) | Q(other=user)).delete()
    Collection.objects.filter(owner=user, kind=CollectionKind.PERSONAL).delete()
    CollectionMember.objects.filter(user=user).delete()
    CollectionItem.objects.filter(added_by=user).update(added_by=None)
    Notification.objects.filter(Q(user=user) | Q(actor=user)).delete()
    Report.objects.filter(person=user).delete()
    Report.objects.filter(reporter=user).update(reporter=None, text="", email="")
    Suspension.objects.filter(user=user).delete()


def _pass_on_exhibitions(user: User) -> None:
    """Hand exhibitions, which belong to the site, over to an administrator."""
    heir = _administrators().exclude(pk=user.pk).order_by("pk").first()
    exhibitions = Collection.objects.filter(owner=user)
    if heir is None:
        exhibitions.delete()
    else:
        exhibitions.update(owner=heir)


def _remove_credentials(user: User) -> None:
    """Remove tokens, email addresses, passkeys, entries of the admin's log, and all sessions."""
    ApiToken.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    LogEntry.objects.filter(user=user).delete()
    sessions = [
        session.pk
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    for start in range(0, len(sessions), 500):
        Session.objects.filter(pk__in=sessions[start : start + 500]).delete()


def _empty_row(user: User) -> None:
    user.username = f"closed-{secrets.token_hex(8)}"
    user.display_name, user.bio, user.email, user.language = CLOSED, "", "", ""
    user.notification_settings, user.links, user.avatar = {}, [], None
    user.role, user.is_staff, user.is_superuser, user.is_active = Role.MEMBER, False, False, False
    user.closed_at = user.date_joined = timezone.now()
    user.last_login = None
    user.set_unusable_password()
    user.groups.clear()
    user.user_permissions.clear()
    user.save()
