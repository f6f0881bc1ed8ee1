"""A collection: works somebody put together, in an order; an exhibition is a collection that
curators show to everybody.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gallery.models.artwork import Artwork, State, Visibility, make_slug


class CollectionKind(models.TextChoices):
    """Whose it is: a person's own, or the garden's."""

    PERSONAL = "personal", gettext_lazy("Collection")
    EXHIBITION = "exhibition", gettext_lazy("Exhibition")


class CollectionQuerySet(models.QuerySet):
    """The only doors to collections and exhibitions."""

    def personal(self) -> "CollectionQuerySet":
        """Those of people."""
        return self.filter(kind=CollectionKind.PERSONAL)

    def exhibitions(self) -> "CollectionQuerySet":
        """Those of the garden, in every state."""
        return self.filter(kind=CollectionKind.EXHIBITION)

    def open_now(self) -> "CollectionQuerySet":
        """Exhibitions that have opened and not closed."""
        return self.exhibitions().filter(_opened(timezone.now()))

    def listed(self) -> "CollectionQuerySet":
        """People's collections that stand where everybody looks."""
        return self.personal().filter(is_public=True, hidden_at__isnull=True)

    def shared_with(self, user) -> "CollectionQuerySet":
        """Those in which this person collects by an invitation they accepted."""
        return self.personal().filter(_is_member(user)) if user.is_authenticated else self.none()

    def visible_to(self, user) -> "CollectionQuerySet":
        """What this person may open: public collections, open exhibitions, their own and shared
        ones; curators, every draft.

        Of what a moderator hid, who arranges it still sees it, and the moderators do.
        """
        allowed = Q(kind=CollectionKind.PERSONAL, is_public=True, hidden_at__isnull=True)
        allowed |= Q(kind=CollectionKind.EXHIBITION) & _opened(timezone.now())
        if user.is_authenticated:
            allowed |= Q(kind=CollectionKind.PERSONAL) & (Q(owner=user) | _is_member(user))
            if user.is_curator:
                allowed |= Q(kind=CollectionKind.EXHIBITION)
            if user.is_moderator:
                allowed |= Q(hidden_at__isnull=False)
        return self.filter(allowed)

    def editable_by(self, user) -> "CollectionQuerySet":
        """What this person may rename, close, delete and invite to: their own; curators, every
        exhibition.
        """
        if not user.is_authenticated:
            return self.none()
        allowed = Q(kind=CollectionKind.PERSONAL, owner=user)
        return self.filter(
            allowed | Q(kind=CollectionKind.EXHIBITION) if user.is_curator else allowed
        )

    def arrangeable_by(self, user) -> "CollectionQuerySet":
        """Where this person may put works in and order them: what they may edit, and what they were
        invited to.
        """
        if not user.is_authenticated:
            return self.none()
        allowed = Q(kind=CollectionKind.PERSONAL) & (Q(owner=user) | _is_member(user))
        return self.filter(
            allowed | Q(kind=CollectionKind.EXHIBITION) if user.is_curator else allowed
        )


def _opened(now: datetime) -> Q:
    return Q(opens_at__lte=now, hidden_at__isnull=True) & (
        Q(closes_at__isnull=True) | Q(closes_at__gt=now)
    )


def _is_member(user, *, of: str = "pk") -> Exists:
    return Exists(
        CollectionMember.objects.filter(
            collection=OuterRef(of), user=user, accepted_at__isnull=False
        )
    )


class Collection(models.Model):
    """An ordered list of works with a title and a text.

    A public one is open to everybody, a private one to its owner and those who accepted an
    invitation, who may also put works in. An exhibition is open from `opens_at` (never while that
    is empty: a draft) to `closes_at` (empty: for good). What a moderator hid is open to none of the
    others until a moderator shows it again, whatever the owner wishes meanwhile.
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
    title = models.CharField(gettext_lazy("title"), max_length=120)
    text = models.TextField(gettext_lazy("text"), max_length=8000, blank=True)
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


class CollectionItemQuerySet(models.QuerySet):
    """The only door to what is inside."""

    def shown_to(self, user) -> "CollectionItemQuerySet":
        """Items whose works this person may see here; the others are left out and counted to
        nobody.

        Everybody sees listed works alone: an unlisted work in a public collection would be unlisted
        no more. Who collects there also sees what is open to them otherwise.
        """
        shown = Q(artwork__state=State.PUBLISHED, artwork__visibility=Visibility.PUBLIC)
        if user.is_authenticated:
            collects = Q(collection__owner=user) | _is_member(user, of="collection")
            collects &= Q(collection__kind=CollectionKind.PERSONAL)
            if user.is_curator:
                collects |= Q(collection__kind=CollectionKind.EXHIBITION)
            shown |= collects & Q(
                artwork__in=Artwork.objects.visible_to(user).order_by().values("pk")
            )
        return self.filter(shown)

    def for_pages(self) -> "CollectionItemQuerySet":
        """What a page of items needs, and no more."""
        heavy = ("genome", "pedigree", "description")
        return self.select_related("artwork__author", "artwork__species").defer(
            *(f"artwork__{name}" for name in heavy)
        )


class CollectionItem(models.Model):
    """One work in a collection, at a place, with words of whoever put it there."""

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
    caption = models.CharField(gettext_lazy("caption"), max_length=400, blank=True)
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
    """A person who was invited to collect together; they are one once they accepted."""

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
