"""A tag: one word that groups works."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy


class Tag(models.Model):
    """A word under which works are found; `slug` is its identity, `name` the spelling of whoever used it first."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=0, help_text=gettext_lazy("Public works under it, as last counted."))

    class Meta:
        ordering = ["slug"]
        indexes = [models.Index(fields=["-number", "slug"], name="tags_by_number")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.slug])
