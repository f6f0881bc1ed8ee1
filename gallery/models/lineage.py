"""Parentage: which work was bred from which."""

from django.db import models
from django.utils.translation import gettext_lazy

from gallery.models.terms import Licence


class Descent(models.TextChoices):
    """How a child comes from a parent: it has its genes, or was painted over its picture."""

    BRED = "bred", gettext_lazy("Bred")
    GRAFTED = "graft", gettext_lazy("Grafted")


class LineageEdge(models.Model):
    """One parent of one child, and its share of what the child inherited.

    A child's shares sum to 1; of the whole child, what is new in it (`novelty`) comes first.

    licence: the parent's licence at the time of breeding, on which the child may rely whatever
    licence the parent takes later.
    """

    parent = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("parent"),
        on_delete=models.PROTECT,
        related_name="child_edges",
    )
    child = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("child"),
        on_delete=models.CASCADE,
        related_name="parent_edges",
    )
    share = models.FloatField(gettext_lazy("share"))
    licence = models.CharField(
        gettext_lazy("licence"), max_length=24, choices=Licence.choices, blank=True
    )

    kind = models.CharField(
        gettext_lazy("kind"), max_length=8, choices=Descent.choices, default=Descent.BRED
    )

    class Meta:
        verbose_name = gettext_lazy("parentage")
        verbose_name_plural = gettext_lazy("parentages")
        constraints = [
            models.UniqueConstraint(fields=["child", "parent"], name="one_edge_a_parent"),
            models.CheckConstraint(
                condition=models.Q(share__gt=0, share__lte=1.000001), name="share_is_a_part"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("child")), name="nobody_is_their_own_parent"
            ),
        ]
        indexes = [
            models.Index(
                fields=["parent", "child", "share", "licence"], name="children_of_a_parent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} -> {self.child_id} ({self.share:.0%})"
