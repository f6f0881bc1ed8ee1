"""What was deleted a moment ago and can still be restored."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class Deletion(models.Model):
    """A work, comment or collection that its deleter may restore within `gallery.core.undo.WINDOW`.

    It is hidden meanwhile. Afterwards `gallery.maintenance` deletes it for good, and this row with
    it. state: that of the work before.
    """

    artwork = models.OneToOneField(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        null=True,
        on_delete=models.CASCADE,
        related_name="deletion",
    )
    comment = models.OneToOneField(
        "gallery.Comment",
        verbose_name=gettext_lazy("comment"),
        null=True,
        on_delete=models.CASCADE,
        related_name="deletion",
    )
    collection = models.OneToOneField(
        "gallery.Collection",
        verbose_name=gettext_lazy("collection"),
        null=True,
        on_delete=models.CASCADE,
        related_name="deletion",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("deleted by"),
        on_delete=models.CASCADE,
        related_name="deletions",
    )
    state = models.CharField(gettext_lazy("state before"), max_length=12, blank=True)
    at = models.DateTimeField(gettext_lazy("deleted at"), db_index=True)

    class Meta:
        verbose_name = gettext_lazy("deletion")
        verbose_name_plural = gettext_lazy("deletions")
        constraints = [
            models.CheckConstraint(
                condition=Q(artwork__isnull=False, comment__isnull=True, collection__isnull=True)
                | Q(artwork__isnull=True, comment__isnull=False, collection__isnull=True)
                | Q(artwork__isnull=True, comment__isnull=True, collection__isnull=False),
                name="deletion_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.artwork or self.comment or self.collection)
