"""Desks of works and what belongs to them: species, families, jobs, tags, likes, collections."""

import json

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from gallery.admin import engine
from gallery.admin.base import ReadOnlyAdmin, ReasonForm, list_action, one_by_one, thumbnail
from gallery.collections import picks
from gallery.comments import actions as commenting
from gallery.jobs import queue as jobs
from gallery.models import (
    Artwork,
    ArtworkFeature,
    Collection,
    CollectionItem,
    CollectionMember,
    Comment,
    FeatureBand,
    Job,
    JobState,
    Like,
    LineageEdge,
    ScheduledTask,
    ShareLink,
    Species,
    Tag,
)
from gallery.moderation import actions as moderating
from gallery.moderation import block_lists

HEAVY = ("genome", "pedigree", "description")
OF_A_WORK = tuple(f"artwork__{name}" for name in HEAVY)


class ParentsInline(admin.TabularInline):
    model = LineageEdge
    fk_name = "child"
    verbose_name_plural = gettext_lazy("parents")
    fields = readonly_fields = ["parent", "share", "licence"]
    extra = max_num = 0
    can_delete = False


@admin.register(Artwork)
class ArtworkAdmin(ReadOnlyAdmin):
    """Works. On its own page on the site, moderators may edit every work and remove it."""

    list_display = [
        "picture",
        "title",
        "author",
        "species",
        "state",
        "visibility",
        "is_featured",
        "published_at",
    ]
    list_display_links = ["picture", "title"]
    list_filter = ["state", "visibility", "is_featured", "species", "licence", "may_be_bred"]
    list_select_related = ["author"]
    search_fields = ["title", "slug__exact", "author__username__exact", "genome_identity__exact"]
    ordering = ["-id"]
    inlines = [ParentsInline]
    action_form = ReasonForm
    actions = [
        list_action(
            picks.feature,
            label=gettext_lazy("Pick for the front shelf"),
            done=gettext_lazy(
                "{changed} of {chosen} picked. The others were already picked or aren't on the wall."
            ),
        ),
        list_action(
            picks.unfeature,
            label=gettext_lazy("Take off the front shelf"),
            done=gettext_lazy("{changed} of {chosen} taken off the front shelf."),
        ),
        list_action(
            moderating.hide,
            label=gettext_lazy("Hide (only the maker and moderators see it)"),
            has_reason=True,
            done=gettext_lazy("{changed} of {chosen} hidden. The others couldn't be hidden."),
        ),
        list_action(
            moderating.show,
            label=gettext_lazy("Show again"),
            has_reason=True,
            done=gettext_lazy("{changed} of {chosen} shown again. The others couldn't be shown."),
        ),
        list_action(
            moderating.quarantine,
            label=gettext_lazy("Quarantine (only moderators see it)"),
            has_reason=True,
            done=gettext_lazy("{changed} of {chosen} put in quarantine. The others couldn't be."),
        ),
        list_action(
            moderating.release,
            label=gettext_lazy("Release from quarantine"),
            has_reason=True,
            done=gettext_lazy("{changed} of {chosen} released. The others couldn't be."),
        ),
        list_action(
            one_by_one(block_lists.block_picture),
            name="block_picture",
            label=gettext_lazy("Block its picture"),
            done=gettext_lazy("{changed} of {chosen} pictures are now on the block list."),
        ),
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "large_picture",
                    "title",
                    "author",
                    "description",
                    "alt_text",
                    "tags",
                    "licence",
                ]
            },
        ),
        (
            gettext_lazy("State and visibility"),
            {
                "fields": [
                    "state",
                    "visibility",
                    "may_be_bred",
                    "may_train",
                    "is_featured",
                    "created_at",
                    "published_at",
                ],
            },
        ),
        (
            gettext_lazy("What it is"),
            {
                "fields": [
                    "species",
                    "genome_identity",
                    "novelty",
                    "depth",
                    "width",
                    "height",
                    "accent",
                    "colour",
                    "master",
                ],
            },
        ),
        (
            gettext_lazy("Statistics"),
            {"fields": ["like_count", "love", "child_count", "rarity", "stepping", "mix"]},
        ),
        (
            gettext_lazy("Genome and pedigree"),
            {"classes": ["collapse"], "fields": ["genome_text", "pedigree_text"]},
        ),
    ]
    readonly_fields = ["large_picture", "genome_text", "pedigree_text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Artwork]:
        return super().get_queryset(request).defer(*HEAVY)

    @admin.display(description=gettext_lazy("species"), ordering="species")
    def species(self, work: Artwork) -> str:
        return work.species_id

    @admin.display(description="")
    def picture(self, work: Artwork) -> SafeString | str:
        return thumbnail(work, size=56)

    @admin.display(description=gettext_lazy("Picture"))
    def large_picture(self, work: Artwork) -> SafeString | str:
        return thumbnail(work, size=320)

    @admin.display(description=gettext_lazy("Genome"))
    def genome_text(self, work: Artwork) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(work.genome, indent=1)[:20_000])

    @admin.display(description=gettext_lazy("Pedigree"))
    def pedigree_text(self, work: Artwork) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(work.pedigree, indent=1)[:20_000])


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Long work. The page “Engine and jobs” shows it live."""

    list_display = [
        "kind",
        "artwork",
        "owner",
        "state",
        "percent",
        "note",
        "attempts",
        "created_at",
        "finished_at",
    ]
    list_filter = ["state", "kind"]
    list_select_related = ["artwork", "owner"]
    search_fields = ["id__exact", "owner__username__exact", "artwork__slug__exact"]
    ordering = ["-created_at"]
    actions = ["cancel"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).defer(*OF_A_WORK)

    def get_urls(self) -> list[URLPattern]:
        page = path("engine/", self.admin_site.admin_view(engine.engine), name="gallery_engine")
        species = path(
            "engine/species/",
            self.admin_site.admin_view(engine.read_species),
            name="gallery_read_species",
        )
        return [page, species, *super().get_urls()]

    @admin.display(description=gettext_lazy("Progress"))
    def percent(self, job: Job) -> str:
        return f"{job.progress:.0%}"

    @admin.action(description=gettext_lazy("Cancel"), permissions=["curate"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Job]) -> None:
        open_jobs = [job for job in chosen if job.state in (JobState.QUEUED, JobState.RUNNING)]
        for job in open_jobs:
            jobs.cancel(request.user, job)
        words = gettext("{cancelled} of {chosen} jobs cancelled; the others had already finished.")
        self.message_user(
            request, words.format(cancelled=len(open_jobs), chosen=len(chosen)), messages.SUCCESS
        )


@admin.register(Species)
class GeneratorAdmin(ReadOnlyAdmin):
    """Species. They are read from the checkpoint folders; the button on “Engine and jobs” reads
    them again.
    """

    list_display = ["name", "key", "medium", "version", "licence", "is_available", "problem"]
    list_filter = ["medium", "is_available"]


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug"]
    search_fields = ["slug", "name"]


class OfAWorkAdmin(ReadOnlyAdmin):
    """Rows that belong to a work and a person."""

    ordering = ["-id"]
    list_select_related = ["artwork"]
    search_fields = ["artwork__slug__exact"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer(*OF_A_WORK)


@admin.register(Like)
class LikeAdmin(OfAWorkAdmin):
    list_display = ["user", "artwork", "created_at"]
    list_select_related = ["user", "artwork"]
    search_fields = ["user__username__exact", "artwork__slug__exact"]


@admin.register(Comment)
class CommentAdmin(OfAWorkAdmin):
    """What people said. Hiding and showing goes through the moderators' actions."""

    list_display = ["__str__", "author", "artwork", "is_hidden", "created_at"]
    list_filter = ["is_hidden"]
    list_select_related = ["author", "artwork"]
    search_fields = ["author__username__exact", "artwork__slug__exact", "text"]
    action_form = ReasonForm
    actions = [
        list_action(
            one_by_one(commenting.hide_comment),
            name="hide_comment",
            label=gettext_lazy("Hide"),
            has_reason=True,
            done=gettext_lazy("{changed} of {chosen} comments hidden."),
        ),
        list_action(
            one_by_one(commenting.show_comment),
            name="show_comment",
            label=gettext_lazy("Show again"),
            has_reason=True,
            done=gettext_lazy("{changed} of {chosen} comments shown again."),
        ),
    ]


@admin.register(ShareLink)
class ShareLinkAdmin(OfAWorkAdmin):
    """Links to works that are not public. The token itself is a key, so it is not shown."""

    list_display = ["artwork", "note", "created_at", "expires_at", "revoked_at"]
    exclude = ["token"]


@admin.register(ArtworkFeature)
class ArtworkFeatureAdmin(OfAWorkAdmin):
    """What similar works are found by."""

    list_display = ["artwork"]
    ordering = ["-artwork"]


@admin.register(FeatureBand)
class FeatureBandAdmin(ReadOnlyAdmin):
    """The index of what similar works are found by."""

    list_display = ["__str__"]


@admin.register(ScheduledTask)
class ChoreAdmin(ReadOnlyAdmin):
    """What the garden does by itself now and then, and when it did it last."""

    list_display = ["__str__"]


@admin.register(Collection)
class CollectionAdmin(ReadOnlyAdmin):
    list_display = ["title", "owner", "kind", "is_public", "hidden_at"]
    list_filter = ["kind", "is_public", ("hidden_at", admin.EmptyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["title", "slug__exact", "owner__username__exact"]
    ordering = ["-id"]


@admin.register(CollectionItem)
class CollectionItemAdmin(OfAWorkAdmin):
    list_display = ["collection", "artwork"]
    list_select_related = ["collection", "artwork"]


@admin.register(CollectionMember)
class CollectionMemberAdmin(ReadOnlyAdmin):
    list_display = ["collection", "user"]
    list_select_related = ["collection", "user"]
    ordering = ["-id"]


@admin.register(LineageEdge)
class LineageEdgeAdmin(ReadOnlyAdmin):
    """Who descends from whom."""

    list_display = ["parent", "child", "share", "licence"]
    list_select_related = ["parent", "child"]
    search_fields = ["parent__slug__exact", "child__slug__exact"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LineageEdge]:
        return (
            super()
            .get_queryset(request)
            .defer(*(f"{end}__{name}" for end in ("parent", "child") for name in HEAVY))
        )
