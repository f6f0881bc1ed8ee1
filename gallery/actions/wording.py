"""Words that may not be published here."""

from gallery.models import BlockedWord
from gallery.search import fold
from generation.refusal import Refused


def check_words(*texts: str) -> None:
    """Raises Refused, naming the word, when one of the texts holds a word that moderators have blocked."""
    words = fold(" ".join(texts))
    blocked = BlockedWord.objects.filter(word__in=words).values_list("word", flat=True).first()
    if blocked:
        raise Refused("The word “{word}” may not be used in this garden. Please say it in other words.", word=blocked)
