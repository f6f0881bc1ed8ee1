"""A tag: one word that groups works."""

from django.db import models
from django.urls import reverse


class Tag(models.Model):
    """A word under which works are found; `slug` is its identity, `name` the spelling of whoever used it first."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.slug])
