"""Licences: what each one says, and what it leaves open to children.

One table decides: `TABLE[licence]` holds the licences that a parent by somebody else leaves open to
a child. It follows the "Adapter's licence chart" of creativecommons.org: attribution, share-alike
and non-commercial are passed on. What binds one work is found by `gallery.lineage.bonds`.
"""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy

from gallery.models import Artwork, Licence
from gallery.types import Words


@dataclass(frozen=True)
class Rights:
    """The texts of a licence.

    url: "" for all rights reserved. because: why a child may not have just any licence.
    """

    name: Words
    sentence: Words
    url: str
    because: Words = ""


RIGHTS: dict[Licence, Rights] = {
    Licence.CC0: Rights(
        "CC0 1.0",
        gettext_lazy("No rights reserved: use it for anything, without asking."),
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    Licence.CC_BY: Rights(
        "CC BY 4.0",
        gettext_lazy("Use and change it for anything, and credit the maker."),
        "https://creativecommons.org/licenses/by/4.0/",
        gettext_lazy("Because {work} requires credit (CC BY), CC0 is not possible."),
    ),
    Licence.CC_BY_SA: Rights(
        "CC BY-SA 4.0",
        gettext_lazy(
            "Use and change it, credit the maker, and share what you make from it under the same"
            " licence."
        ),
        "https://creativecommons.org/licenses/by-sa/4.0/",
        gettext_lazy("Because {work} is ShareAlike, its children must be CC BY-SA too."),
    ),
    Licence.CC_BY_NC: Rights(
        "CC BY-NC 4.0",
        gettext_lazy("Use and change it for non-commercial purposes, and credit the maker."),
        "https://creativecommons.org/licenses/by-nc/4.0/",
        gettext_lazy("Because {work} is NonCommercial, its children must be CC BY-NC."),
    ),
    Licence.RESERVED: Rights(
        gettext_lazy("All rights reserved"),
        gettext_lazy("View it here; ask the maker about any other use."),
        "",
        gettext_lazy("Because all rights in {work} are reserved, only its maker can breed it."),
    ),
}
# The licences that a child of somebody else's work may have, by the licence of that work.
TABLE: dict[Licence, frozenset[Licence]] = {
    Licence.CC0: frozenset(Licence),
    Licence.CC_BY: frozenset(Licence) - {Licence.CC0},
    Licence.CC_BY_SA: frozenset({Licence.CC_BY_SA}),
    Licence.CC_BY_NC: frozenset({Licence.CC_BY_NC}),
    Licence.RESERVED: frozenset(),
}
# The licences that give others nothing which this one does not, the most open first.
NARROWER: dict[Licence, tuple[Licence, ...]] = {
    Licence.CC0: (Licence.CC_BY, Licence.CC_BY_SA, Licence.CC_BY_NC, Licence.RESERVED),
    Licence.CC_BY: (Licence.CC_BY_SA, Licence.CC_BY_NC, Licence.RESERVED),
    Licence.CC_BY_SA: (Licence.RESERVED,),
    Licence.CC_BY_NC: (Licence.RESERVED,),
    Licence.RESERVED: (),
}
# Open licences as opendefinition.org (version 2.1) defines them.
OPEN = frozenset({Licence.CC0, Licence.CC_BY, Licence.CC_BY_SA})


def rights(licence: str) -> Rights:
    """The texts of a licence."""
    return RIGHTS[Licence(licence)]


def may_train(artwork: Artwork) -> bool:
    """Whether nets may be trained on a work: its maker allows it, and its licence is open."""
    return artwork.may_train and artwork.licence in OPEN


def add_robots_headers(response: HttpResponseBase, artwork: Artwork) -> None:
    """Tell crawlers whether they may index a work and train nets on it.

    noai and noimageai are de facto standards. tdm-reservation is from the TDM Reservation Protocol
    of the W3C community group of that name (2024), a machine-readable reservation in the sense of
    article 4 of the EU's directive on copyright in the digital single market.
    """
    words = ([] if artwork.is_listed else ["noindex"]) + (
        [] if may_train(artwork) else ["noai", "noimageai"]
    )
    if words:
        response["X-Robots-Tag"] = ", ".join(words)
    response["tdm-reservation"] = "0" if may_train(artwork) else "1"
