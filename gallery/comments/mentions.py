"""What people write, made safe to show: paragraphs, links, and `@name` that leads to whoever is
called.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gallery.models import Boundary, BoundaryKind, Comment, User

MOST_NAMES = 10  # Whoever calls more people than that in one text calls nobody.
LONGEST_SHOWN_LINK = 60
_TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>\"“”]+)|(?<![\w@/.-])@(?P<name>[A-Za-z0-9][A-Za-z0-9_-]{0,29})(?![\w@])",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\n\s*\n")


def names_in(text: str) -> list[str]:
    """The user names called in a text, lower case, each once; none of them when there are more than
    MOST_NAMES.
    """
    names = [match["name"].lower() for match in _TOKEN.finditer(text) if match["name"]]
    known = list(dict.fromkeys(names))
    return known if len(known) <= MOST_NAMES else []


def people_called(texts: Iterable[str]) -> dict[str, User]:
    """Lower-case name -> the active person of that name, for all names in these texts; one query,
    none without names.
    """
    names = {
        spelling
        for text in texts
        for name in names_in(text)
        for spelling in (name, name.rstrip("-_"))
    }
    if not names:
        return {}
    # Names are kept in lower case since sign-up does so; those of older operators' accounts are
    # found by their exact spelling.
    written = {match["name"] for text in texts for match in _TOKEN.finditer(text) if match["name"]}
    people = User.objects.filter(username__in=names | written, is_active=True)
    return {person.username.lower(): person for person in people}


@dataclass(frozen=True)
class Mentions:
    """Who may be linked in a page of comments. blocked: (person called, writer) where the first has
    blocked the second.
    """

    people: Mapping[str, User] = field(default_factory=dict)
    blocked: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def in_comments(cls, comments: Iterable[Comment]) -> "Mentions":
        """Two queries for any number of comments, none where nobody is called."""
        comments = list(comments)
        people = people_called([comment.text for comment in comments])
        if not people:
            return cls()
        writers = {comment.author_id for comment in comments}
        blocks = Boundary.objects.filter(
            user__in=[person.pk for person in people.values()],
            other__in=writers,
            kind=BoundaryKind.BLOCK,
        )
        return cls(people, frozenset(blocks.values_list("user_id", "other_id")))

    def person(self, name: str, writer: int) -> User | None:
        """Whom a writer's `@name` leads to, if to anybody."""
        person = self.people.get(name.lower()) or self.people.get(name.lower().rstrip("-_"))
        return None if person is None or (person.pk, writer) in self.blocked else person


def render(text: str, *, writer: int, mentions: Mentions) -> SafeString:
    """A text as HTML: every character of it escaped, paragraphs, line breaks, links that lend no
    rank, people called.
    """
    called = len(names_in(text)) > 0
    paragraphs = [part for part in _BREAK.split(text.strip()) if part]
    whole = "".join(
        f"<p>{_render_paragraph(part, writer, mentions if called else Mentions())}</p>"
        for part in paragraphs
    )
    return mark_safe(whole)


def _render_paragraph(text: str, writer: int, mentions: Mentions) -> str:
    made, at = [], 0
    for match in _TOKEN.finditer(text):
        made.append(escape(text[at : match.start()]))
        made.append(
            _link(match["link"]) if match["link"] else _call(match["name"], writer, mentions)
        )
        at = match.end()
    made.append(escape(text[at:]))
    return "".join(made).strip().replace("\n", "<br>")


def _link(address: str) -> str:
    """A link to somewhere else. Signs that end a sentence are not part of it."""
    bare = address.rstrip(".,;:!?…'*")
    if bare.endswith(")") and "(" not in bare:
        bare = bare.rstrip(").,;:!?")
    shown = bare if len(bare) <= LONGEST_SHOWN_LINK else bare[: LONGEST_SHOWN_LINK - 1] + "…"
    return format_html('<a href="{}" rel="nofollow noopener ugc">{}</a>', bare, shown) + escape(
        address[len(bare) :]
    )


def _call(name: str, writer: int, mentions: Mentions) -> str:
    person = mentions.person(name, writer)
    if person is None:
        return escape(f"@{name}")
    rest = name[len(person.username) :]
    link = '<a class="mention" href="{}" title="{}">@{}</a>{}'
    return format_html(link, person.get_absolute_url(), person.name, person.username, rest)
