"""Admin pages of works and what belongs to them: lineage, tags, likes, comments, collections."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from gallery.admin.base import HEAVY, ReadOnlyAdmin, ReasonForm, list_action, one_by_one, thumbnail
from gallery.collections import picks
from gallery.comments import actions as commenting
from gallery.models import (
    Artwork,
    ArtworkFeature,
    Collection,
    CollectionItem,
    CollectionMember,
    Comment,
    FeatureBand,
    Like,
    LineageEdge,
    ShareLink,
    SpellingKey,
    Tag,
)
from gallery.moderation import actions as moderating
from gallery.moderation import block_lists

OF_A_WORK = tuple(f"artwork__{name}" for name in HEAVY)


# Only type checkers know that it is generic.
if TYPE_CHECKING:
    LineageInline = admin.TabularInline[LineageEdge, Artwork]
else:
    LineageInline = admin.TabularInline


class ParentsInline(LineageInline):
    model = LineageEdge
    fk_name = "child"
    verbose_name_plural = gettext_lazy("parents")
    fields = ["parent", "share", "licence"]
    readonly_fields = ["parent", "share", "licence"]
    extra = max_num = 0
    can_delete = False


@admin.register(Artwork)
class ArtworkAdmin(ReadOnlyAdmin):
    """Works. Moderators edit and remove them on their pages of the site."""

    list_display = [
        "picture",
        "title",
        "author",
        "species_key",
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
                "{changed} of {chosen} picked. The others were already picked or aren't on the"
                " wall."
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
                    "made_elsewhere_at",
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
    def species_key(self, work: Artwork) -> str:
        return work.species_id

    @admin.display(description="")
    def picture(self, work: Artwork) -> SafeString | str:
        return thumbnail(work, size=56)

    @admin.display(description=gettext_lazy("Picture"))
    def large_picture(self, work: Artwork) -> SafeString | str:
        return thumbnail(work, size=320)

    @admin.display(description=gettext_lazy("Genome"))
    def genome_text(self, work: Artwork) -> SafeString | str:
        return _as_json(work, work.genome)

    @admin.display(description=gettext_lazy("Pedigree"))
    def pedigree_text(self, work: Artwork) -> SafeString | str:
        return _as_json(work, work.pedigree)


def _as_json(work: Artwork, value: dict[str, Any]) -> SafeString | str:
    """A genome or pedigree as text; where all rights are reserved, it is the maker's alone."""
    if work.is_reserved:
        return gettext("Not shown: the maker reserves all rights.")
    return format_html("<pre>{}</pre>", json.dumps(value, indent=1)[:20_000])


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug"]
    search_fields = ["slug", "name"]


class OfAWorkAdmin(ReadOnlyAdmin):
    """Rows that belong to a work and a person."""

    ordering = ["-id"]
    list_select_related = ["artwork"]
    search_fields = ["artwork__slug__exact"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*OF_A_WORK)


@admin.register(Like)
class LikeAdmin(OfAWorkAdmin):
    list_display = ["user", "artwork", "created_at"]
    list_select_related = ["user", "artwork"]
    search_fields = ["user__username__exact", "artwork__slug__exact"]


@admin.register(Comment)
class CommentAdmin(OfAWorkAdmin):
    """Comments; moderators hide them and show them again."""

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
    """Links to works that are not public. Whoever has the token may look, so it is not shown."""

    list_display = ["artwork", "note", "created_at", "expires_at", "revoked_at"]
    exclude = ["token"]


@admin.register(ArtworkFeature)
class ArtworkFeatureAdmin(OfAWorkAdmin):
    """Feature vectors, by which similar works are found."""

    list_display = ["artwork"]
    ordering = ["-artwork"]


@admin.register(FeatureBand)
class FeatureBandAdmin(ReadOnlyAdmin):
    """The index of the feature vectors."""

    list_display = ["__str__"]


@admin.register(SpellingKey)
class SpellingKeyAdmin(ReadOnlyAdmin):
    """The words that are known to the search."""

    list_display = ["word", "key"]
    search_fields = ["word__exact"]
    ordering = ["-id"]


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
    """Parents and children, with what was inherited."""

    list_display = ["parent", "child", "kind", "share", "licence"]
    list_select_related = ["parent", "child"]
    search_fields = ["parent__slug__exact", "child__slug__exact"]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LineageEdge]:
        return (
            super()
            .get_queryset(request)
            .defer(*(f"{end}__{name}" for end in ("parent", "child") for name in HEAVY))
        )
