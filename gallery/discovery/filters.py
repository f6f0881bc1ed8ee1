"""Filters of a wall by medium or species, licence, colour and depth.

They are in the query string: ?species=people&colour=red. Unknown values are ignored, so that an old
address still shows a wall. A species implies its medium and takes precedence over one.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from gallery.discovery.colours import NAMES as COLOURS
from gallery.discovery.colours import SWATCHES
from gallery.models import Licence, Medium, Species
from gallery.models.artwork import ArtworkQuerySet
from gallery.types import Words

MEDIA = {Medium.PICTURE: gettext_lazy("Pictures"), Medium.MUSIC: gettext_lazy("Tunes")}
# Short names for chips; the page of a work explains its licence.
LICENCES: dict[Licence, Words] = {
    Licence.CC0: gettext_lazy("No rights reserved (CC0)"),
    Licence.CC_BY: "CC BY",
    Licence.CC_BY_SA: "CC BY-SA",
    Licence.CC_BY_NC: "CC BY-NC",
    Licence.RESERVED: gettext_lazy("All rights reserved"),
}
DEPTHS: dict[str, tuple[Words, dict[str, int]]] = {
    "founders": (gettext_lazy("Founders, without parents"), {"depth": 0}),
    "young": (gettext_lazy("Young, 2nd to 4th generation"), {"depth__gte": 1, "depth__lte": 3}),
    "deep": (gettext_lazy("Deep, 5th generation and beyond"), {"depth__gte": 4}),
}


@dataclass(frozen=True)
class Choice:
    """One chip. key, value: of the query parameter. swatch: a colour beside the label, or ""."""

    key: str
    value: str
    label: Words
    is_on: bool
    swatch: str = ""


@dataclass(frozen=True)
class Filter:
    """What a wall is filtered by; each part may be "".

    species: a key. medium: a value of Medium. licence, colour, depth: keys of LICENCES, COLOURS and
    DEPTHS. kinds: all species. counts: (key, value) -> how many works that choice would show, and
    ("", "") -> how many there are without a filter; empty where they are not counted.
    """

    species: str
    medium: str
    kinds: tuple[Species, ...]
    licence: str = ""
    colour: str = ""
    depth: str = ""
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def counted(self, table: Mapping[tuple[str, str, str, str], int]) -> "Filter":
        """The same with `counts`. table: see gallery.discovery.facets."""
        media = {kind.key: kind.medium for kind in self.kinds}
        counts: Counter[tuple[str, str]] = Counter()
        for (species, colour, licence, depth), number in table.items():
            medium = media.get(species, "")
            fits = {
                "kind": (self.species or species) == species and (self.medium or medium) == medium,
                "colour": (self.colour or colour) == colour,
                "licence": (self.licence or licence) == licence,
                "depth": (self.depth or depth) == depth,
            }
            counts["", ""] += number
            misses = [name for name, does_fit in fits.items() if not does_fit]
            if misses in ([], ["kind"]):
                counts["species", species] += number
                counts["medium", medium] += number
            for name, value in (("colour", colour), ("licence", licence), ("depth", depth)):
                if misses in ([], [name]):
                    counts[name, value] += number
        return replace(self, counts=counts)

    @property
    def is_on(self) -> bool:
        return bool(self.species or self.medium or self.has_details)

    @property
    def has_details(self) -> bool:
        """Whether one of the filters behind the fold is set."""
        return bool(self.licence or self.colour or self.depth)

    @property
    def has_choice(self) -> bool:
        return len(self.kinds) > 1

    @property
    def name(self) -> Words:
        """The name of the only filter that is set, for a sentence; "" if there are several."""
        names: list[Words] = [
            next(
                (kind.name for kind in self.kinds if kind.key == self.species),
                MEDIA[Medium(self.medium)] if self.medium else "",
            )
        ]
        names += [choice.label for _, row in self.details for choice in row if choice.is_on]
        given = [name for name in names if name]
        return given[0] if len(given) == 1 else ""

    @property
    def details(self) -> list[tuple[Words, list[Choice]]]:
        """The filters behind the fold: headings and their choices."""
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
        """Names and values of the hidden fields that keep the filter in a search form."""
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
    def media(self) -> list[tuple[str, Words]]:
        """Values and labels of the media to choose from; none if all species have one medium."""
        known = {kind.medium for kind in self.kinds}
        return (
            [(medium.value, label) for medium, label in MEDIA.items() if medium.value in known]
            if len(known) > 1
            else []
        )

    @property
    def offered(self) -> list[Species]:
        """The species to choose from, of the chosen medium or of all.

        The only species of a medium is left out, because choosing the medium is enough.
        """
        media = [kind.medium for kind in self.kinds]
        return [
            kind
            for kind in self.kinds
            if self.medium in ("", kind.medium) and media.count(kind.medium) > 1
        ]

    def narrow(self, works: ArtworkQuerySet) -> ArtworkQuerySet:
        """The works that match, by conditions that can be tested along the index of the order."""
        if self.licence:
            works = works.filter(licence=self.licence)
        if self.colour:
            works = works.filter(colour=self.colour)
        if self.depth:
            works = works.filter(**DEPTHS[self.depth][1])
        return self._narrow_kind(works)

    def _narrow_kind(self, works: ArtworkQuerySet) -> ArtworkQuerySet:
        """The works of the species or medium."""
        if self.species:
            return works.filter(species_id=self.species)
        inside = [kind.key for kind in self.kinds if kind.medium == self.medium]
        if not self.medium or len(inside) == len(self.kinds):
            return works
        if len(inside) == 1:
            return works.filter(species_id=inside[0])
        # For IN, a database might collect and sort the works of each species; NOT IN makes it skip
        # rows along the index of the wall.
        return works.exclude(
            species_id__in=[kind.key for kind in self.kinds if kind.medium != self.medium]
        )


def read_filter(request: HttpRequest) -> Filter:
    """The filter in the query string of a request; one query for the species."""
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
