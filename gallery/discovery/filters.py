"""Which works a wall shows: of a medium or species, a licence, a colour, a depth. Addresses say it:
?species=people&colour=red.

A value that is not known here is left out, so that an old address still shows a wall. A species
says its medium, so it wins.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from gallery.discovery.colours import NAMES as COLOURS
from gallery.discovery.colours import SWATCHES
from gallery.models import Licence, Medium, Species

MEDIA = {Medium.PICTURE: gettext_lazy("Pictures"), Medium.MUSIC: gettext_lazy("Tunes")}
# Short names for chips; what a licence means stands on the page of each work.
LICENCES = {
    Licence.CC0: gettext_lazy("No rights reserved (CC0)"),
    Licence.CC_BY: "CC BY",
    Licence.CC_BY_SA: "CC BY-SA",
    Licence.CC_BY_NC: "CC BY-NC",
    Licence.RESERVED: gettext_lazy("All rights reserved"),
}
DEPTHS: dict[str, tuple[Promise, dict[str, int]]] = {
    "founders": (gettext_lazy("Founders, without parents"), {"depth": 0}),
    "young": (gettext_lazy("Young, 2nd to 4th generation"), {"depth__gte": 1, "depth__lte": 3}),
    "deep": (gettext_lazy("Deep, 5th generation and beyond"), {"depth__gte": 4}),
}


@dataclass(frozen=True)
class Choice:
    """One chip. key: the name in the address, value: its value, swatch: a colour to show beside the
    label, or "".
    """

    key: str
    value: str
    label: str | Promise
    is_on: bool
    swatch: str = ""


@dataclass(frozen=True)
class Filter:
    """species: a key, medium: a value of Medium, licence, colour, depth: keys of the tables above;
    each may be empty.

    kinds: every species there is.
    """

    species: str
    medium: str
    kinds: tuple[Species, ...]
    licence: str = ""
    colour: str = ""
    depth: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.species or self.medium or self.has_details)

    @property
    def has_details(self) -> bool:
        """Whether something is chosen of what stands behind the fold."""
        return bool(self.licence or self.colour or self.depth)

    @property
    def has_choice(self) -> bool:
        return len(self.kinds) > 1

    @property
    def name(self) -> str | Promise:
        """The one thing the wall is narrowed to, for a sentence; "" where it is several."""
        names = [
            next(
                (kind.name for kind in self.kinds if kind.key == self.species),
                MEDIA.get(self.medium, ""),
            )
        ]
        names += [choice.label for _, row in self.details for choice in row if choice.is_on]
        given = [name for name in names if name]
        return given[0] if len(given) == 1 else ""

    @property
    def details(self) -> list[tuple[Promise, list[Choice]]]:
        """What else a wall can be narrowed to: a heading and its choices."""
        colours = [
            Choice("colour", key, label, key == self.colour, SWATCHES[key])
            for key, label in COLOURS.items()
        ]
        depths = [
            Choice("depth", key, label, key == self.depth) for key, (label, _) in DEPTHS.items()
        ]
        licences = [
            Choice("licence", key.value, label, key == self.licence)
            for key, label in LICENCES.items()
        ]
        return [
            (gettext_lazy("Colour"), colours),
            (gettext_lazy("Generation"), depths),
            (gettext_lazy("Licence"), licences),
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Names and values that a search form has to carry on."""
        medium = "" if self.species else self.medium
        given = {
            "species": self.species,
            "medium": medium,
            "licence": self.licence,
            "colour": self.colour,
            "depth": self.depth,
        }
        return [(name, value) for name, value in given.items() if value]

    @property
    def media(self) -> list[tuple[str, str]]:
        """Value and label of the media to choose from; none where everything is of one medium."""
        known = {kind.medium for kind in self.kinds}
        return (
            [(medium.value, label) for medium, label in MEDIA.items() if medium.value in known]
            if len(known) > 1
            else []
        )

    @property
    def offered(self) -> list[Species]:
        """The species to choose from, of the chosen medium or all; one that is alone in its medium
        is chosen by that.
        """
        media = [kind.medium for kind in self.kinds]
        return [
            kind
            for kind in self.kinds
            if self.medium in ("", kind.medium) and media.count(kind.medium) > 1
        ]

    def narrow(self, works: QuerySet) -> QuerySet:
        """The works that fit, in a form that keeps the order of an index, so a page is read without
        sorting them all.
        """
        if self.licence:
            works = works.filter(licence=self.licence)
        if self.colour:
            works = works.filter(colour=self.colour)
        if self.depth:
            works = works.filter(**DEPTHS[self.depth][1])
        return self._narrow_kind(works)

    def _narrow_kind(self, works: QuerySet) -> QuerySet:
        if self.species:
            return works.filter(species_id=self.species)
        inside = [kind.key for kind in self.kinds if kind.medium == self.medium]
        if not self.medium or len(inside) == len(self.kinds):
            return works
        if len(inside) == 1:
            return works.filter(species_id=inside[0])
        # “In these” would tempt a database to collect and sort the works of each; “not in those”
        # skips along the wall's index.
        return works.exclude(
            species_id__in=[kind.key for kind in self.kinds if kind.medium != self.medium]
        )


def read_filter(request: HttpRequest) -> Filter:
    """The filter of an address; one query for the species."""
    kinds = tuple(Species.objects.only("key", "name", "medium"))
    given = request.GET.get
    chosen = next((kind for kind in kinds if kind.key == given("species", "")), None)
    medium = chosen.medium if chosen else given("medium", "")
    known = {kind.medium for kind in kinds}
    return Filter(
        species=chosen.key if chosen else "",
        medium=medium if medium in known and len(known) > 1 else "",
        kinds=kinds,
        licence=given("licence", "") if given("licence", "") in Licence.values else "",
        colour=given("colour", "") if given("colour", "") in COLOURS else "",
        depth=given("depth", "") if given("depth", "") in DEPTHS else "",
    )
