"""How far a demo garden has grown."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy


class PlantingQuerySet(models.QuerySet["Planting"]):
    def unfinished(self) -> "PlantingQuerySet":
        return self.filter(finished_at=None)


class Planting(models.Model):
    """One demo garden: what it grows from, how far it is, and which process works on it.

    A process that works on it writes its `token` and a `lease_until`, and extends the lease while
    it works. When it dies, the lease runs out, and another process goes on.
    """

    seed = models.PositiveIntegerField(gettext_lazy("seed"), primary_key=True)
    with_people = models.BooleanField(gettext_lazy("with people"), default=True)
    total = models.PositiveIntegerField(gettext_lazy("works in all"), default=0)
    planted = models.PositiveIntegerField(gettext_lazy("works planted"), default=0)
    token = models.UUIDField(gettext_lazy("token"), null=True, blank=True)
    lease_until = models.DateTimeField(gettext_lazy("leased until"), null=True, blank=True)
    started_at = models.DateTimeField(gettext_lazy("started at"), default=timezone.now)
    finished_at = models.DateTimeField(gettext_lazy("finished at"), null=True, blank=True)

    objects = PlantingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("planting")
        verbose_name_plural = gettext_lazy("plantings")
        ordering = ["started_at"]

    def __str__(self) -> str:
        return f"{self.seed}: {self.planted}/{self.total}"

    def hold(self, token: uuid.UUID, *, for_: timedelta) -> bool:
        """Take or extend the lease; False while another process holds it, or all is done."""
        now = timezone.now()
        free = Q(token=token) | Q(lease_until=None) | Q(lease_until__lt=now)
        mine = Planting.objects.unfinished().filter(free, pk=self.pk)
        return bool(mine.update(token=token, lease_until=now + for_))
