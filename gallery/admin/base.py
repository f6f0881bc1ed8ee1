"""What the desks share: rows that are only looked at, and list actions that hand the ticked rows to
the site's own actions.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from gallery.models import Artwork, User
from generation.refusal import Refused


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at: deleting here would go past the actions that keep files and lineage in
    order.

    `show_full_result_count` would count the whole table at every search.
    """

    show_full_result_count = False
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
    """The choice of a list action, with the reason that is written into the log and told to whom it
    is about.
    """

    reason = forms.CharField(
        label=gettext_lazy("Reason:"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"size": 40}),
    )


class RefusalsAsMessages:
    """For desks with forms: what an action refuses is told above the form, and nothing is
    changed.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **options)
        except Refused as refused:
            self.message_user(request, refused.sentence, messages.ERROR)
            return redirect(request.get_full_path())


def list_action(
    verb: Callable[..., int], *, label: str, done: str, name: str = "", has_reason: bool = False
) -> Callable:
    """A list action that gives the ticked rows to `verb(user, rows)`, which answers how many
    changed.

    done: a sentence with {changed} and {chosen}. has_reason: pass the words of ReasonForm as
    `reason`.
    """

    @admin.action(description=label, permissions=["curate"])
    def act(model_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> None:
        rows = list(chosen)
        options = {"reason": request.POST.get("reason", "")} if has_reason else {}
        try:
            changed = verb(request.user, rows, **options)
        except Refused as refused:
            model_admin.message_user(request, refused.sentence, messages.ERROR)
            return
        level = messages.SUCCESS if changed == len(rows) else messages.WARNING
        model_admin.message_user(
            request, str(done).format(changed=changed, chosen=len(rows)), level
        )

    act.__name__ = name or verb.__name__
    return act


def one_by_one(verb: Callable[..., Any]) -> Callable[..., int]:
    """An action about a single row as one about many; the first refusal stops it. False counts as
    unchanged.
    """

    def each(user: User, rows: Iterable[Model], **options: Any) -> int:
        return sum(verb(user, row, **options) is not False for row in rows)

    return each


def thumbnail(work: Artwork, *, size: int) -> SafeString | str:
    """The work's small picture; nothing while it is being printed."""
    if not work.thumbnail:
        return "–"
    address = work.thumbnail_url
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        address,
        work.title,
        size,
        size,
    )
