"""A species: the public card of one frozen net or program."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from gallery.models import Artwork


class Medium(models.TextChoices):
    """What a species makes."""

    PICTURE = "picture", gettext_lazy("Picture")
    MUSIC = "music", gettext_lazy("Music")


class Species(models.Model):
    """The card of one frozen net or program.

    The row stays when the checkpoint's folder is gone, so that its works keep their credit.
    """

    key = models.SlugField(gettext_lazy("key"), primary_key=True, max_length=60)
    name = models.CharField(gettext_lazy("name"), max_length=80)
    medium = models.CharField(gettext_lazy("medium"), max_length=10, choices=Medium.choices)
    version = models.PositiveIntegerField(gettext_lazy("version"), default=1)
    digest = models.CharField(gettext_lazy("digest"), max_length=64)
    licence = models.CharField(gettext_lazy("licence"), max_length=80)
    credit = models.CharField(gettext_lazy("credit"), max_length=300)
    description = models.TextField(gettext_lazy("description"))
    card = models.JSONField(gettext_lazy("card"), default=dict)
    has_age_gate = models.BooleanField(
        gettext_lazy("for adults"),
        default=False,
        help_text=gettext_lazy("Its works are hidden from people who have not asked for them."),
    )
    is_available = models.BooleanField(gettext_lazy("can be used"), default=True)
    problem = models.CharField(
        gettext_lazy("problem"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Why it can't be used, in one sentence."),
    )

    # Set by the overview for its template: the newest works, and a gallery.species.sheets.Sheet.
    newest: "list[Artwork]"
    sheet: Any

    class Meta:
        verbose_name = gettext_lazy("species")
        verbose_name_plural = gettext_lazy("species")
        ordering = ["medium", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("species", args=[self.key])
