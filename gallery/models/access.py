"""Keys that people hand out: links to a work that is not public, and tokens for programs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy


class ShareLink(models.Model):
    """An address under which whoever has it may look at one work, until it expires or is revoked.

    The link opens the page and the files of the work, whatever its visibility; it never allows breeding.
    """

    token = models.CharField(max_length=32, unique=True)
    artwork = models.ForeignKey("gallery.Artwork", on_delete=models.CASCADE, related_name="share_links")
    note = models.CharField(max_length=120, blank=True, help_text=gettext_lazy("For whom it is."))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Link to {self.artwork_id}"


class ApiToken(models.Model):
    """A secret with which a program acts for a person; only the SHA-256 of it is kept.

    scopes: list of "read", "write", "publish"; `read` sees what its person sees.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8, help_text=gettext_lazy("The first letters, so that people recognise it."))
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"
