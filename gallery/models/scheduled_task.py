"""Periodic maintenance of the site."""

from django.db import models
from django.utils.translation import gettext_lazy


class ScheduledTask(models.Model):
    """When a periodic task is due again.

    Several processes may find it due; the one whose UPDATE moves `due_at` on runs it.
    """

    name = models.CharField(gettext_lazy("name"), max_length=30, primary_key=True)
    due_at = models.DateTimeField(gettext_lazy("due at"))

    class Meta:
        verbose_name = gettext_lazy("chore")
        verbose_name_plural = gettext_lazy("chores")

    def __str__(self) -> str:
        return self.name
