"""Django's admin: rows to look at, and list actions that call the same actions as the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy

from gallery.admin import engine, moderation, people, works

__all__ = ["engine", "moderation", "people", "works"]

# Staff log in on the site's own page, with its rate limits and its second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # As allauth says.
admin.site.site_header = admin.site.site_title = gettext_lazy("Administration")
admin.site.index_title = gettext_lazy("Site data")
admin.site.unregister(Group)  # Roles decide who may do what.
