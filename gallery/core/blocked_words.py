"""Words that may not be published here."""

import re
import unicodedata

from gallery.models import AuditEntry, BlockedWord, User
from gallery.models.text_index import fold
from generation.refusal import Refused

# Chinese characters, kana and hangul, as folding leaves them. They are written without spaces, so a
# blocked word is looked for inside longer runs of them.
_UNSPACED = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
)


def check_words(*texts: str, among: frozenset[str] | None = None) -> None:
    """Raises Refused, naming the word, if one of the texts contains a blocked word.

    among: the result of `blocked_words`, for callers that check many texts.
    """
    words = fold(strip_invisible(" ".join(texts)))
    if among is None:
        blocked = BlockedWord.objects.filter(word__in=words).values_list("word", flat=True).first()
    else:
        blocked = next((word for word in words if word in among), None)
    if not blocked and (
        unspaced := [word for word in _long_words(texts) if _UNSPACED.search(word)]
    ):
        listed = (
            word
            for word in sorted(blocked_words() if among is None else among)
            if _UNSPACED.search(word)
        )
        blocked = next((word for word in listed if any(word in part for part in unspaced)), None)
    if blocked:
        raise Refused(
            "The word “{word}” isn't allowed here. Please use another one.",
            word=blocked,
        )


def blocked_words() -> frozenset[str]:
    """All blocked words, folded."""
    return frozenset(BlockedWord.objects.values_list("word", flat=True))


def strip_invisible(text: str) -> str:
    """The text without invisible characters, which would hide a blocked word from the check."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _long_words(texts: tuple[str, ...]) -> list[str]:
    """The words of the texts, folded but not truncated as in the full-text index."""
    decomposed = unicodedata.normalize("NFKD", strip_invisible(" ".join(texts)).casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).split()


def check_not_removed(person: User, *words: str) -> None:
    """Raises Refused for a display name, bio or link that a moderator removed from their page."""
    removed: set[str] = set()
    entries = AuditEntry.objects.filter(
        subject_kind="user", subject_id=str(person.pk), verb="clear profile"
    )
    for details in entries.values_list("details", flat=True):
        links = details.get("links", "").splitlines()  # Older entries have none.
        removed |= {details["display_name"], details["bio"], *links} - {""}
    if removed & {text.strip() for text in words}:
        raise Refused(
            "A moderator removed this text from your page. Please choose different words."
        )
