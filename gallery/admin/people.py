"""Admin pages of accounts, follows, mutes and blocks, notifications, and API tokens."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from gallery.admin.base import (
    BaseAdmin,
    ReadOnlyAdmin,
    ReasonForm,
    RefusalsAsMessages,
    list_action,
    staff_of,
)
from gallery.core.audit import record
from gallery.models import ApiToken, Boundary, Follow, Notification, Role, User
from gallery.moderation import actions_roles
from gallery.types import Words

# Only type checkers know that it is generic.
if TYPE_CHECKING:
    BaseUserAdmin = UserAdmin[User]
else:
    BaseUserAdmin = UserAdmin


def role_action(
    role: Role, label: Words
) -> Callable[[BaseAdmin, HttpRequest, QuerySet[Any]], None]:
    """A list action that gives the ticked people a role."""

    def set_roles(user: User, people: list[User], *, reason: str = "") -> int:
        return sum(actions_roles.set_role(user, person, role, reason=reason) for person in people)

    return list_action(
        set_roles,
        name=f"make_{role}",
        label=label,
        has_reason=True,
        done=gettext_lazy(
            "{changed} of {chosen} people have a new role. The others already had it."
        ),
    )


@admin.register(User)
class AccountAdmin(RefusalsAsMessages, BaseUserAdmin):
    """Accounts. An inactive one is locked: its owner cannot log in, and the works stay."""

    list_display = [
        "username",
        "display_name",
        "email",
        "role",
        "is_active",
        "date_joined",
        "last_login",
        "desk",
    ]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["-id"]
    show_full_result_count = False
    filter_horizontal = []
    action_form = ReasonForm
    actions = [
        role_action(Role.MEMBER, gettext_lazy("Make members")),
        role_action(Role.CURATOR, gettext_lazy("Make curators")),
        role_action(Role.MODERATOR, gettext_lazy("Make moderators")),
        role_action(Role.ADMINISTRATOR, gettext_lazy("Make administrators")),
    ]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (gettext_lazy("About"), {"fields": ["display_name", "bio", "links", "email", "language"]}),
        (
            gettext_lazy("Permissions"),
            {"fields": ["role", "is_active", "is_staff", "is_superuser"]},
        ),
        (gettext_lazy("Dates"), {"fields": ["last_login", "date_joined", "closed_at"]}),
    ]
    readonly_fields = ["is_staff", "is_superuser", "last_login", "date_joined", "closed_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_curate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.change_user")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Roles and locks are changed by their actions, the rest here; all of it is logged."""
        if change:
            stored = User.objects.get(pk=obj.pk)
            if obj.role != stored.role:
                actions_roles.set_role(staff_of(request), stored, obj.role)
            if obj.is_active != stored.is_active:
                actions_roles.set_open(staff_of(request), stored, obj.is_active)
            stored.refresh_from_db()
            for name in ("role", "is_active", "is_staff", "is_superuser"):
                setattr(obj, name, getattr(stored, name))
        super().save_model(request, obj, form, change)
        fields = [
            name
            for name in form.changed_data
            if name not in ("role", "is_active", "password1", "password2")
        ]
        if fields or not change:
            verb = "edit account" if change else "add account"
            record(staff_of(request), verb, obj, fields=fields)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        # The view for new passwords does not call `save_model`.
        match = request.resolver_match
        if match is not None and match.url_name == "auth_user_password_change":
            record(staff_of(request), "set password", obj)
        return super().log_change(request, obj, message)

    @admin.display(description=gettext_lazy("Desk"))
    def desk(self, person: User) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("curate_person", args=[person.username]),
            gettext_lazy("Suspend, see history"),
        )


@admin.register(Follow)
class FollowAdmin(ReadOnlyAdmin):
    list_display = ["follower", "followed", "created_at"]
    list_select_related = ["follower", "followed"]
    search_fields = ["follower__username__exact", "followed__username__exact"]
    ordering = ["-id"]


@admin.register(Boundary)
class BoundaryAdmin(ReadOnlyAdmin):
    """Who mutes or blocks whom."""

    list_display = ["user", "other", "kind", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["user", "other"]
    search_fields = ["user__username__exact", "other__username__exact"]
    ordering = ["-id"]


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["user", "kind", "actor", "created_at", "read_at", "mailed_at"]
    list_filter = ["kind"]
    list_select_related = ["user", "actor"]
    search_fields = ["user__username__exact"]
    ordering = ["-id"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """API tokens. Only a digest of the secret is stored, and it is not shown."""

    list_display = [
        "user",
        "name",
        "hint",
        "scopes",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    list_select_related = ["user"]
    search_fields = ["user__username__exact"]
    ordering = ["-id"]
    exclude = ["digest"]
