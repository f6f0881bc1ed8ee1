"""Species that paint from words: what the form for a founder of theirs asks for."""

from dataclasses import dataclass

from gallery.models import Species
from generation.checkpoints import architecture_of
from generation.genespaces import WORDED, species
from generation.prompts import MAX_WORDS
from generation.refusal import Refused


@dataclass(frozen=True)
class WordsForm:
    """longest: characters of each field. can_avoid: whether there is one of what to avoid.

    can_graft: whether its founders can also be painted over other pictures.
    """

    longest: int
    can_avoid: bool
    can_graft: bool


def words_form(key: str) -> WordsForm | None:
    """The form for a founder of a species; None for one that is not painted from words here."""
    if architecture_of(key) not in WORDED:
        return None
    try:
        kind = species(key)
    except Refused:
        return None
    return WordsForm(MAX_WORDS, kind.can_avoid, kind.can_be_grafted_onto)


def worded_species() -> list[Species]:
    """The species that paint from words and can be used now."""
    available = Species.objects.filter(is_available=True).order_by("name", "key")
    return [one for one in available if architecture_of(one.key) in WORDED]


def graftable_species() -> list[Species]:
    """Those of them that also paint over other pictures."""
    forms = [(one, words_form(one.key)) for one in worded_species()]
    return [one for one, form in forms if form is not None and form.can_graft]
