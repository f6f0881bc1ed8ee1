"""References: how the parents of a bench are written in addresses and in pedigrees.

- A work: its slug.
- A founder: `seed:<species>:<number>`, with words to paint from `seed:<species>:<number>:<words>`.

Words may be followed by a line break and what to keep away from. Commas part the parents in
addresses, so in words commas are written %2C, per cents %25 and the line break %0A.
"""

from dataclasses import dataclass
from urllib.parse import unquote

from generation.genome import MAX_SEED
from generation.prompts import clean_words
from generation.refusal import Refused

FOUNDER = "seed:"


@dataclass(frozen=True)
class Founder:
    """What a reference to a founder says. key: of its species. number: of its seed.

    words, avoided: what it is painted from, and keeps away from; empty where nobody wrote any.
    """

    key: str
    number: int
    words: str = ""
    avoided: str = ""

    def __str__(self) -> str:
        plain = f"{FOUNDER}{self.key}:{self.number}"
        words = _quote(self.words) + (f"%0A{_quote(self.avoided)}" if self.avoided else "")
        return f"{plain}:{words}" if words else plain


def is_founder(reference: str) -> bool:
    """Whether this is a founder, and no work."""
    return reference.startswith(FOUNDER)


def read_founder(reference: str) -> Founder:
    """What a reference to a founder says. Raises Refused for an invalid one."""
    key, _, rest = reference.removeprefix(FOUNDER).partition(":")
    number, _, quoted = rest.partition(":")
    if (
        not key
        or not (number.isascii() and number.isdigit() and len(number) <= 16)
        or int(number) > MAX_SEED
    ):
        raise Refused(
            "A founder is written seed:species:number, with a whole number up to {max_seed}.",
            max_seed=MAX_SEED,
        )
    words, _, avoided = unquote(quoted).partition("\n")
    return Founder(
        key,
        int(number),
        clean_words(words) if words else "",
        clean_words(avoided) if avoided else "",
    )


def _quote(words: str) -> str:
    return words.replace("%", "%25").replace(",", "%2C")
