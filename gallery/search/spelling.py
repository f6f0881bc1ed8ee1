"""Correcting misspelt words of a query by the words that are known to the search."""

from gallery.models import SpellingKey, text_index
from gallery.models.spelling import is_spelt, keys_of

MAX_CANDIDATES = 60  # Known words that are compared with one misspelt one.
COUNTED = 50  # Up to so many works that have a word count for it.
LONG_WORD = 7  # From so many letters on, two mistakes are forgiven.


def correct(query: str) -> str:
    """The query with its unknown words replaced by the known ones nearest to them.

    "" where nothing is to be corrected. Of equally near words the one of most works is taken.
    """
    words = query.split()
    corrected = [_correct_word(word, is_last=word is words[-1]) for word in words]
    return " ".join(corrected) if corrected != words else ""


def _correct_word(word: str, *, is_last: bool) -> str:
    folded = text_index.fold(word)
    if len(folded) != 1 or not is_spelt(folded[0]) or _is_known(folded[0], is_last=is_last):
        return word
    written = folded[0]
    allowed = 2 if len(written) >= LONG_WORD else 1
    keys = keys_of(written)
    near = set(
        SpellingKey.objects.filter(key__in=keys).values_list("word", flat=True)[:MAX_CANDIDATES]
    )
    ranked = sorted((edit_distance(written, other), other) for other in near)
    ranked = [(distance, other) for distance, other in ranked if 0 < distance <= allowed]
    best = [other for distance, other in ranked if distance == ranked[0][0]][:8]
    return max(best, key=_popularity, default=word)


def _is_known(word: str, *, is_last: bool) -> bool:
    """Whether works, people or collections have the word; the last one may be a beginning."""
    tables = (text_index.TABLE, text_index.PEOPLE, text_index.COLLECTIONS)
    return any(
        text_index.find(word, table=table, limit=1, is_whole=not is_last) for table in tables
    )


def _popularity(word: str) -> int:
    return len(text_index.find(word, limit=COUNTED, is_whole=True))


def edit_distance(first: str, second: str) -> int:
    """How many letters are missing, added, wrong, or swapped with a neighbour.

    The "optimal string alignment" distance: Damerau, "A technique for computer detection and
    correction of spelling errors", 1964.
    """
    before: list[int] = []
    above = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        line = [row]
        for column, other in enumerate(second, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            is_swap = row > 1 and column > 1 and letter == second[column - 2]
            if is_swap and first[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    return above[-1]
