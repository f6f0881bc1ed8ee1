"""The administrators' desk. Rows are read here; what changes them goes through the same actions as
on the site.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy

from gallery.admin import guarding, people, works

__all__ = ["guarding", "people", "works"]

# Staff log in through the site's own page, so that rate limits and the second step hold here too.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = gettext_lazy("Administration")
admin.site.index_title = gettext_lazy("Site data")
admin.site.unregister(Group)  # Roles say who may do what.
