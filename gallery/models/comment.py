"""A comment under a work."""

from django.conf import settings
from django.db import models


class Comment(models.Model):
    """What a person said under a work; answers hang under a first comment, one level deep.

    A deleted comment with answers stays as an empty place. `is_hidden`: taken down by a moderator.
    """

    artwork = models.ForeignKey("gallery.Artwork", on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["artwork", "parent", "id"], name="comments_of_a_work"),
            models.Index(fields=["author", "-id"], name="comments_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
