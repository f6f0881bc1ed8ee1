"""Collections: works that somebody put together, in an order.

An exhibition is a collection that curators show to everybody.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gallery.models.artwork import Artwork, make_slug
from gallery.models.fields import LineField, ProseField
from gallery.models.terms import State, Visibility
from gallery.types import AnyUser

if TYPE_CHECKING:
    from gallery.models.user import User


class CollectionKind(models.TextChoices):
    """Whose it is: a person's own, or the site's."""

    PERSONAL = "personal", gettext_lazy("Collection")
    EXHIBITION = "exhibition", gettext_lazy("Exhibition")


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Queries of collections and exhibitions, above all: what a person may open and edit."""

    def personal(self) -> "CollectionQuerySet":
        """Collections of people, as opposed to exhibitions."""
        return self.filter(kind=CollectionKind.PERSONAL, deleted_at__isnull=True)

    def exhibitions(self) -> "CollectionQuerySet":
        """Exhibitions, in every state."""
        return self.filter(kind=CollectionKind.EXHIBITION, deleted_at__isnull=True)

    def open_now(self) -> "CollectionQuerySet":
        """Exhibitions that are open now."""
        return self.exhibitions().filter(_opened(timezone.now()))

    def listed(self) -> "CollectionQuerySet":
        """People's collections that everybody can find."""
        return self.personal().filter(is_public=True, hidden_at__isnull=True)

    def shared_with(self, user: AnyUser) -> "CollectionQuerySet":
        """Collections to which this person contributes by an invitation they accepted."""
        return self.personal().filter(_is_member(user)) if user.is_authenticated else self.none()

    def visible_to(self, user: AnyUser) -> "CollectionQuerySet":
        """What this person may open: public, own and shared collections, and open exhibitions.

        Curators may open every exhibition. What a moderator hid is still open to those who arrange
        it, and to moderators.
        """
        allowed = Q(kind=CollectionKind.PERSONAL, is_public=True, hidden_at__isnull=True)
        allowed |= Q(kind=CollectionKind.EXHIBITION) & _opened(timezone.now())
        if user.is_authenticated:
            allowed |= Q(kind=CollectionKind.PERSONAL) & (Q(owner=user) | Q(_is_member(user)))
            if user.is_curator:
                allowed |= Q(kind=CollectionKind.EXHIBITION)
            if user.is_moderator:
                allowed |= Q(hidden_at__isnull=False)
        return self.filter(allowed, deleted_at__isnull=True)

    def editable_by(self, user: AnyUser) -> "CollectionQuerySet":
        """What this person may edit, delete and invite to: their own; curators, all exhibitions."""
        if not user.is_authenticated:
            return self.none()
        allowed = Q(kind=CollectionKind.PERSONAL, owner=user)
        return self.filter(
            allowed | Q(kind=CollectionKind.EXHIBITION) if user.is_curator else allowed,
            deleted_at__isnull=True,
        )

    def arrangeable_by(self, user: AnyUser) -> "CollectionQuerySet":
        """Where this person may add and order works: what they may edit or were invited to."""
        if not user.is_authenticated:
            return self.none()
        allowed = Q(kind=CollectionKind.PERSONAL) & (Q(owner=user) | Q(_is_member(user)))
        return self.filter(
            allowed | Q(kind=CollectionKind.EXHIBITION) if user.is_curator else allowed,
            deleted_at__isnull=True,
        )


def _opened(now: datetime) -> Q:
    """The condition of an exhibition that is open at this time."""
    return Q(opens_at__lte=now, hidden_at__isnull=True) & (
        Q(closes_at__isnull=True) | Q(closes_at__gt=now)
    )


def _is_member(user: "User", *, of: str = "pk") -> Exists:
    """Whether a person accepted an invitation to the collection whose id is in the column `of`."""
    return Exists(
        CollectionMember.objects.filter(
            collection=OuterRef(of), user=user, accepted_at__isnull=False
        )
    )


class Collection(models.Model):
    """An ordered list of works with a title and a text.

    A public collection is open to everybody, a private one to its owner and to those who accepted
    an invitation, who may also add works. An exhibition is open from `opens_at` (empty: it is a
    draft) to `closes_at` (empty: for good). What a moderator hid stays closed to everybody else
    until a moderator shows it again, whatever the owner changes.
    """

    slug = models.SlugField(
        gettext_lazy("address"), max_length=20, unique=True, default=make_slug, editable=False
    )
    kind = models.CharField(
        gettext_lazy("kind"),
        max_length=10,
        choices=CollectionKind.choices,
        default=CollectionKind.PERSONAL,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("owner"),
        on_delete=models.CASCADE,
        related_name="collections",
    )
    title = LineField(gettext_lazy("title"), max_length=120)
    text = ProseField(gettext_lazy("text"), max_length=8000, blank=True)
    is_public = models.BooleanField(gettext_lazy("public"), default=True)
    cover = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    opens_at = models.DateTimeField(gettext_lazy("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(gettext_lazy("closes at"), null=True, blank=True)
    announced_at = models.DateTimeField(
        gettext_lazy("announced at"),
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy(
            "When makers were notified that the exhibition with their works had opened."
        ),
    )
    hidden_at = models.DateTimeField(
        gettext_lazy("hidden at"),
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When a moderator hid it. Empty if it isn't hidden."),
    )
    deleted_at = models.DateTimeField(
        gettext_lazy("deleted at"),
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When it was deleted. It can be restored for a minute."),
    )
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(gettext_lazy("changed at"), auto_now=True)

    # Set for templates by gallery.collections.cards and, the last one, by views_edit.
    previews: list[Artwork]
    work_count: int
    is_fixed: bool

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("collection")
        verbose_name_plural = gettext_lazy("collections")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="collections_of_a_person"),
            models.Index(fields=["kind", "-opens_at"], name="exhibitions_by_opening"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse(
            "exhibition" if self.kind == CollectionKind.EXHIBITION else "collection",
            args=[self.slug],
        )

    @property
    def is_exhibition(self) -> bool:
        return self.kind == CollectionKind.EXHIBITION

    @property
    def is_open(self) -> bool:
        """Whether everybody may see it now."""
        return (
            self.stage == "open"
            if self.is_exhibition
            else self.is_public and self.hidden_at is None
        )

    @property
    def stage(self) -> str:
        """Where an exhibition stands: hidden (by a moderator), draft, scheduled, open or closed."""
        now = timezone.now()
        if self.hidden_at is not None:
            return "hidden"
        if self.opens_at is None:
            return "draft"
        if self.closes_at is not None and self.closes_at <= now:
            return "closed"
        return "open" if self.opens_at <= now else "scheduled"


class CollectionItemQuerySet(models.QuerySet["CollectionItem"]):
    """Queries of the works in collections."""

    def shown_to(self, user: AnyUser) -> "CollectionItemQuerySet":
        """Items whose works this person may see in the collection; the others are not counted.

        Visitors see listed works only, because showing an unlisted work in a public collection
        would reveal it. Those who contribute also see every work that they may open.
        """
        shown = Q(artwork__state=State.PUBLISHED, artwork__visibility=Visibility.PUBLIC)
        if user.is_authenticated:
            contributes = Q(collection__owner=user) | Q(_is_member(user, of="collection"))
            contributes &= Q(collection__kind=CollectionKind.PERSONAL)
            if user.is_curator:
                contributes |= Q(collection__kind=CollectionKind.EXHIBITION)
            shown |= contributes & Q(
                artwork__in=Artwork.objects.visible_to(user).order_by().values("pk")
            )
        return self.filter(shown)

    def for_pages(self) -> "CollectionItemQuerySet":
        """The same items, fetched with what a page of them needs and no more."""
        heavy = ("genome", "pedigree", "description")
        return self.select_related("artwork__author", "artwork__species").defer(
            *(f"artwork__{name}" for name in heavy)
        )


class CollectionItem(models.Model):
    """One work in a collection, with its position and a caption."""

    collection = models.ForeignKey(
        Collection,
        verbose_name=gettext_lazy("collection"),
        on_delete=models.CASCADE,
        related_name="items",
    )
    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        on_delete=models.CASCADE,
        related_name="collection_items",
    )
    position = models.PositiveIntegerField(gettext_lazy("position"))
    caption = LineField(gettext_lazy("caption"), max_length=400, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("added by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    added_at = models.DateTimeField(gettext_lazy("added at"), auto_now_add=True)

    objects = CollectionItemQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("work in a collection")
        verbose_name_plural = gettext_lazy("works in collections")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "artwork"], name="each_work_once_a_collection"
            )
        ]
        indexes = [models.Index(fields=["collection", "position", "id"], name="items_in_order")]

    def __str__(self) -> str:
        return f"{self.artwork_id} in {self.collection_id}"


class CollectionMember(models.Model):
    """A person who was invited to contribute; a member once they accepted."""

    collection = models.ForeignKey(
        Collection,
        verbose_name=gettext_lazy("collection"),
        on_delete=models.CASCADE,
        related_name="members",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("person"),
        on_delete=models.CASCADE,
        related_name="collection_memberships",
    )
    invited_at = models.DateTimeField(gettext_lazy("invited at"), auto_now_add=True)
    accepted_at = models.DateTimeField(gettext_lazy("accepted at"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("collaborator")
        verbose_name_plural = gettext_lazy("collaborators")
        constraints = [
            models.UniqueConstraint(fields=["collection", "user"], name="one_membership_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.collection_id}"
