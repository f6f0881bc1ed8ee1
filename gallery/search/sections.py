"""The answer to a query in sections.

Every count stops early, so that a million works cost no more than a thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from gallery.collections.cards import attach_previews
from gallery.discovery.search import narrow_to_words
from gallery.models import Artwork, Collection, Medium, Tag, User, text_index
from gallery.people.profiles import with_relations
from gallery.types import AnyUser, Words

SHOWN = 6  # Works of a section; fewer people, collections and tags.
SHOWN_OTHERS = 4
COUNTED = text_index.MANY - 1  # Matches beyond are not counted: "499+".
LOOKED_THROUGH = 60  # The newest of more works than are counted, among which a section's are found.
NAMES: dict[str, Words] = {
    "pictures": gettext_lazy("Pictures"),
    "tunes": gettext_lazy("Tunes"),
    "people": gettext_lazy("People"),
    "collections": gettext_lazy("Collections"),
    "tags": gettext_lazy("Tags"),
}


@dataclass(frozen=True)
class Section:
    """A part of the answer.

    key: of NAMES. count: of all that match, at most COUNTED. has_more: whether there are more than
    were counted. items: the first of them.
    """

    key: str
    count: int
    items: Sequence[Any] = field(default_factory=list)
    has_more: bool = False

    @property
    def name(self) -> Words:
        return NAMES[self.key]


def find_sections(query: str, user: AnyUser, *, tags: Sequence[Tag]) -> list[Section]:
    """The sections that have something to show; tags: those that were found elsewhere."""
    sections = [
        *_works(query, user),
        _section("people", find_people(query, user), SHOWN_OTHERS),
        Section("tags", len(tags), tags),
        _section("collections", find_collections(query), SHOWN_OTHERS),
    ]
    for section in sections:
        if section.key == "collections" and section.items:
            attach_previews(section.items, user)
    return [section for section in sections if section.count]


def find_people(query: str, user: AnyUser) -> QuerySet[User]:
    """People with an open account who match, the newest first, as whoever looks relates to them."""
    keys = text_index.find(query, table=text_index.PEOPLE)
    return with_relations(User.objects.filter(pk__in=keys, is_active=True), user).order_by("-pk")


def find_collections(query: str) -> QuerySet[Collection]:
    """Collections and open exhibitions that match and everybody can find, the newest first."""
    keys = text_index.find(query, table=text_index.COLLECTIONS)
    found = Collection.objects.listed() | Collection.objects.open_now()
    return found.filter(pk__in=keys).select_related("owner").order_by("-pk")


def _section(key: str, rows: QuerySet[Any], shown: int) -> Section:
    count = rows.count()  # Of at most text_index.MANY ids.
    return Section(key, count, list(rows[:shown]), has_more=count >= COUNTED)


def _works(query: str, user: AnyUser) -> list[Section]:
    """Pictures and tunes that match, the newest first, with their numbers."""
    works = Artwork.objects.listed().within_boundaries(user)
    matching, is_counted = narrow_to_words(works, query)
    newest = matching.order_by("-published_at", "-pk")
    if is_counted:
        media = list(newest.values_list("pk", "species__medium"))
    else:
        media = list(newest.values_list("pk", "species__medium")[:LOOKED_THROUGH])
    keys_of = {
        "pictures": [key for key, medium in media if medium == Medium.PICTURE],
        "tunes": [key for key, medium in media if medium == Medium.MUSIC],
    }
    cards = Artwork.objects.for_cards().in_bulk(
        [key for keys in keys_of.values() for key in keys[:SHOWN]]
    )
    return [
        Section(
            name,
            len(keys) if is_counted else COUNTED,
            [cards[key] for key in keys[:SHOWN]],
            has_more=not is_counted,
        )
        for name, keys in keys_of.items()
        if keys
    ]
