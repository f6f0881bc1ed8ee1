"""References: how the parents of a bench are written in addresses and in pedigrees.

- A work: its slug.
- A founder: `seed:<species>:<number>`, with words to paint from `seed:<species>:<number>:<words>`.
- A founder painted over another work: `graft:<species>:<number>:<slug>`, and so on.

Words may be followed by a line break and what to keep away from, and that by another one and the
program in which somebody had written them before. Commas part the parents in addresses, so in words
commas are written %2C, per cents %25 and line breaks %0A.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from generation.genome import MAX_SEED
from generation.prompts import clean_words
from generation.refusal import Refused

FOUNDER, GRAFT = "seed:", "graft:"
MAX_SOURCE = 40  # Characters.


@dataclass(frozen=True)
class Founder:
    """What a reference to a founder says. key: of its species. number: of its seed.

    words, avoided: what it is painted from, and keeps away from; empty where nobody wrote any.
    graft: the slug of the work that it is painted over, or empty. source: the program of a picture
    that the words were read from, or empty; the genome does not depend on it.
    """

    key: str
    number: int
    words: str = ""
    avoided: str = ""
    graft: str = ""
    source: str = ""

    def __str__(self) -> str:
        texts = (self.words, self.avoided, self.source)
        words = "%0A".join(map(_quote, texts)).removesuffix("%0A").removesuffix("%0A")
        parts = [
            f"{GRAFT if self.graft else FOUNDER}{self.key}",
            str(self.number),
            self.graft,
            words,
        ]
        return ":".join(part for part in parts if part)


def is_founder(reference: str) -> bool:
    """Whether this is a founder, and no work."""
    return reference.startswith((FOUNDER, GRAFT))


def grafted(reference: str) -> str:
    """The slug of the work that a founder is painted over; empty for other references."""
    if not reference.startswith(GRAFT):
        return ""
    return [*reference.split(":", 4), "", "", ""][3]


def work_in(reference: str) -> str:
    """The slug of the work that this is, or is painted over; empty for other founders."""
    return grafted(reference) if is_founder(reference) else reference


def works_in(references: Iterable[str]) -> list[str]:
    """The slugs of all works that these are, or are painted over, each once."""
    return list(dict.fromkeys(slug for slug in map(work_in, references) if slug))


def rename_work(reference: str, names: Mapping[str, str]) -> str | None:
    """The reference with another name of its work; None if its work has none in `names`."""
    slug = work_in(reference)
    if not slug:
        return reference
    if slug not in names:
        return None
    if not is_founder(reference):
        return names[slug]
    parts = reference.split(":", 4)
    parts[3] = names[slug]
    return ":".join(parts)


def read_founder(reference: str) -> Founder:
    """What a reference to a founder says. Raises Refused for an invalid one."""
    start = GRAFT if reference.startswith(GRAFT) else FOUNDER
    key, _, rest = reference.removeprefix(start).partition(":")
    number, _, quoted = rest.partition(":")
    slug = ""
    if start == GRAFT:
        slug, _, quoted = quoted.partition(":")
    if (
        not key
        or (start == GRAFT and not slug)
        or not (number.isascii() and number.isdigit() and len(number) <= 16)
        or int(number) > MAX_SEED
    ):
        raise Refused(
            "A founder is written seed:species:number, with a whole number up to {max_seed}, or"
            " graft:species:number:work.",
            max_seed=MAX_SEED,
        )
    texts = [*unquote(quoted).split("\n", 2), "", ""]
    words, avoided, source = (clean_words(text) if text else "" for text in texts[:3])
    return Founder(key, int(number), words, avoided, slug, source[:MAX_SOURCE])


def source_in(reference: str) -> str:
    """The program that a founder's words were read from; empty where there is none.

    Also for a reference that cannot be read, as an archive from elsewhere may hold.
    """
    try:
        return read_founder(reference).source if is_founder(reference) else ""
    except Refused:
        return ""


def _quote(words: str) -> str:
    return words.replace("%", "%25").replace(",", "%2C")
