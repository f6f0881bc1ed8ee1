"""Something the garden does for itself now and then."""

from django.db import models
from django.utils.translation import gettext_lazy


class ScheduledTask(models.Model):
    """When a chore is due again. Whoever moves `due_at` on does it, so of many processes only one
    does.
    """

    name = models.CharField(gettext_lazy("name"), max_length=30, primary_key=True)
    due_at = models.DateTimeField(gettext_lazy("due at"))

    class Meta:
        verbose_name = gettext_lazy("chore")
        verbose_name_plural = gettext_lazy("chores")

    def __str__(self) -> str:
        return self.name
