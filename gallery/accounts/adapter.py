"""Where accounts meet languages: a new account keeps the language it was made in, and letters come
in their reader's.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.forms import BaseUserCreationForm
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from gallery.i18n.languages import in_language_of, is_offered
from gallery.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Named in the setting ACCOUNT_ADAPTER."""

    def save_user(
        self, request: HttpRequest, user: User, form: BaseUserCreationForm, commit: bool = True
    ) -> User:
        language = get_language() or ""
        user.language = language if is_offered(language) else ""
        return super().save_user(request, user, form, commit=commit)

    def format_email_subject(self, subject: str) -> str:
        """The garden's name goes before what a letter is about, as in its other letters."""
        return gettext("{garden}: {subject}").format(garden=settings.GARDEN_NAME, subject=subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        if not isinstance(
            user, User
        ):  # Letters to an address without an account: in the language of who asked for them.
            super().send_mail(template_prefix, email, context)
            return
        with in_language_of(user):
            super().send_mail(template_prefix, email, context)
