"""The words that are known to the search, by which misspelt ones are corrected.

Under each word stand the word itself and its spellings with one letter left out. Two words that
differ by one letter, or by two neighbours that changed places, share one of these keys, so that
those near a word are found along an index (Garbe's "symmetric delete", SymSpell, 2012).
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy

SHORTEST, LONGEST = 4, 24  # Letters of words that are corrected.
CHUNK = 400


class SpellingKey(models.Model):
    """A known word under one of its keys."""

    key = models.CharField(gettext_lazy("key"), max_length=LONGEST)
    word = models.CharField(gettext_lazy("word"), max_length=LONGEST)

    class Meta:
        verbose_name = gettext_lazy("spelling")
        verbose_name_plural = gettext_lazy("spellings")
        constraints = [models.UniqueConstraint(fields=["key", "word"], name="spellings_by_key")]
        indexes = [models.Index(fields=["word"], name="keys_of_a_word")]

    def __str__(self) -> str:
        return self.word


def is_spelt(word: str) -> bool:
    """Whether a folded word has a spelling to correct: letters, of a script with spaces."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha() and ord(max(word)) < 0x2E80


def keys_of(word: str) -> list[str]:
    """The word, and its spellings with one letter left out."""
    return list(
        dict.fromkeys([word, *(word[:place] + word[place + 1 :] for place in range(len(word)))])
    )


def remember(words: Iterable[str]) -> None:
    """Remember folded words, as far as they are new."""
    spelt = sorted({word for word in words if is_spelt(word)})
    for start in range(0, len(spelt), CHUNK):
        some = spelt[start : start + CHUNK]
        known = SpellingKey.objects.filter(key__in=some, word=models.F("key"))
        new = set(some) - set(known.values_list("word", flat=True))
        SpellingKey.objects.bulk_create(
            (SpellingKey(key=key, word=word) for word in sorted(new) for key in keys_of(word)),
            ignore_conflicts=True,
            batch_size=CHUNK,
        )


def forget(words: Iterable[str]) -> None:
    """Forget words, so that nothing personal outlives what it was written in."""
    gone = list(words)
    for start in range(0, len(gone), CHUNK):
        SpellingKey.objects.filter(word__in=gone[start : start + CHUNK]).delete()
