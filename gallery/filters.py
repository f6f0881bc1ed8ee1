"""Which works a wall shows: those of one species, or of one medium. Both stand in the address, ?species=people&medium=picture.

A value that is not known here is left out, so that an old address still shows a wall. A species says its medium, so it wins.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from gallery.models import Generator, Medium

MEDIA = {Medium.PICTURE: "Pictures", Medium.MUSIC: "Tunes"}


@dataclass(frozen=True)
class Filter:
    """species: a key, medium: a value of Medium, either may be empty. kinds: every species there is."""

    species: str
    medium: str
    kinds: tuple[Generator, ...]

    @property
    def is_on(self) -> bool:
        return bool(self.species or self.medium)

    @property
    def has_choice(self) -> bool:
        return len(self.kinds) > 1

    @property
    def name(self) -> str:
        """What the wall is narrowed to, for a sentence."""
        return next((kind.name for kind in self.kinds if kind.key == self.species), MEDIA.get(self.medium, ""))

    @property
    def media(self) -> list[tuple[str, str]]:
        """Value and label of the media to choose from; none where everything is of one medium."""
        known = {kind.medium for kind in self.kinds}
        return [(medium.value, label) for medium, label in MEDIA.items() if medium.value in known] if len(known) > 1 else []

    @property
    def offered(self) -> list[Generator]:
        """The species to choose from, of the chosen medium or all; one that is alone in its medium is chosen by that."""
        media = [kind.medium for kind in self.kinds]
        return [kind for kind in self.kinds if self.medium in ("", kind.medium) and media.count(kind.medium) > 1]

    def narrow(self, works: QuerySet) -> QuerySet:
        """The works that fit, in a form that keeps the order of an index, so a page is read without sorting them all."""
        if self.species:
            return works.filter(generator_id=self.species)
        inside = [kind.key for kind in self.kinds if kind.medium == self.medium]
        if not self.medium or len(inside) == len(self.kinds):
            return works
        if len(inside) == 1:
            return works.filter(generator_id=inside[0])
        # “In these” would tempt a database to collect and sort the works of each; “not in those” skips along the wall's index.
        return works.exclude(generator_id__in=[kind.key for kind in self.kinds if kind.medium != self.medium])


def read_filter(request: HttpRequest) -> Filter:
    """The filter of an address; one query for the species."""
    kinds = tuple(Generator.objects.only("key", "name", "medium"))
    species = request.GET.get("species", "")
    chosen = next((kind for kind in kinds if kind.key == species), None)
    medium = chosen.medium if chosen else request.GET.get("medium", "")
    known = {kind.medium for kind in kinds}
    return Filter(chosen.key if chosen else "", medium if medium in known and len(known) > 1 else "", kinds)
