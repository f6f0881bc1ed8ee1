"""Species that paint from words: what the form for a founder of theirs asks for."""

from dataclasses import dataclass

from gallery.models import Species
from generation.checkpoints import architecture_of
from generation.genespaces import GRAFTABLE, WORDED, species
from generation.prompts import MAX_WORDS
from generation.refusal import Refused


@dataclass(frozen=True)
class WordsForm:
    """longest: characters of each field. can_avoid: whether there is one of what to avoid."""

    longest: int
    can_avoid: bool


def words_form(key: str) -> WordsForm | None:
    """The form for a founder of a species; None for one that is not painted from words here."""
    if architecture_of(key) not in WORDED:
        return None
    try:
        return WordsForm(MAX_WORDS, species(key).can_avoid)
    except Refused:
        return None


def graftable_species() -> list[Species]:
    """The species that paint over other pictures, and can be used now."""
    available = Species.objects.filter(is_available=True).order_by("name", "key")
    return [one for one in available if architecture_of(one.key) in GRAFTABLE]
