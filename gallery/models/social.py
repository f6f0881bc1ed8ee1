"""What people do with each other's works."""

from django.conf import settings
from django.db import models


class Favourite(models.Model):
    """A person keeps a work at hand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    artwork = models.ForeignKey("gallery.Artwork", on_delete=models.CASCADE, related_name="favourites")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "artwork"], name="one_favourite_a_work")]
        indexes = [models.Index(fields=["user", "-id"], name="favourites_of_a_user")]

    def __str__(self) -> str:
        return f"{self.user} keeps {self.artwork}"
