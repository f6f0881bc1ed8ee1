"""A generator: the public card of one species."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy


class Medium(models.TextChoices):
    """What a species makes."""

    PICTURE = "picture", gettext_lazy("Picture")
    MUSIC = "music", gettext_lazy("Music")


class Generator(models.Model):
    """The card of one frozen net or program. Rows outlive the folder on disk, so works keep their credit without it."""

    key = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=80)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64)
    licence = models.CharField(max_length=80)
    credit = models.CharField(max_length=300)
    description = models.TextField()
    card = models.JSONField(default=dict)
    is_available = models.BooleanField(default=True)
    problem = models.CharField(max_length=300, blank=True, help_text=gettext_lazy("Why it cannot be used, in a sentence."))

    class Meta:
        ordering = ["medium", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("generator", args=[self.key])
