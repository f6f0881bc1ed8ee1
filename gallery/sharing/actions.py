"""Share links to works that are not public, and new secret addresses for such works."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from gallery.core.files import delete_files
from gallery.core.permissions import check_may_act
from gallery.lineage.references import rename_work, works_in
from gallery.models import Artwork, ShareLink, State, User, Visibility
from gallery.models.artwork import make_slug
from gallery.models.texts import clean_line
from gallery.sharing.downloads import saved_copies
from generation.refusal import Refused

MAX_LINKS = 50  # Open links of one work.
MAX_DAYS = 366
MAX_NOTE = 120  # Characters.
TOKEN_BYTES = 18  # 144 random bits, written as 24 characters.


def is_open(link: ShareLink) -> bool:
    """Whether the link still opens its work; no link opens a work that moderators have hidden."""
    is_valid = link.revoked_at is None and (
        link.expires_at is None or link.expires_at > timezone.now()
    )
    return is_valid and link.artwork.state == State.PUBLISHED


def make_link(
    user: User, artwork: Artwork, *, note: str = "", days: int | None = None
) -> ShareLink:
    """Make a link that opens this work to whoever has it.

    days: how long it is valid; None until it is revoked. Raises Refused for a work of somebody
    else, a public one, an impossible number of days and the 51st link.
    """
    check_may_act(user)
    note = clean_line(note)
    if len(note) > MAX_NOTE:
        raise Refused("Say in at most 120 plain characters who the link is for.")
    if days is not None and (type(days) is not int or not 1 <= days <= MAX_DAYS):
        raise Refused(
            "A link can be valid for 1 to {most} days, or until you revoke it.", most=MAX_DAYS
        )
    with transaction.atomic():
        found = _lock_own(user, artwork)
        if found.visibility == Visibility.PUBLIC:
            raise Refused(
                "Everybody can open this work at its own address. Share that, or make the work"
                " private first."
            )
        now = timezone.now()
        open_links = found.share_links.filter(revoked_at__isnull=True).exclude(expires_at__lte=now)
        if open_links.count() >= MAX_LINKS:
            raise Refused(
                "This work already has {most} active links. Revoke one you no longer need.",
                most=MAX_LINKS,
            )
        expires_at = now + timedelta(days=days) if days else None
        return ShareLink.objects.create(
            token=secrets.token_urlsafe(TOKEN_BYTES),
            artwork=found,
            note=note,
            expires_at=expires_at,
        )


def revoke_link(user: User, link: ShareLink) -> None:
    """Revoke a link. Doing it twice changes nothing."""
    check_may_act(user)
    with transaction.atomic():
        _lock_own(user, link.artwork)
        ShareLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )


def renew_address(user: User, artwork: Artwork) -> Artwork:
    """Give a work that is not public a new secret address; the old one no longer works.

    The pedigrees of its children name it by its address, so they are rewritten too.
    """
    check_may_act(user)
    with transaction.atomic():
        found = _lock_own(user, artwork)
        if found.visibility == Visibility.PUBLIC:
            raise Refused("A public work keeps its address, so that links to it keep working.")
        copies = saved_copies(found)  # Their paths hold the old address.
        old, found.slug = found.slug, make_slug()
        try:
            with transaction.atomic():
                found.save(update_fields=["slug"])
        except IntegrityError as error:  # Two random slugs of 62 bits are the same: try again.
            raise Refused("That didn't work. Please try again.") from error
        for child in Artwork.objects.filter(parent_edges__parent=found).only("pedigree"):
            roots = child.pedigree.get("roots", [])
            if old in works_in(roots):
                names = {old: found.slug}
                child.pedigree["roots"] = [rename_work(root, names) or root for root in roots]
                child.save(update_fields=["pedigree"])
    transaction.on_commit(lambda: delete_files(copies))
    return found


def _lock_own(user: User, artwork: Artwork) -> Artwork:
    own = Artwork.objects.editable_by(user).filter(author=user)
    found = own.select_for_update(of=("self",)).filter(pk=artwork.pk).first()
    if found is None:
        raise Refused("Only the maker of a work can share it this way.")
    return found
