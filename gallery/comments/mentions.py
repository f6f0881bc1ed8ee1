"""Texts of people as safe HTML: paragraphs, links, and `@name` as a link to the person mentioned.

Comments, descriptions, bios and the texts of collections are shown this way.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gallery.models import Boundary, BoundaryKind, Comment, User
from gallery.models.text_index import UNSPACED

MAX_NAMES = 10  # A text with more names mentions nobody.
MAX_SHOWN_LINK = 60
# Texts in scripts without spaces between words go on right before and after a mention or a link.
_TOKEN = re.compile(
    rf"(?P<link>https?://[^\s<>\"“”\u3000-\u303f\uff01-\uff0f\uff1a-\uff1f{UNSPACED}]+)"
    rf"|(?:(?<=[{UNSPACED}])|(?<![\w@/.-]))[@\uff20](?P<name>[A-Za-z0-9][A-Za-z0-9_-]{{0,29}})"
    rf"(?:(?=[{UNSPACED}])|(?![\w@\uff20]))",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\n\s*\n")


def mentioned_names(text: str) -> list[str]:
    """The user names mentioned in a text, lower case, each once; none if more than MAX_NAMES."""
    names = [match["name"].lower() for match in _TOKEN.finditer(text) if match["name"]]
    known = list(dict.fromkeys(names))
    return known if len(known) <= MAX_NAMES else []


def mentioned_people(texts: Iterable[str]) -> dict[str, User]:
    """Lower-case name -> the active person of that name, for all names mentioned in these texts.

    One query, and none without names.
    """
    names = {
        spelling
        for text in texts
        for name in mentioned_names(text)
        for spelling in (name, name.rstrip("-_"))
    }
    if not names:
        return {}
    # Sign-up stores names in lower case; older accounts with capitals are found by their exact
    # spelling.
    written = {match["name"] for text in texts for match in _TOKEN.finditer(text) if match["name"]}
    people = User.objects.filter(username__in=names | written, is_active=True)
    return {person.username.lower(): person for person in people}


@dataclass(frozen=True)
class Mentions:
    """Who may be linked in the texts of a page.

    people: lower-case name -> person; blocked: (person, writer) ids where the person has blocked
    the writer.
    """

    people: Mapping[str, User] = field(default_factory=dict)
    blocked: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def in_comments(cls, comments: Iterable[Comment]) -> "Mentions":
        """The mentions in these comments, as `in_texts`."""
        return cls.in_texts([(comment.text, comment.author_id) for comment in comments])

    @classmethod
    def in_texts(cls, texts: Collection[tuple[str, int]]) -> "Mentions":
        """The mentions in texts, each with the id of its writer.

        Two queries in all, none when nobody is mentioned.
        """
        people = mentioned_people([text for text, _ in texts])
        if not people:
            return cls()
        writers = {writer for _, writer in texts}
        blocks = Boundary.objects.filter(
            user__in=[person.pk for person in people.values()],
            other__in=writers,
            kind=BoundaryKind.BLOCK,
        )
        return cls(people, frozenset(blocks.values_list("user_id", "other_id")))

    def person(self, name: str, writer: int) -> User | None:
        """The person that `@name` links to in this writer's text, or None."""
        person = self.people.get(name.lower()) or self.people.get(name.lower().rstrip("-_"))
        return None if person is None or (person.pk, writer) in self.blocked else person


def render(text: str, *, writer: int, mentions: Mentions) -> SafeString:
    """A text as HTML, all of it escaped: paragraphs, line breaks, links (nofollow) and mentions.

    writer: id of the author.
    """
    linked = mentions if mentioned_names(text) else Mentions()
    paragraphs = [part for part in _BREAK.split(text.strip()) if part]
    html = "".join(f"<p>{_render_paragraph(part, writer, linked)}</p>" for part in paragraphs)
    return mark_safe(html)


def _render_paragraph(text: str, writer: int, mentions: Mentions) -> str:
    made: list[str] = []
    at = 0
    for match in _TOKEN.finditer(text):
        made.append(escape(text[at : match.start()]))
        if match["link"]:
            made.append(_external_link(match["link"]))
        else:
            made.append(_mention_link(match["name"], writer, mentions))
        at = match.end()
    made.append(escape(text[at:]))
    return "".join(made).strip().replace("\n", "<br>")


def _external_link(address: str) -> str:
    """A link to another site; punctuation that ends a sentence is not part of it."""
    bare = address.rstrip(".,;:!?…'*")
    if bare.endswith(")") and "(" not in bare:
        bare = bare.rstrip(").,;:!?")
    shown = bare if len(bare) <= MAX_SHOWN_LINK else bare[: MAX_SHOWN_LINK - 1] + "…"
    return format_html('<a href="{}" rel="nofollow noopener ugc">{}</a>', bare, shown) + escape(
        address[len(bare) :]
    )


def _mention_link(name: str, writer: int, mentions: Mentions) -> str:
    person = mentions.person(name, writer)
    if person is None:
        return escape(f"@{name}")
    rest = name[len(person.username) :]
    link = '<a class="mention" href="{}" title="{}">@{}</a>{}'
    return format_html(link, person.get_absolute_url(), person.name, person.username, rest)
