"""A collection: works somebody put together, in an order; an exhibition is a collection that curators show to everybody."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from gallery.models.artwork import make_slug


class CollectionKind(models.TextChoices):
    """Whose it is: a person's own, or the garden's."""

    PERSONAL = "personal", "Collection"
    EXHIBITION = "exhibition", "Exhibition"


class Collection(models.Model):
    """An ordered list of works with a title and a text.

    A public one is open to everybody, a private one to its owner and those who accepted an invitation, who may also put
    works in. An exhibition is open from `opens_at` (never while that is empty: a draft) to `closes_at` (empty: for good).
    """

    slug = models.SlugField(max_length=20, unique=True, default=make_slug, editable=False)
    kind = models.CharField(max_length=10, choices=CollectionKind.choices, default=CollectionKind.PERSONAL)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=8000, blank=True)
    is_public = models.BooleanField(default=True)
    cover = models.ForeignKey("gallery.Artwork", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="collections_of_a_person"),
            models.Index(fields=["kind", "-opens_at"], name="exhibitions_by_opening"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exhibition" if self.kind == CollectionKind.EXHIBITION else "collection", args=[self.slug])


class CollectionItem(models.Model):
    """One work in a collection, at a place, with words of whoever put it there."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    artwork = models.ForeignKey("gallery.Artwork", on_delete=models.CASCADE, related_name="collection_items")
    position = models.PositiveIntegerField()
    caption = models.CharField(max_length=400, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["collection", "artwork"], name="each_work_once_a_collection")]
        indexes = [models.Index(fields=["collection", "position", "id"], name="items_in_order")]

    def __str__(self) -> str:
        return f"{self.artwork_id} in {self.collection_id}"


class CollectionMember(models.Model):
    """A person who was invited to collect together; they are one once they accepted."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collection_memberships")
    invited_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "user"], name="one_membership_a_person")]

    def __str__(self) -> str:
        return f"{self.user} in {self.collection_id}"
