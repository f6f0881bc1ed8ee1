"""API tokens, with which programs act for a person."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from gallery.core.permissions import check_may_act
from gallery.models import ApiToken, User
from gallery.models.texts import clean_line
from gallery.types import AnyUser
from generation.refusal import Refused

SCOPES = ("read", "write", "publish")
PREFIX = "arb_"
MAX_TOKENS = 20
MAX_DAYS = 366
LAST_USED_STEP = timedelta(minutes=5)  # `last_used_at` is written no more often than this.


def make_token(
    user: User, *, name: str, scopes: Sequence[str], days: int | None = None
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is stored nowhere and cannot be shown again.

    scopes: what the token may do beyond reading public works: `read` (all that its person sees),
    `write` (edit, like, collect), `publish` (publish and delete works). days: after how many it
    expires; None for never.
    """
    check_may_act(user)
    name = clean_line(name)
    if not name or len(name) > 60:
        raise Refused("Give the token a name of at most 60 characters, so you can recognise it.")
    chosen = [scope for scope in SCOPES if scope in scopes]
    if not chosen or set(scopes) - set(SCOPES):
        raise Refused("Choose the token's permissions: read, write or publish.")
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise Refused(
            "A token can be valid for 1 to {most} days, or until you revoke it.", most=MAX_DAYS
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if person.api_tokens.filter(revoked_at__isnull=True).count() >= MAX_TOKENS:
            raise Refused(
                "You have reached the limit of {most} tokens. Revoke one first.", most=MAX_TOKENS
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


def revoke_token(user: AnyUser, token: ApiToken) -> None:
    """End a token. Doing it twice changes nothing. Suspended people may do it too."""
    if not user.is_authenticated or token.user_id != user.pk:
        raise Refused("This token is not yours.")
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def use_token(secret: str) -> ApiToken | None:
    """The token of this secret, with its person, if it is valid; notes that it was used."""
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
    if token.last_used_at is None or now - token.last_used_at > LAST_USED_STEP:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def digest_of(secret: str) -> str:
    """The SHA-256 of a secret, in hex. Needs no salt, because secrets are 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
