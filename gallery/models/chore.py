"""Something the garden does for itself now and then."""

from django.db import models


class Chore(models.Model):
    """When a chore is due again. Whoever moves `due_at` on does it, so of many processes only one does."""

    name = models.CharField(max_length=30, primary_key=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
