"""What allauth asks the site for: languages, and the address of whoever logs in.

A new account gets the language it was made in, and emails are in the language of their reader.
"""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from gallery.core.client_address import address_of
from gallery.i18n.languages import in_language_of, is_offered
from gallery.models import User

if TYPE_CHECKING:
    from django.contrib.auth.forms import BaseUserCreationForm


class AccountAdapter(DefaultAccountAdapter):
    """Named in the setting ACCOUNT_ADAPTER."""

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: "BaseUserCreationForm[User]",
        commit: bool = True,
    ) -> User:
        language = get_language() or ""
        user.language = language if is_offered(language) else ""
        return super().save_user(request, user, form, commit=commit)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def format_email_subject(self, subject: str) -> str:
        """The subject behind the name of the site, as in the other emails of the site."""
        return gettext("{garden}: {subject}").format(garden=settings.GARDEN_NAME, subject=subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        if not isinstance(user, User):
            # To an address without an account: in the language of whoever caused the email.
            super().send_mail(template_prefix, email, context)
            return
        with in_language_of(user):
            super().send_mail(template_prefix, email, context)
