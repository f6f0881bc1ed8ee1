"""Tags on works, and the tag cloud."""

import math
import re
from collections.abc import Mapping, Sequence

from gallery.models import Artwork, Tag
from gallery.models.texts import clean_line, slug_of
from generation.refusal import Refused

MAX_TAGS = 12
MAX_LENGTH = 40
MAX_SLUG = 80  # Folding makes some texts longer.
_COMMA = re.compile("[,;\n\uff0c\uff1b\u3001]")  # As typed in English, Chinese and Japanese.
SHOWN = 150  # Tags in the cloud.
SIZES = 5
SUGGESTED = 8  # Tags offered while one is being typed.


def read_tags(names: Sequence[str]) -> dict[str, str]:
    """Slug -> spelling of each distinct tag, in order. A name with commas is several tags.

    Raises Refused for too many tags, and for one that is too long or has no letter or digit.
    """
    tags: dict[str, str] = {}
    for part in (part for name in names for part in _COMMA.split(name)):
        spelling = clean_line(part).lstrip("#\uff03").strip()
        if not spelling:
            continue
        slug = slug_of(spelling)
        if not slug or len(spelling) > MAX_LENGTH or len(slug) > MAX_SLUG:
            raise Refused(
                "“{spelling}” can't be a tag; use at most {max_length} characters, with at least"
                " one letter, digit or symbol.",
                spelling=spelling[:20],
                max_length=MAX_LENGTH,
            )
        tags.setdefault(slug, spelling)
    if len(tags) > MAX_TAGS:
        raise Refused(
            "That's {n_tags} tags; keep the {max_tags} that matter most.",
            n_tags=len(tags),
            max_tags=MAX_TAGS,
        )
    return tags


def set_tags(artwork: Artwork, names: Sequence[str]) -> None:
    """Give a work exactly these tags; existing tags keep their first spelling."""
    wanted = read_tags(names)
    Tag.objects.bulk_create(
        (Tag(slug=slug, name=name) for slug, name in wanted.items()), ignore_conflicts=True
    )
    artwork.tags.set(Tag.objects.filter(slug__in=wanted))


def tag_new_works(tagged: Sequence[tuple[Artwork, Mapping[str, str]]]) -> None:
    """Tag works that have no tags yet, with tags from `read_tags`; three queries."""
    wanted = {slug: name for _, tags in reversed(tagged) for slug, name in tags.items()}
    Tag.objects.bulk_create(
        (Tag(slug=slug, name=name) for slug, name in wanted.items()), ignore_conflicts=True
    )
    keys = dict(Tag.objects.filter(slug__in=wanted).values_list("slug", "pk"))
    through = Artwork.tags.through
    through.objects.bulk_create(
        through(artwork=work, tag_id=keys[slug]) for work, tags in tagged for slug in tags
    )


def complete(beginning: str) -> list[Tag]:
    """At most SUGGESTED tags in use that begin with a text, the most used first; one query."""
    slug = slug_of(beginning)
    found = Tag.objects.filter(number__gt=0, slug__startswith=slug) if slug else Tag.objects.none()
    return list(found.order_by("-number", "slug")[:SUGGESTED])


def find_tag(slug: str) -> Tag:
    """The tag at an address, or else the most used one that is spelt like it but for its accents.

    Any spelling of a slug will do. Addresses were written without accents in earlier versions.
    Raises Tag.DoesNotExist.
    """
    slug = slug_of(slug)
    found = Tag.objects.filter(slug=slug).first()
    found = found or Tag.objects.filter(unaccented=slug).order_by("-number", "slug").first()
    if not slug or found is None:
        raise Tag.DoesNotExist
    return found


def read_cloud() -> list[Tag]:
    """The most used tags in alphabetical order, each with a `size` from 1 to SIZES; one query.

    It rests on the numbers of public works as gallery.maintenance last counted them.
    """
    tags = sorted(
        Tag.objects.filter(number__gt=0).order_by("-number", "slug")[:SHOWN],
        key=lambda tag: tag.slug,
    )
    most = max((tag.number for tag in tags), default=1)
    for tag in tags:
        # Logarithmic, because a few tags are on half of all works and most on a handful.
        tag.size = 1 + round((SIZES - 1) * math.log1p(tag.number) / math.log1p(most))
    return tags
