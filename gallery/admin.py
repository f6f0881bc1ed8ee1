"""The operator's desk. Rows are read here; what changes them goes through the same actions as on the site."""

import json
from collections.abc import Callable

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.actions import curating, jobs
from gallery.models import Artwork, Generator, Job, JobState, Like, LineageEdge, Tag, User
from gallery.views import status
from generation.refusal import Refused

# Staff log in through the site's own page, so that rate limits and the second step hold here too.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = "Administration"
admin.site.index_title = "The garden's rows"
admin.site.unregister(Group)  # Being staff is the only role there is.


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at: deleting here would go past the actions that keep files and lineage in order.

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


def curate(verb: Callable[[User, list[Artwork]], int], *, label: str, done: str) -> Callable:
    """A list action that hands the ticked works to a function of gallery.actions.curating, and tells how many changed."""

    @admin.action(description=label, permissions=["curate"])
    def act(model_admin: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> None:
        works = list(chosen)
        try:
            changed = verb(request.user, works)
        except Refused as refused:
            model_admin.message_user(request, refused.sentence, messages.ERROR)
            return
        rest = " The others were not in a state for it." if changed < len(works) else ""
        model_admin.message_user(request, f"{changed} of {len(works)} {done}.{rest}", messages.SUCCESS)

    act.__name__ = verb.__name__
    return act


class ParentsInline(admin.TabularInline):
    model = LineageEdge
    fk_name = "child"
    verbose_name_plural = "parents"
    fields = readonly_fields = ["parent", "share"]
    extra = max_num = 0
    can_delete = False


@admin.register(Artwork)
class ArtworkAdmin(ReadOnlyAdmin):
    """Works. On its own page on the site, staff may edit every work and remove it."""

    list_display = ["picture", "title", "author", "generator_id", "state", "visibility", "is_featured", "published_at"]
    list_display_links = ["picture", "title"]
    list_filter = ["state", "visibility", "is_featured", "generator", "licence", "may_be_bred"]
    list_select_related = ["author"]
    search_fields = ["title", "slug__exact", "author__username__exact", "genome_identity__exact"]
    ordering = ["-id"]
    inlines = [ParentsInline]
    actions = [
        curate(curating.feature, label="Feature on the front shelf", done="featured"),
        curate(curating.unfeature, label="Take off the front shelf", done="off the front shelf"),
        curate(curating.hide, label="Hide (only the maker and staff see it)", done="hidden"),
        curate(curating.show, label="Show again", done="shown again"),
        curate(curating.quarantine, label="Quarantine (staff alone see it)", done="in quarantine"),
        curate(curating.release, label="Release from quarantine", done="released"),
    ]
    fieldsets = [
        (None, {"fields": ["large_picture", "title", "author", "description", "alt_text", "tags", "licence"]}),
        ("Where it stands", {"fields": ["state", "visibility", "may_be_bred", "is_featured", "created_at", "published_at"]}),
        ("What it is", {"fields": ["generator", "genome_identity", "novelty", "depth", "width", "height", "accent", "master"]}),
        ("Genome and pedigree", {"classes": ["collapse"], "fields": ["genome_text", "pedigree_text"]}),
    ]
    readonly_fields = ["large_picture", "genome_text", "pedigree_text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artwork]:
        return super().get_queryset(request).defer("genome", "pedigree", "description")

    @admin.display(description="")
    def picture(self, work: Artwork) -> SafeString | str:
        return thumbnail(work, size=56)

    @admin.display(description="Picture")
    def large_picture(self, work: Artwork) -> SafeString | str:
        return thumbnail(work, size=320)

    @admin.display(description="Genome")
    def genome_text(self, work: Artwork) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(work.genome, indent=1)[:20_000])

    @admin.display(description="Pedigree")
    def pedigree_text(self, work: Artwork) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(work.pedigree, indent=1)[:20_000])


def thumbnail(work: Artwork, *, size: int) -> SafeString | str:
    """The work's small picture; nothing while it is being printed."""
    if not work.thumbnail:
        return "–"
    address = work.thumbnail_url
    return format_html('<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">', address, work.title, size, size)


@admin.register(User)
class GardenerAdmin(UserAdmin):
    """Accounts. Closing one (“active”) locks its owner out; the works stay."""

    list_display = ["username", "display_name", "email", "is_staff", "is_active", "date_joined", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["-id"]
    show_full_result_count = False
    filter_horizontal = ["user_permissions"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("About", {"fields": ["display_name", "bio", "email"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Long work. The page “Engine and jobs” shows it live."""

    list_display = ["kind", "artwork", "owner", "state", "percent", "note", "attempts", "created_at", "finished_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["artwork", "owner"]
    search_fields = ["id__exact", "owner__username__exact", "artwork__slug__exact"]
    ordering = ["-created_at"]
    actions = ["cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).defer("artwork__genome", "artwork__pedigree", "artwork__description")

    def get_urls(self) -> list[URLPattern]:
        page = path("engine/", self.admin_site.admin_view(status.engine), name="gallery_engine")
        species = path("engine/species/", self.admin_site.admin_view(status.read_species), name="gallery_read_species")
        return [page, species, *super().get_urls()]

    @admin.display(description="Progress")
    def percent(self, job: Job) -> str:
        return f"{job.progress:.0%}"

    @admin.action(description="Cancel", permissions=["curate"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        open_jobs = [job for job in chosen if job.state in (JobState.QUEUED, JobState.RUNNING)]
        for job in open_jobs:
            jobs.cancel(request.user, job)
        self.message_user(request, f"{len(open_jobs)} of {len(chosen)} jobs cancelled; the others were over.", messages.SUCCESS)


@admin.register(Generator)
class GeneratorAdmin(ReadOnlyAdmin):
    """Species. They are read from the checkpoint folders; the button on “Engine and jobs” reads them again."""

    list_display = ["name", "key", "medium", "version", "licence", "is_available", "problem"]
    list_filter = ["medium", "is_available"]


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug"]
    search_fields = ["slug", "name"]


@admin.register(Like)
class LikeAdmin(ReadOnlyAdmin):
    list_display = ["user", "artwork", "created_at"]
    list_select_related = ["user", "artwork"]
    search_fields = ["user__username__exact", "artwork__slug__exact"]
    ordering = ["-id"]


@admin.register(LineageEdge)
class LineageEdgeAdmin(ReadOnlyAdmin):
    """Who descends from whom."""

    list_display = ["parent", "child", "share"]
    list_select_related = ["parent", "child"]
    search_fields = ["parent__slug__exact", "child__slug__exact"]
    ordering = ["-id"]
