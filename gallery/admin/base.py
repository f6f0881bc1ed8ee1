"""What the admin pages share: read-only rows, and list actions that call the site's own actions."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from gallery.core.forms import LineField
from gallery.models import Artwork, User
from gallery.types import Words
from generation.refusal import Refused

HEAVY = ("genome", "pedigree", "description")  # Columns of works that lists do not load.

# Only type checkers know that admins are generic.
if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
    AdminMixin = admin.ModelAdmin[Any]
else:
    BaseAdmin, AdminMixin = admin.ModelAdmin, object


class ReadOnlyAdmin(BaseAdmin):
    """Rows to look at; the site's own actions change them, with their files and lineage."""

    show_full_result_count = False  # It would count the whole table at every search.
    list_per_page = 60

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_curate_permission(self, request: HttpRequest) -> bool:
        """Who may use the actions of these lists."""
        return request.user.has_perm(f"gallery.change_{self.opts.model_name}")


class ReasonForm(ActionForm):
    """Choice of a list action, with a reason for the audit log and for the person it is about."""

    reason = LineField(
        label=gettext_lazy("Reason:"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"size": 40}),
    )


class RefusalsAsMessages(AdminMixin):
    """For admins with forms: a refusal is shown above the form, and nothing is changed."""

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except Refused as refused:
            self.message_user(request, refused.sentence, messages.ERROR)
            return redirect(request.get_full_path())


def staff_of(request: HttpRequest) -> User:
    """Who is signed in; nobody else reaches the admin."""
    assert request.user.is_authenticated
    return request.user


def list_action(
    action: Callable[..., int],
    *,
    label: Words,
    done: Words,
    name: str = "",
    has_reason: bool = False,
) -> Callable[[BaseAdmin, HttpRequest, QuerySet[Any]], None]:
    """A list action that calls `action(user, rows)` with the ticked rows.

    action: returns how many rows it changed. done: a message with {changed} and {chosen}. name:
    identifies the list action; by default the name of `action`. has_reason: pass the reason of
    ReasonForm to `action` as `reason`.
    """

    @admin.action(description=label, permissions=["curate"])
    def act(model_admin: BaseAdmin, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        rows = list(chosen)
        options = {"reason": request.POST.get("reason", "")} if has_reason else {}
        try:
            changed = action(request.user, rows, **options)
        except Refused as refused:
            model_admin.message_user(request, refused.sentence, messages.ERROR)
            return
        level = messages.SUCCESS if changed == len(rows) else messages.WARNING
        model_admin.message_user(
            request, str(done).format(changed=changed, chosen=len(rows)), level
        )

    act.__name__ = name or action.__name__
    return act


def one_by_one(action: Callable[..., Any]) -> Callable[..., int]:
    """Turns an action on one row into one on many rows that returns how many changed.

    An action that returns False changed nothing. The first refusal stops the rest.
    """

    def each(user: User, rows: Iterable[Model], **options: Any) -> int:
        return sum(action(user, row, **options) is not False for row in rows)

    return each


def thumbnail(work: Artwork, *, size: int) -> SafeString | str:
    """The work's thumbnail in a square of so many pixels; a dash while it is being printed."""
    if not work.thumbnail:
        return "–"
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        work.thumbnail_url,
        work.title,
        size,
        size,
    )
