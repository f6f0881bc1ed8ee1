"""A tag: one word that groups works."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from gallery.models.fields import LineField, UnaccentedField


class Tag(models.Model):
    """A tag on works. `slug` identifies it; `name` is the spelling of whoever used it first.

    A slug is the folded name in its own script (`gallery.models.texts.slug_of`): 红花2, c++.
    """

    size: int  # In a tag cloud, 1 to gallery.discovery.tags.SIZES.

    slug = models.CharField(gettext_lazy("address"), max_length=80, unique=True)
    unaccented = UnaccentedField(
        gettext_lazy("address without accents"), max_length=80, editable=False
    )
    name = LineField(gettext_lazy("name"), max_length=40)
    number = models.PositiveIntegerField(
        gettext_lazy("works"),
        default=0,
        help_text=gettext_lazy("Number of public works with this tag, as last counted."),
    )

    class Meta:
        verbose_name = gettext_lazy("tag")
        verbose_name_plural = gettext_lazy("tags")
        ordering = ["slug"]
        indexes = [
            models.Index(fields=["-number", "slug"], name="tags_by_number"),
            models.Index(fields=["unaccented", "-number"], name="tags_by_unaccented"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.slug])
