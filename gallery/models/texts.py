"""The texts that people write: which characters they keep, and how they stand inside sentences.

Titles, descriptions, alt texts, names, tags, captions, comments, reasons and notes all pass through
`clean_line` or `clean_text`: in forms, actions, the API and imports, and once more in the columns
that hold them (`gallery.models.fields`), which also clean what was stored before there was a rule.

Dropped are control characters, which break XML and terminals; lone surrogates and noncharacters,
which no database and no file format stores; embeddings, overrides and isolates of the direction of
writing (Unicode Standard Annex 9), which turn round the text of others after them; and other
invisible format characters, which hide words from readers and from the list of blocked words.
"""

import re
import unicodedata

from django.utils.translation import get_language_bidi

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
MAX_MARKS = 8  # Marks on one letter; no script stacks more, and towers of them cover other lines.

# What may have to be dropped, as ranges of a character class: controls but tab and newline, soft
# hyphen, format characters of general punctuation, Hangul fillers that show nothing, surrogates,
# byte order mark, interlinear annotation, noncharacters, musical and tag characters.
SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d"  # Zero-width non-joiner and joiner.
_DIRECTION_MARKS = "\u061c\u200e\u200f"
# Format characters that are drawn: signs of Arabic and Syriac, of Kaithi, and of hieroglyphs.
_DRAWN = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f]"
)
# The flags of England, Scotland and Wales are a black flag, spelt tags, and a cancel tag.
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
_IGNORED = re.compile("[\u061c\u200c-\u200f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ACCENT = re.compile("[\u0300-\u036f]")
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # Letters and symbols without any ink.


def clean_line(text: str) -> str:
    """A text of one line as it is stored: clean, its white space single spaces.

    "" when nothing in it can be seen.
    """
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """A text of several lines as it is stored: clean, in NFC, lines ended by a newline.

    White space around it is removed. "" when nothing in it can be seen.
    """
    lines = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    flags = {place for found in _FLAG.finditer(lines) for place in range(*found.span())}
    kept: list[str] = []
    marks = 0  # In a row, up to here.
    for place, letter in enumerate(lines):
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        before = kept[-1] if kept else ""
        if marks <= MAX_MARKS and (place in flags or _is_kept(letter, before)):
            kept.append(letter)
    cleaned = unicodedata.normalize("NFC", "".join(kept)).strip()
    return cleaned if any(map(_is_visible, cleaned)) else ""


def slug_of(text: str) -> str:
    """A word of people as an address: its folded text, in its own script.

    It is compatibility-composed, without case and without invisible characters (NFKC_Casefold,
    Unicode Standard section 3.13.3). White space, hyphens and slashes become one hyphen. Everything
    else stays, so that two spellings have one address only when they differ in nothing but these.
    "" for a text without a letter, a digit or a symbol.
    """
    folded = unicodedata.normalize("NFKC", clean_line(text)).casefold()
    shown = "".join(letter for letter in folded if not _IGNORED.match(letter))
    slug = re.sub(r"[\s/\\-]+", "-", unicodedata.normalize("NFKC", shown)).strip("-")
    return slug if any(unicodedata.category(letter)[0] in "LNS" for letter in slug) else ""


def unaccented(slug: str) -> str:
    """A slug as people type it whose keyboard has no accents: café becomes cafe, ά becomes α.

    Only the marks of Latin, Greek and Cyrillic letters go (Unicode's block of combining diacritical
    marks). In other scripts they make other words: the voicing of kana, the vowels of Devanagari.
    """
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", slug)))


def isolate(text: object) -> str:
    """A title or name for a sentence without markup (labels, emails, notifications).

    The isolate keeps a text from right to left from turning round the words beside it; in HTML,
    `<bdi>` does the same. A text that needs none stays as it is.
    """
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if is_other_way(str(text)) else str(text)


def is_other_way(text: str) -> bool:
    """Whether parts of a text run against the direction of the page's language."""
    against = "L" if get_language_bidi() else "R"
    return any(unicodedata.bidirectional(letter).startswith((against, "A")) for letter in text)


def _is_kept(letter: str, before: str) -> bool:
    """Whether a character stays. before: the last one that stayed."""
    category = unicodedata.category(letter)
    if letter in _JOINERS:
        return _joins(before)
    if category == "Cf":
        return letter in _DIRECTION_MARKS or bool(_DRAWN.match(letter))
    if category == "Cc":
        return letter in "\n\t"
    if category == "Cn":
        # Noncharacters; other unassigned ones may be letters and emoji of a newer Unicode.
        return not (0xFDD0 <= ord(letter) <= 0xFDEF or ord(letter) & 0xFFFE == 0xFFFE)
    return category != "Cs"


def _joins(letter: str) -> bool:
    """Whether a joiner can mean something after this character.

    It does in Arabic and Indic scripts, whose letters change their form, and inside emoji. Joiners
    after Latin, Greek and Cyrillic letters show nothing.
    """
    return letter >= "\u0590" and unicodedata.category(letter)[0] in "LMS"


def _is_visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNPS" and letter not in _BLANK_LETTERS
