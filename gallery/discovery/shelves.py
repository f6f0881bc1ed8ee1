"""The shelves of the home page: what hangs on each, in which order, and a sentence that says so.

Each is one walk along an index over (a column, id), see gallery.core.pagination; gallery.maintenance
keeps the columns.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import BigIntegerField, F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gallery.models import Follow
from gallery.models.text_index import MANY, Unindexed

MOST_FOLLOWED = 2_000  # Of somebody who follows more, the shelf shows those they followed last.


@dataclass(frozen=True)
class Shelf:
    """key: as in the address. order: the column it is walked by, highest first. keep: which of the
    listed works hang on it.

    empty, advice: what its page says without works. is_personal: it needs somebody who is logged
    in.
    """

    key: str
    name: Promise
    sentence: Promise
    order: str
    narrow: Callable[[QuerySet, object], QuerySet]
    empty: Promise
    advice: Promise
    is_personal: bool = False


def _all(works: QuerySet, user) -> QuerySet:
    return works


def _mixed(works: QuerySet, user) -> QuerySet:
    """All of them. The condition is always true; it makes SQLite walk this shelf where it would
    sort all works of a colour.
    """
    return works.filter(mix__gte=0)


def _above_nothing(column: str) -> Callable[[QuerySet, object], QuerySet]:
    return lambda works, user: works.filter(**{f"{column}__gt": 0})


def _followed(works: QuerySet, user) -> QuerySet:
    """The works of people whom this person follows. One small query decides how the database shall
    look, as for a tag.

    Few are fetched and sorted. For many it walks along the wall and asks of each work whether its
    maker is followed; at 100,000 works PostgreSQL took 220 ms to sort those of twelve busy people.
    """
    people = list(
        Follow.objects.filter(follower=user)
        .order_by("-pk")
        .values_list("followed", flat=True)[:MOST_FOLLOWED]
    )
    found = list(works.filter(author__in=people).order_by().values_list("pk", flat=True)[:MANY])
    if len(found) < MANY:
        return works.filter(pk__in=found)
    return works.alias(unindexed=Unindexed(F("author"), output_field=BigIntegerField())).filter(
        unindexed__in=people
    )


def _picked(works: QuerySet, user) -> QuerySet:
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
            _above_nothing("love"),
            gettext_lazy("Nothing is loved yet"),
            gettext_lazy("Works appear here as soon as somebody likes them."),
        ),
        Shelf(
            "bred",
            gettext_lazy("Most bred"),
            gettext_lazy("The works with the most children."),
            "child_count",
            _above_nothing("child_count"),
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
            _above_nothing("rarity"),
            gettext_lazy("No lineage yet"),
            gettext_lazy("Works with parents appear here, smallest families first."),
        ),
        Shelf(
            "stepping",
            gettext_lazy("Stepping stones"),
            gettext_lazy("The ancestors that made popular works possible."),
            "stepping",
            _above_nothing("stepping"),
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
OLD_NAMES = {"newest": "fresh", "featured": "picks"}  # Addresses that people may have kept.


def find_shelf(key: str, user) -> Shelf:
    """The shelf of an address; for what is not known, and what needs an account, the mixed one."""
    shelf = SHELVES.get(OLD_NAMES.get(key, key), SHELVES[DEFAULT])
    return SHELVES[DEFAULT] if shelf.is_personal and not user.is_authenticated else shelf


def shelves_for(user) -> list[Shelf]:
    """The shelves to choose from."""
    return [shelf for shelf in SHELVES.values() if user.is_authenticated or not shelf.is_personal]
