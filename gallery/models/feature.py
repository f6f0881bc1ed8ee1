"""Feature vectors of works, by which similar ones are found."""

from django.db import models
from django.utils.translation import gettext, gettext_lazy


class ArtworkFeature(models.Model):
    """The feature vector of a work (gallery.discovery.features), made when it was printed.

    vector: little-endian float16, features.LENGTHS[medium] numbers, a unit vector.
    kind: the medium and the version of the features; only vectors of one kind are compared.
    """

    artwork = models.OneToOneField(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="feature",
    )
    kind = models.CharField(gettext_lazy("kind"), max_length=12)
    vector = models.BinaryField(gettext_lazy("vector"))

    class Meta:
        verbose_name = gettext_lazy("features of a work")
        verbose_name_plural = gettext_lazy("features of works")

    def __str__(self) -> str:
        return gettext("Features of work {number}").format(number=self.artwork_id)


class FeatureBand(models.Model):
    """One bucket of locality-sensitive hashing; similar works share some buckets."""

    bucket = models.BigIntegerField(gettext_lazy("bucket"))
    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        on_delete=models.CASCADE,
        related_name="feature_bands",
    )

    class Meta:
        verbose_name = gettext_lazy("bucket of similar works")
        verbose_name_plural = gettext_lazy("buckets of similar works")
        indexes = [
            models.Index(models.F("bucket"), models.F("artwork").desc(), name="works_of_a_bucket")
        ]

    def __str__(self) -> str:
        return f"{self.artwork_id} in {self.bucket}"
