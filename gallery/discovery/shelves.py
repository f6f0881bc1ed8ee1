"""The shelves of the home page: which works are on each, in which order, and its texts.

Each is read along an index over (a column, id), see gallery.core.pagination; gallery.maintenance
updates the columns.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import BigIntegerField, F
from django.utils.translation import gettext_lazy

from gallery.models import Follow
from gallery.models.artwork import ArtworkQuerySet
from gallery.models.text_index import MANY, Unindexed
from gallery.types import AnyUser, Words

Narrow = Callable[[ArtworkQuerySet, AnyUser], ArtworkQuerySet]

MAX_FOLLOWED = 2_000  # If somebody follows more people, the latest of them count.


@dataclass(frozen=True)
class Shelf:
    """One shelf.

    key: its name in the query string. order: the column it is ordered by, highest first. narrow:
    picks its works of all listed ones. empty, advice: what its page says without works.
    is_personal: whether it needs somebody who is logged in.
    """

    key: str
    name: Words
    sentence: Words
    order: str
    narrow: Narrow
    empty: Words
    advice: Words
    is_personal: bool = False


def _all(works: ArtworkQuerySet, user: AnyUser) -> ArtworkQuerySet:
    return works


def _mixed(works: ArtworkQuerySet, user: AnyUser) -> ArtworkQuerySet:
    """All works. The condition is always true; it makes SQLite use the index of this shelf."""
    return works.filter(mix__gte=0)


def _above_zero(column: str) -> Narrow:
    """Works with a value above 0 in this column."""
    return lambda works, user: works.filter(**{f"{column}__gt": 0})


def _followed(works: ArtworkQuerySet, user: AnyUser) -> ArtworkQuerySet:
    """The works of people whom this person follows.

    A first query, limited to MANY, decides the plan, as for a tag (gallery.discovery.search). With
    many works, the database reads along the order of the wall and tests the maker of each: sorting
    the works of twelve busy people took PostgreSQL 220 ms with 100,000 works.
    """
    people = list(
        Follow.objects.filter(follower=user.pk)
        .order_by("-pk")
        .values_list("followed", flat=True)[:MAX_FOLLOWED]
    )
    found = list(works.filter(author__in=people).order_by().values_list("pk", flat=True)[:MANY])
    if len(found) < MANY:
        return works.filter(pk__in=found)
    return works.alias(unindexed=Unindexed(F("author"), output_field=BigIntegerField())).filter(
        unindexed__in=people
    )


def _picked(works: ArtworkQuerySet, user: AnyUser) -> ArtworkQuerySet:
    return works.filter(is_featured=True)


EMPTY_WALL = gettext_lazy("An empty wall")
FIRST_ONE = gettext_lazy(
    "Nobody has published a work here yet. New founders are waiting on the bench."
)
SHELVES = {
    shelf.key: shelf
    for shelf in (
        Shelf(
            "mixed",
            gettext_lazy("Mixed"),
            gettext_lazy(
                "A bit of everything: new works, with some from every other shelf in between."
            ),
            "mix",
            _mixed,
            EMPTY_WALL,
            FIRST_ONE,
        ),
        Shelf(
            "fresh",
            gettext_lazy("Fresh"),
            gettext_lazy("The newest works, in the order they were published."),
            "published_at",
            _all,
            EMPTY_WALL,
            FIRST_ONE,
        ),
        Shelf(
            "loved",
            gettext_lazy("Loved"),
            gettext_lazy(
                "Works that many people like these days. A like counts half as much every two"
                " weeks."
            ),
            "love",
            _above_zero("love"),
            gettext_lazy("Nothing is loved yet"),
            gettext_lazy("Works appear here as soon as somebody likes them."),
        ),
        Shelf(
            "bred",
            gettext_lazy("Most bred"),
            gettext_lazy("The works with the most children."),
            "child_count",
            _above_zero("child_count"),
            gettext_lazy("Nothing has children yet"),
            gettext_lazy("Works appear here as soon as somebody breeds them."),
        ),
        Shelf(
            "rare",
            gettext_lazy("Rare lineage"),
            gettext_lazy(
                "Works from small families with a long line of ancestors. Few people have walked"
                " this way."
            ),
            "rarity",
            _above_zero("rarity"),
            gettext_lazy("No lineage yet"),
            gettext_lazy("Works with parents appear here, smallest families first."),
        ),
        Shelf(
            "stepping",
            gettext_lazy("Stepping stones"),
            gettext_lazy("The ancestors that made popular works possible."),
            "stepping",
            _above_zero("stepping"),
            gettext_lazy("No stepping stones yet"),
            gettext_lazy("Works appear here when their children are liked."),
        ),
        Shelf(
            "followed",
            gettext_lazy("People you follow"),
            gettext_lazy("The newest works of the people you follow."),
            "published_at",
            _followed,
            gettext_lazy("Nothing new from people you follow"),
            gettext_lazy("Follow people on their pages, and what they publish appears here."),
            is_personal=True,
        ),
        Shelf(
            "picks",
            gettext_lazy("Curators' picks"),
            gettext_lazy("Works chosen by the curators of this garden."),
            "published_at",
            _picked,
            gettext_lazy("Nothing is picked yet"),
            gettext_lazy("The curators of this garden put the works they like best here."),
        ),
    )
}
DEFAULT = "mixed"
WHOLE = ("mixed", "fresh")  # Shelves with all works.
OLD_KEYS = {"newest": "fresh", "featured": "picks"}  # For old links.


def find_shelf(key: str, user: AnyUser) -> Shelf:
    """The shelf with this key; the default for unknown keys and shelves that need an account."""
    shelf = SHELVES.get(OLD_KEYS.get(key, key), SHELVES[DEFAULT])
    return SHELVES[DEFAULT] if shelf.is_personal and not user.is_authenticated else shelf


def shelves_for(user: AnyUser) -> list[Shelf]:
    """The shelves that this person can choose from."""
    return [shelf for shelf in SHELVES.values() if user.is_authenticated or not shelf.is_personal]
