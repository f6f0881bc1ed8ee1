"""The card of a checkpoint, card.json: which fields it has, and what it may say.

`problem_of` is the one place that checks a card, `terms_of` the one that says what its licence
allows. A licence that `KNOWN` lists may be narrowed by the card and never widened; of any other the
card itself must say what it allows, or else its works keep all rights reserved.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Any, TypeGuard

from generation.words import word

REQUIRED = (
    "key",
    "name",
    "medium",
    "architecture",
    "version",
    "licence",
    "credit",
    "description",
)
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
SHA256 = re.compile(r"[0-9a-f]{64}")
WEIGHTS = "weights.safetensors"  # The file that the older field `weights_sha256` speaks of.
PICKLES = frozenset({".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"})

# What a net may be used for, the widest first.
COMMERCIAL, NON_COMMERCIAL, RESEARCH = USES = ("commercial", "non-commercial", "research")
# The licences of works as the website names them, from the most open to the most closed.
CC0, BY, SA, NC, RESERVED = WORKS = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "all-rights-reserved",
)


@dataclass(frozen=True)
class Rule:
    """What a licence of nets allows. works: the licences that works of the net may carry."""

    use: str
    works: tuple[str, ...]


ANYTHING = Rule(COMMERCIAL, WORKS)
SHARE_ALIKE = Rule(COMMERCIAL, (SA,))
NOT_SOLD = Rule(NON_COMMERCIAL, (NC, RESERVED))
STUDIED = Rule(RESEARCH, (NC, RESERVED))
UNKNOWN = Rule(RESEARCH, (RESERVED,))
# By the stem of the identifier (`_stem`). Whether a net's licence reaches its works is disputed;
# the table keeps on the safe side. OpenRAIL and Stability's licence claim no rights in works; the
# latter is free of charge below a yearly revenue. No licence of works here is NonCommercial and
# ShareAlike at once, and none is the GPL, so theirs is the nearest.
KNOWN: dict[str, Rule] = {
    "cc0": ANYTHING,
    "public-domain": ANYTHING,
    "cc-by": ANYTHING,
    "mit": ANYTHING,
    "apache": ANYTHING,
    "bsd-2-clause": ANYTHING,
    "bsd-3-clause": ANYTHING,
    "creativeml-openrail-m": ANYTHING,
    "openrail++": ANYTHING,
    "openrail++-m": ANYTHING,
    "creativeml-openrail++-m": ANYTHING,
    "stability-community": ANYTHING,
    "cc-by-sa": SHARE_ALIKE,
    "gpl": SHARE_ALIKE,
    "agpl": SHARE_ALIKE,
    "cc-by-nc": NOT_SOLD,
    "cc-by-nc-sa": Rule(NON_COMMERCIAL, (NC,)),
    "flux-1-dev-non-commercial": NOT_SOLD,
    "nvidia-source-code": STUDIED,
}


@dataclass(frozen=True)
class Terms:
    """What a card says about using its net.

    licence: its identifier. use: one of USES. works: those of WORKS that its works may carry, never
    empty, the most open first. is_known: whether the licence is in the table, or the card says what
    it allows. has_age_gate: its works are for adults. is_exact: the same genome gives the same work
    again; else another machine may give slightly different colours.
    largest_batch: how many pictures are made at once at most; None where the card sets no limit.
    seconds: how long one picture took where the species was added; 0 where nobody measured.
    """

    licence: str
    use: str
    works: tuple[str, ...]
    is_known: bool
    has_age_gate: bool
    is_exact: bool
    largest_batch: int | None
    seconds: float

    @property
    def leave_all_open(self) -> bool:
        """Whether works may carry every licence."""
        return self.works == WORKS


def terms_of(card: Mapping[str, Any]) -> Terms:
    """The terms of a card; of one with a problem, the most restrictive that its fields leave."""
    rule = _rule_of(card)
    known = rule or UNKNOWN
    use = card.get("use", known.use)
    use = use if use in USES else RESEARCH
    # A stricter use than the licence's own closes the works that could be sold.
    allowed = known.works if rule else WORKS
    if use != COMMERCIAL:
        allowed = tuple(key for key in allowed if key in NOT_SOLD.works) or UNKNOWN.works
    said = card.get("works")
    if not isinstance(said, list | tuple):
        said = allowed if rule else UNKNOWN.works
    batch, seconds = card.get("largest_batch"), card.get("seconds", 0)
    return Terms(
        licence=str(card.get("licence", "")),
        use=use,
        works=tuple(key for key in WORKS if key in said and key in allowed) or UNKNOWN.works,
        is_known=rule is not None or "works" in card,
        has_age_gate=card.get("age_gate", False) is not False,
        is_exact=card.get("exact") is not False,
        seconds=float(seconds) if _is_duration(seconds) else 0.0,
        largest_batch=batch if isinstance(batch, int) and _is_whole(batch) and batch > 0 else None,
    )


def problem_of(card: Any) -> str:
    """What is wrong with a card, one sentence for each field; "" for a sound one."""
    if not isinstance(card, Mapping):
        return word("Its card.json is missing or cannot be read.")
    if missing := [name for name in REQUIRED if not card.get(name)]:
        return f"Its card.json lacks {', '.join(missing)}."
    return " ".join([*_wrong_words(card), *_wrong_terms(card), *_wrong_files(card)])


def files_of(card: Mapping[str, Any]) -> dict[str, str]:
    """The files that a card lists: relative name -> SHA-256 in small hex digits."""
    older, files = card.get("weights_sha256"), card.get("files")
    listed = {WEIGHTS: older} if older else {}
    return listed | (dict(files) if isinstance(files, Mapping) else {})


def _wrong_words(card: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(card["key"], str) or not KEY.fullmatch(card["key"]):
        yield word("The key in its card.json must be a short word in small letters.")
    if not isinstance(card["architecture"], str):
        yield word("The architecture in its card.json must be a word.")
    if not isinstance(card["licence"], str):
        yield word("The licence in its card.json must be an identifier, such as CC-BY-4.0.")


def _wrong_terms(card: Mapping[str, Any]) -> Iterator[str]:
    rule = _rule_of(card)
    if "use" in card and card["use"] not in USES:
        yield f"“use” in its card.json must be one of {', '.join(USES)}."
    elif rule and USES.index(card.get("use", rule.use)) < USES.index(rule.use):
        yield f"“use” in its card.json allows more than its licence, which is {rule.use}."
    if "works" in card:
        yield from _wrong_works(card, rule)
    if "age_gate" in card and not isinstance(card["age_gate"], bool):
        yield word("“age_gate” in its card.json must be true or false.")
    # Cards of older tunes call a measured share of right phrases `exact`, which is a fraction.
    if not isinstance(card.get("exact", True), bool | float):
        yield word("“exact” in its card.json must be true or false.")
    if not _is_duration(card.get("seconds", 0)):
        yield word("“seconds” in its card.json must be a number that is 0 or more.")
    size = card.get("moving_size", 64)
    if not (_is_whole(size) and 64 <= size <= 768):
        yield word("“moving_size” in its card.json must be a whole number from 64 to 768.")
    if "largest_batch" in card and not (
        _is_whole(card["largest_batch"]) and card["largest_batch"] > 0
    ):
        yield word("“largest_batch” in its card.json must be a whole number of 1 or more.")


def _wrong_works(card: Mapping[str, Any], rule: Rule | None) -> Iterator[str]:
    works = card["works"]
    if not isinstance(works, list) or not works or not all(one in WORKS for one in works):
        yield f"“works” in its card.json must be a list of some of {', '.join(WORKS)}."
        return
    use = card.get("use", (rule or UNKNOWN).use)
    if beyond := [one for one in works if rule and one not in rule.works]:
        yield (
            f"“works” in its card.json allows {', '.join(beyond)}, which its licence does not;"
            f" with it, works may carry {', '.join(rule.works if rule else ())}."
        )
    elif sold := [one for one in works if use != COMMERCIAL and one not in NOT_SOLD.works]:
        yield (
            f"“works” in its card.json allows {', '.join(sold)}, so that works may be sold, but its"
            " “use” is not commercial."
        )


def _wrong_files(card: Mapping[str, Any]) -> Iterator[str]:
    older, files = card.get("weights_sha256"), card.get("files", {})
    if older and not (isinstance(older, str) and SHA256.fullmatch(older)):
        yield word("“weights_sha256” in its card.json must be a SHA-256 in small hex digits.")
    if not isinstance(files, Mapping):
        yield word("“files” in its card.json must map names of files to their SHA-256.")
        files = {}
    for name, digest in files.items():
        if not _stays_inside(name):
            yield f"“{name[:80]}” in its card.json is no name of a file inside its folder."
        elif PurePosixPath(name).suffix.lower() in PICKLES:
            yield f"“{name[:80]}” in its card.json is a pickle, which can run code: convert it to"
            " .safetensors."
        if not (isinstance(digest, str) and SHA256.fullmatch(digest)):
            yield f"The SHA-256 of “{name[:80]}” in its card.json must be 64 small hex digits."
    if older and files.get(WEIGHTS, older) != older:
        yield word("Its card.json gives two different SHA-256 for weights.safetensors.")
    source = card.get("source")
    if "source" in card and not (isinstance(source, str) and PurePath(source).is_absolute()):
        yield word("“source” in its card.json must be the absolute path of a folder or file.")


def _stays_inside(name: str) -> bool:
    """Whether a name is a relative path with forward slashes that climbs nowhere."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") or set(part) & set('\\:\0"') for part in parts)


def _is_duration(value: Any) -> TypeGuard[float]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value < float("inf")


def _is_whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _rule_of(card: Mapping[str, Any]) -> Rule | None:
    """The rule of the card's licence; None for one that the table does not know."""
    return KNOWN.get(_stem(str(card.get("licence", ""))))


def _stem(licence: str) -> str:
    """An identifier without version, "license" and such: "CC BY-NC 4.0" -> "cc-by-nc"."""
    stem = re.sub(r"[^a-z0-9+]+", "-", licence.lower()).strip("-")
    stem = re.sub(r"-?\b(licen[cs]e)\b", "", stem).strip("-")
    stem = re.sub(r"-(only|or-later|international|universal)$", "", stem)
    stem = re.sub(r"(-v?\d+)+$", "", stem)
    if stem.startswith("nvidia-source-code"):
        return "nvidia-source-code"
    return re.sub(r"^(stabilityai|stability)(-ai)?-community$", "stability-community", stem)
