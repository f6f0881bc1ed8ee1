"""Access that people grant: links to a work that is not public, and API tokens for programs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, gettext_lazy

from gallery.models.fields import LineField


class ShareLink(models.Model):
    """A link that shows one work to whoever has it, until it expires or is revoked.

    It opens the page and the files of the work, whatever its visibility; it never allows breeding.
    """

    token = models.CharField(gettext_lazy("token"), max_length=32, unique=True)
    artwork = models.ForeignKey(
        "gallery.Artwork",
        verbose_name=gettext_lazy("work"),
        on_delete=models.CASCADE,
        related_name="share_links",
    )
    note = LineField(
        gettext_lazy("note"),
        max_length=120,
        blank=True,
        help_text=gettext_lazy("Who the link is for."),
    )
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(gettext_lazy("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(gettext_lazy("revoked at"), null=True, blank=True)
    # Set by gallery.sharing.views_dialog for pages.
    address: str
    is_open: bool

    class Meta:
        verbose_name = gettext_lazy("share link")
        verbose_name_plural = gettext_lazy("share links")
        ordering = ["-id"]

    def __str__(self) -> str:
        return gettext("Link to work {number}").format(number=self.artwork_id)


class ApiToken(models.Model):
    """A secret with which a program acts for a person; only its SHA-256 digest is stored.

    scopes: a list of "read", "write", "publish"; "read" sees what the person sees.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("person"),
        on_delete=models.CASCADE,
        related_name="api_tokens",
    )
    name = LineField(gettext_lazy("name"), max_length=60)
    digest = models.CharField(gettext_lazy("digest"), max_length=64, unique=True)
    hint = models.CharField(
        gettext_lazy("prefix"),
        max_length=8,
        help_text=gettext_lazy("Its first characters, to recognise it by."),
    )
    scopes = models.JSONField(gettext_lazy("permissions"), default=list)
    created_at = models.DateTimeField(gettext_lazy("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(gettext_lazy("expires at"), null=True, blank=True)
    last_used_at = models.DateTimeField(gettext_lazy("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(gettext_lazy("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("API token")
        verbose_name_plural = gettext_lazy("API tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return gettext("{name}, token of {person}").format(name=self.name, person=self.user)
