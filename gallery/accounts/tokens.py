"""Tokens with which programs act for a person."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from gallery.core.permissions import check_may_act
from gallery.models import ApiToken, User
from generation.refusal import Refused

SCOPES = ("read", "write", "publish")
PREFIX = "arb_"
MOST_TOKENS = 20
LONGEST_DAYS = 366
SEEN_AGAIN = timedelta(minutes=5)  # The time of the last use is written no more often than this.


def make_token(
    user, *, name: str, scopes: Sequence[str], days: int | None = None
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is told this once and kept nowhere.

    scopes: what it may do beside reading what everybody may see: `read` (what its person sees),
    `write` (edit, like, collect), `publish` (publish and delete works). days: it expires after so
    many; None for never.
    """
    check_may_act(user)
    name = " ".join(name.split())
    if not name or len(name) > 60 or "\x00" in name:
        raise Refused("Give the token a name of at most 60 characters, so you can recognise it.")
    chosen = [scope for scope in SCOPES if scope in scopes]
    if not chosen or set(scopes) - set(SCOPES):
        raise Refused("Choose the token's permissions: read, write or publish.")
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Refused(
            "A token can be valid for 1 to {most} days, or until you revoke it.", most=LONGEST_DAYS
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if person.api_tokens.filter(revoked_at__isnull=True).count() >= MOST_TOKENS:
            raise Refused(
                "You have reached the limit of {most} tokens. Revoke one first.", most=MOST_TOKENS
            )
        token = ApiToken.objects.create(
            user=person,
            name=name,
            digest=digest_of(secret),
            hint=secret[:8],
            scopes=chosen,
            expires_at=timezone.now() + timedelta(days=days) if days else None,
        )
    return token, secret


def revoke_token(user, token: ApiToken) -> None:
    """From now on the token opens nothing. Doing it twice changes nothing. People who are suspended
    may do it, too.
    """
    if not user.is_authenticated or token.user_id != user.pk:
        raise Refused("This token is not yours.")
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def use_token(secret: str) -> ApiToken | None:
    """The token of that secret, with its person, if it still opens anything."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(secret), revoked_at__isnull=True)
        .first()
    )
    now = timezone.now()
    if token is None or not token.user.is_active or (token.expires_at and token.expires_at <= now):
        return None
    if token.last_used_at is None or now - token.last_used_at > SEEN_AGAIN:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def digest_of(secret: str) -> str:
    """SHA-256: enough for a secret of 256 random bits, and found by an index."""
    return hashlib.sha256(secret.encode()).hexdigest()
